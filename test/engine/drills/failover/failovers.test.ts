import {describe, expect, test} from 'vitest'
import {Failovers} from '../../../../src/engine/drills/failover/failovers.js'
import {joinRpo} from '../../../../src/engine/drills/judge/drill-rpo.js'
import {type JudgedKey, judgeFailovers} from '../../../../src/engine/drills/judge/failover-losses.js'
import {AckTimes} from '../../../../src/engine/verify/ack-times.js'
import {FailoverLog} from '../../../../src/engine/verify/failover-log.js'
import {LostWrites} from '../../../../src/engine/verify/lost-writes.js'

const MASTER = 0
const SLAVE = 1
/** The load's clock begins at 0 s; the fault is at 10 s. */
const FAULT_MS = 10_000

/** Two connections: the first owns the odd keys, the second the even ones. */
function script() {
  const log = new FailoverLog(FailoverLog.allocate())
  const acks = new AckTimes(AckTimes.allocate(10))
  const lost = new LostWrites(LostWrites.allocate())
  const failovers = new Failovers({log, acks, lost, connections: 2})
  return {
    log,
    acks,
    lost,
    failovers,
    ack: (key: number, version: number, atMs: number, removes = false) => acks.note(key, version, atMs, removes),
    goes(connection: number, atMs: number, {riskFromMs = 9000, from = MASTER, to = SLAVE} = {}) {
      log.switched({connection, from, to, riskFromMs, atMs})
    },
    finds(key: number, version: number | 'absent', atMs = 10_100) {
      const state = version === 'absent' ? 'absent' : 'ours'
      log.touched({key, state, version: version === 'absent' ? 0 : version, connection: (key - 1) % 2, atMs})
    },
    judge({judged = [], evictions = 0, lostWrites = 0, keys = 0, written = new Map()}: Ends = {}) {
      failovers.collect()
      const removals = [{evictions, isCertain: true}] as never
      const findings = {lost: keys} as never
      const losses = judgeFailovers({
        seen: {failovers: failovers.all, readsBehind: [], witnessReads: 0, surveyReads: 0, isComplete: true},
        check: {removals, lostWrites, findings},
        judged,
        acknowledged: key => written.get(key) ?? 0,
        expires: false,
        nodes: ['m1', 's1'],
        origin: 0,
        faults: [FAULT_MS / 1000],
      })
      const atEnd = {writes: lostWrites, keys, ms: lostWrites === 0 ? 0 : 1, first: null, last: null}
      return joinRpo(atEnd, {losses, check: {undecided: 0, evicted: 0}})
    },
  }
}

interface Ends {
  readonly judged?: readonly JudgedKey[]
  readonly evictions?: number
  readonly lostWrites?: number
  readonly keys?: number
  /** The newest acknowledged versions in the end. */
  readonly written?: ReadonlyMap<number, number>
}

describe('a failover', () => {
  test('every version after what the survivor held is lost, though the key is written again', () => {
    const {ack, goes, finds, judge} = script()
    ack(1, 5, 9500)
    ack(1, 6, 9950)
    ack(1, 7, 9990)
    ack(2, 3, 9980)
    goes(0, 10_010)
    goes(1, 10_012)
    finds(1, 5)
    finds(2, 3)
    ack(1, 8, 10_110)
    const rpo = judge()
    expect(rpo).toMatchObject({writes: 2, keys: 1, ms: 50, first: 9.95, last: 9.99, unknown: 0, atEnd: {writes: 0}})
    expect(rpo.failovers).toMatchObject([{from: 'm1', to: 's1', t: 10.01, until: 10.012, connections: 2, atRisk: 4}])
  })

  test('what was written after the switch is not at risk by it', () => {
    const {ack, goes, judge, finds} = script()
    ack(1, 1, 9990)
    goes(0, 10_010)
    ack(1, 2, 10_020)
    finds(1, 1)
    // The owner of key 2 is still with the master.
    ack(2, 1, 10_020)
    expect(judge()).toMatchObject({writes: 0, failovers: [{atRisk: 1}]})
  })

  test('a later version, of a write without an answer, holds all before it', () => {
    const {ack, goes, finds, judge} = script()
    ack(1, 5, 9990)
    goes(0, 10_010)
    finds(1, 6)
    expect(judge().writes).toBe(0)
  })

  test('nothing is lost where there is nothing and the newest write was a delete', () => {
    const {ack, goes, finds, judge} = script()
    ack(1, 5, 9980)
    ack(1, 6, 9990, true)
    ack(2, 8, 9970, true)
    ack(2, 9, 9980)
    goes(0, 10_010)
    goes(1, 10_010)
    finds(1, 'absent')
    finds(2, 'absent')
    expect(judge()).toMatchObject({writes: 1, keys: 1, first: 9.98})
  })

  test('each write counts once, at the failover that shows it', () => {
    const {ack, goes, finds, judge} = script()
    ack(1, 5, 9990)
    goes(0, 10_010)
    finds(1, 4)
    ack(1, 6, 14_990)
    goes(0, 15_000, {from: SLAVE, to: MASTER, riskFromMs: 9000})
    finds(1, 4, 15_010)
    const {writes, failovers} = judge()
    expect(writes).toBe(2)
    expect(failovers.map(({from, to, writes: lost}) => [from, to, lost])).toEqual([
      ['m1', 's1', 1],
      ['s1', 'm1', 1],
    ])
  })

  test('more is looked at where more was lost than had been thought to be at risk', () => {
    const {log, ack, goes, finds, judge} = script()
    ack(1, 3, 5000)
    ack(2, 1, 6000)
    ack(3, 7, 6000)
    ack(1, 4, 9500)
    goes(0, 10_010)
    goes(1, 10_010)
    expect(log.widenedMs).toBe(0)
    finds(1, 2)
    finds(2, 'absent')
    expect(judge()).toMatchObject({writes: 3, keys: 2, first: 5, failovers: [{atRisk: 4}]})
    expect(log.widenedMs).toBe(10_011)
  })

  test('a version that was never acknowledged, or a key that is absent, shows no older loss', () => {
    const {log, lost, ack, goes, finds, judge} = script()
    ack(3, 1, 5000)
    ack(1, 7, 9500)
    ack(2, 7, 9600)
    lost.add(1, 6, false)
    goes(0, 10_010)
    goes(1, 10_010)
    finds(1, 5)
    finds(2, 'absent')
    expect(judge()).toMatchObject({writes: 2, failovers: [{atRisk: 2}]})
    expect(log.widenedMs).toBe(0)
  })

  test('a server that was started anew counts where something was lost', () => {
    const {ack, goes, finds, judge} = script()
    ack(1, 5, 9990)
    goes(0, 10_010, {to: MASTER})
    goes(1, 10_010, {to: MASTER})
    expect(judge().failovers).toEqual([])
    finds(1, 'absent')
    expect(judge().failovers).toMatchObject([{from: 'm1', to: 'm1', writes: 1}])
  })
})

describe('evidence besides the first touch', () => {
  test('a stale read is a lost write until a later look proves otherwise', () => {
    const {log, failovers, ack, goes, judge} = script()
    ack(1, 5, 9990)
    ack(2, 5, 9990)
    goes(0, 10_010)
    goes(1, 10_010)
    for (const key of [1, 2]) log.readBehind({key, state: 'ours', version: 4, server: SLAVE, expected: 5, atMs: 10_100})
    failovers.collect()
    failovers.found(failovers.all[0]!, 2, {state: 'ours', version: 5})
    expect(judge()).toMatchObject({writes: 1, keys: 1})
  })

  test('no stale read counts of a key whose owner has not come yet, or has written since', () => {
    const {log, ack, goes, judge} = script()
    ack(1, 5, 9990)
    log.readBehind({key: 1, state: 'ours', version: 4, server: SLAVE, expected: 5, atMs: 10_100})
    goes(0, 10_010)
    ack(1, 6, 10_050)
    log.readBehind({key: 1, state: 'ours', version: 5, server: SLAVE, expected: 6, atMs: 10_100})
    expect(judge().writes).toBe(0)
  })

  test('the survey says nothing of a key that was written there since', () => {
    const {failovers, ack, goes, judge} = script()
    ack(1, 5, 9990)
    goes(0, 10_010)
    failovers.collect()
    failovers.found(failovers.all[0]!, 1, {state: 'ours', version: 6})
    expect(failovers.all[0]!.keys.get(1)).toMatchObject({held: null})
    expect(judge().writes).toBe(0)
  })

  test('a write that the old server never answered and that is there has come after all before it', () => {
    const {failovers, ack, lost, goes, judge} = script()
    ack(1, 5, 9990)
    lost.add(1, 6, false)
    goes(0, 10_010)
    failovers.collect()
    failovers.found(failovers.all[0]!, 1, {state: 'ours', version: 6})
    expect(judge({written: new Map([[1, 7]])})).toMatchObject({writes: 0, unknown: 0})
  })

  test('of a key that nobody saw or wrote the end tells', () => {
    const {ack, goes, judge} = script()
    ack(1, 5, 9970)
    ack(1, 6, 9990)
    ack(2, 5, 9990)
    goes(0, 10_010)
    goes(1, 10_010)
    const judged = [{key: 1, kind: 'lost', best: 4, lostVersions: 2}] as const
    const rpo = judge({judged, lostWrites: 2, keys: 1})
    expect(rpo).toMatchObject({writes: 2, keys: 1, atEnd: {writes: 2}, failovers: [{writes: 2}]})
  })

  test('what the end finds lost and no failover explains is in the whole', () => {
    const {ack, goes, finds, judge} = script()
    ack(1, 5, 9990)
    goes(0, 10_010)
    finds(1, 4)
    const judged = [
      {key: 1, kind: 'lost', best: 4, lostVersions: 1},
      {key: 7, kind: 'lost', best: 0, lostVersions: 3},
    ] as const
    expect(judge({judged, lostWrites: 4, keys: 2})).toMatchObject({writes: 4, keys: 2, failovers: [{writes: 1}]})
  })
})

describe('what is not known', () => {
  test('nothing found where nodes evicted may be lost or evicted; an older version is no eviction', () => {
    const {ack, goes, finds, judge} = script()
    ack(1, 5, 9990)
    ack(2, 5, 9990)
    goes(0, 10_010)
    goes(1, 10_010)
    finds(1, 'absent')
    finds(2, 4)
    expect(judge({evictions: 100})).toMatchObject({writes: 1, unknown: 1})
    expect(judge({evictions: 0})).toMatchObject({writes: 2, unknown: 0})
  })

  test('evicted in the end: of what was at risk nobody knows, of the rest it is known that it had crossed', () => {
    const {ack, goes, judge} = script()
    ack(3, 5, 2000)
    ack(1, 5, 9990)
    goes(0, 10_010)
    const judged = [1, 3].map(key => ({key, kind: 'evicted', best: 0, lostVersions: 5}) as const)
    expect(judge({judged, evictions: 100})).toMatchObject({writes: 0, unknown: 1})
  })

  test('a touch whose answer was lost', () => {
    const {log, ack, goes, judge} = script()
    ack(1, 5, 9990)
    goes(0, 10_010)
    log.touched({key: 1, state: 'unanswered', version: 0, connection: 0, atMs: 10_100})
    expect(judge()).toMatchObject({writes: 0, unknown: 1})
  })

  test('a key that was written again before anybody looked', () => {
    const {ack, goes, judge} = script()
    ack(1, 5, 9990)
    ack(2, 5, 9990)
    goes(0, 10_010)
    goes(1, 10_010)
    expect(
      judge({
        written: new Map([
          [1, 6],
          [2, 5],
        ]),
      }),
    ).toMatchObject({writes: 0, unknown: 1})
  })

  test('the length, where more was acknowledged since than is remembered', () => {
    const {acks, ack, goes, finds, judge} = script()
    for (let version = 1; version <= 2 ** 20 + 1; version++) acks.note(3, version, 9500, false)
    ack(1, 5, 9990)
    goes(0, 10_010)
    finds(1, 4)
    expect(judge()).toMatchObject({ms: null})
  })
})

test('the log says that it was read too late', () => {
  const log = new FailoverLog(FailoverLog.allocate())
  const entry = {key: 1, state: 'ours', server: 1, expected: 2, atMs: 5} as const
  for (let version = 0; version < 2 ** 15 + 3; version++) log.readBehind({...entry, version})
  const taken = [...log.take()]
  expect([taken.length, log.hasForgotten]).toEqual([2 ** 15, true])
  expect(taken[0]).toEqual({kind: 'read', ...entry, version: 3})
  expect([...log.take()]).toEqual([])
})
