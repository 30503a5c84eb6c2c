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

describe('at risk, to the millisecond', () => {
  /** The connection went from the master to the slave at 1000 ms; writes up to 850 ms crossed: 100 ms less are trusted. */
  function switchedAt(ackMs: number) {
    const log = new FailoverLog(FailoverLog.allocate())
    const acks = new AckTimes(AckTimes.allocate(3))
    acks.note(1, 1, ackMs, false)
    const witness = new Witness({log, acks, ackClockMs: 200, connection: 4, servers})
    witness.opened(master, 100)
    witness.answered()
    log.setCrossed({from: 0, to: 1, atMs: 850})
    log.setCrossed({from: 1, to: 0, atMs: 100})
    witness.opened(slave, 800)
    return {log, acks, witness}
  }
  const isAtRisk = (ackMs: number, change: (script: ReturnType<typeof switchedAt>) => void = () => {}) => {
    const script = switchedAt(ackMs)
    change(script)
    return script.witness.isAtRisk(1)
  }

  test('is what was acknowledged between the last crossing and the switch', () => {
    expect([749.9, 750, 1000, 1000.1].map(ms => isAtRisk(ms))).toEqual([false, true, true, false])
  })

  test('is no key that nobody wrote', () => {
    expect(switchedAt(900).witness.isAtRisk(2)).toBe(false)
  })

  test('is everything, where more was lost than was thought', () => {
    expect(isAtRisk(10, ({log}) => log.widen(999.9))).toBe(false)
    expect(isAtRisk(10, ({log}) => log.widen(1000))).toBe(true)
  })

  test('is no more what the drill has read, but for what was written last', () => {
    expect(isAtRisk(900, ({log}) => log.settle(999.9))).toBe(true)
    expect(isAtRisk(900, ({log}) => log.settle(1000))).toBe(false)
    expect(isAtRisk(900, ({log}) => log.settle(1000, 900))).toBe(true)
    expect(isAtRisk(900, ({log}) => log.settle(1000, 900.1))).toBe(false)
  })

  test('is nothing before the first switch', () => {
    const log = new FailoverLog(FailoverLog.allocate())
    const acks = new AckTimes(AckTimes.allocate(3))
    acks.note(1, 1, 0, false)
    const witness = new Witness({log, acks, ackClockMs: 0, connection: 4, servers})
    witness.opened(master, 0)
    expect(witness.isAtRisk(1)).toBe(false)
  })

  test('of a server that was started anew, is what its peer may not have had, or not have given back', () => {
    const {log, witness} = script()
    log.setStarted(0, 950)
    log.setCrossed({from: 0, to: 1, atMs: 900})
    log.setCrossed({from: 1, to: 0, atMs: 700})
    witness.opened(master, 1000)
    witness.answered()
    expect([...log.take()]).toMatchObject([{kind: 'switch', from: 0, to: 0, riskFromMs: 600, atMs: 1000}])
  })
})

describe('a switch is noted', () => {
  test('when the new server answers, not when it takes the connection', () => {
    const {log, witness} = script()
    log.setCrossed({from: 0, to: 1, atMs: 800})
    witness.opened(slave, 1000)
    expect([...log.take()]).toEqual([])
    witness.answered()
    witness.answered()
    expect([...log.take()]).toEqual([{kind: 'switch', connection: 0, from: 0, to: 1, riskFromMs: 700, atMs: 1000}])
  })

  test('from the server that answered last, whatever was tried between', () => {
    const {log, witness} = script()
    witness.opened(slave, 1000)
    witness.closed()
    witness.opened(master, 1100)
    witness.answered()
    expect([...log.take()]).toEqual([])
  })

  test('once for a server that was started anew and answers, fails, and answers', () => {
    const {log, witness} = script()
    log.setStarted(0, 950)
    witness.opened(master, 1000)
    witness.answered()
    witness.closed()
    witness.opened(master, 1100)
    witness.answered()
    expect([...log.take()]).toHaveLength(1)
  })

  test('by a found key too, and a wrong read', () => {
    const found = script()
    found.witness.opened(slave, 1000)
    found.witness.found(2, {state: 'absent', version: 0, nowMs: 1010})
    expect([...found.log.take()].map(({kind}) => kind)).toEqual(['switch', 'touch'])
    const behind = script()
    behind.witness.opened(slave, 1000)
    behind.witness.readBehind(2, {state: 'ours', version: 1, expected: 2, nowMs: 1010})
    expect([...behind.log.take()]).toMatchObject([
      {kind: 'switch'},
      {kind: 'read', key: 2, state: 'ours', version: 1, expected: 2, server: 1, atMs: 1010},
    ])
  })
})

describe('what was found', () => {
  test('is noted on the clock of the acknowledgements', () => {
    const log = new FailoverLog(FailoverLog.allocate())
    const witness = new Witness({log, acks: new AckTimes(AckTimes.allocate(3)), ackClockMs: 50, connection: 4, servers})
    witness.asks()
    witness.found(2, {state: 'ours', version: 8, nowMs: 1010})
    expect(log.witnessReads).toBe(1)
    expect([...log.take()]).toEqual([{kind: 'touch', key: 2, state: 'ours', version: 8, connection: 4, atMs: 1060}])
  })

  test('is nothing where the server does not answer; of one that has answered before that is a finding', () => {
    const unserved = script()
    unserved.witness.opened(slave, 1000)
    unserved.witness.unanswered(2, 1010)
    expect([...unserved.log.take()]).toEqual([])
    const served = script()
    served.witness.opened(slave, 1000)
    served.witness.answered()
    served.witness.unanswered(2, 1010)
    expect([...served.log.take()]).toMatchObject([
      {kind: 'switch'},
      {kind: 'touch', key: 2, state: 'unanswered', atMs: 1010},
    ])
  })

  test('of a server at another port of the same host is of another server', () => {
    const {log, witness} = script()
    witness.opened({host: '127.0.0.1', port: 2}, 1000)
    witness.answered()
    expect([...log.take()]).toMatchObject([{from: 0, to: 1}])
  })
})
