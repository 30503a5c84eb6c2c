import {describe, expect, test} from 'vitest'
import {AckTimes} from '../../../src/engine/verify/ack-times.js'
import {FailoverLog} from '../../../src/engine/verify/failover-log.js'
import {Witness} from '../../../src/engine/verify/witness.js'

const servers = [
  {host: '127.0.0.1', port: 1},
  {host: '127.0.0.1', port: 2},
]
const [master, slave] = servers as [(typeof servers)[0], (typeof servers)[0]]

/** A connection that the master serves; key 1 was acknowledged at 500 ms, key 2 at 900 ms. */
function script() {
  const log = new FailoverLog(FailoverLog.allocate())
  const acks = new AckTimes(AckTimes.allocate(2))
  acks.note(1, 1, 500, false)
  acks.note(2, 1, 900, false)
  const witness = new Witness({log, acks, ackClockMs: 0, connection: 0, servers})
  witness.opened(master, 100)
  witness.answered()
  witness.closed()
  return {log, witness}
}

describe('at risk is', () => {
  test('nothing of a process that the connection comes back to', () => {
    const {log, witness} = script()
    witness.opened(master, 1000)
    witness.answered()
    expect(witness.isAtRisk(2)).toBe(false)
    expect([...log.take()]).toEqual([])
  })

  test('what was written last of a server that was started anew', () => {
    const {log, witness} = script()
    log.setStarted(0, 950)
    witness.opened(master, 1000)
    witness.answered()
    expect(witness.isAtRisk(2)).toBe(true)
    expect([...log.take()]).toMatchObject([{kind: 'switch', from: 0, to: 0}])
  })

  test('of another server what may not have crossed', () => {
    const {log, witness} = script()
    log.setCrossed({from: 0, to: 1, atMs: 800})
    witness.opened(slave, 1000)
    witness.answered()
    expect([1, 2].map(key => witness.isAtRisk(key))).toEqual([false, true])
    // What was at risk there is so still after a failure that changed nothing.
    witness.closed()
    witness.opened(slave, 1200)
    expect(witness.isAtRisk(2)).toBe(true)
  })

  test('no more what was asked for', () => {
    const {log, witness} = script()
    witness.opened(slave, 1000)
    witness.answered()
    log.settle(1001, 800)
    expect([1, 2].map(key => witness.isAtRisk(key))).toEqual([false, true])
    log.settle(1001)
    expect([1, 2].map(key => witness.isAtRisk(key))).toEqual([false, false])
  })
})
