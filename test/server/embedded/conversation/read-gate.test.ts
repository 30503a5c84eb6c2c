import {describe, expect, it} from 'vitest'
import {ReadGate, type WaitReason} from '../../../../src/server/embedded/conversation/read-gate.js'

const reasons: readonly WaitReason[] = ['unread', 'turn', 'peer', 'log']

describe('the gate before a client', () => {
  it('opens only when the last reason is lifted, in any order', () => {
    for (const last of reasons) {
      const gate = new ReadGate()
      for (const reason of reasons) gate.shut(reason)
      for (const reason of reasons.filter(other => other !== last)) {
        gate.lift(reason)
        expect({last, reason, isOpen: gate.isOpen}).toEqual({last, reason, isOpen: false})
      }
      expect(reasons.filter(reason => gate.isShutFor(reason))).toEqual([last])
      gate.lift(last)
      expect(gate.isOpen).toBe(true)
    }
  })

  it('counts a reason once, and ignores the lifting of one that was not set', () => {
    const gate = new ReadGate()
    gate.lift('turn')
    expect(gate.isOpen).toBe(true)
    gate.shut('peer')
    gate.shut('peer')
    gate.lift('log')
    expect(gate.isOpen).toBe(false)
    gate.lift('peer')
    expect(gate.isOpen).toBe(true)
  })
})
