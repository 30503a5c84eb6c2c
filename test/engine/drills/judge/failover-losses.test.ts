import {describe, expect, test} from 'vitest'
import type {Failover, KeyAtRisk} from '../../../../src/engine/drills/failover/failovers.js'
import {type JudgedKey, judgeFailovers, lengthMs} from '../../../../src/engine/drills/judge/failover-losses.js'

const write = (key: number, version: number, atMs = 1000 + version) => ({key, version, atMs, removes: false})

/** Key 1, of which versions 1 to 4 were at risk; nothing is known of what the new server held. */
function atRisk(changes: Partial<KeyAtRisk> = {}): KeyAtRisk {
  const writes = [1, 2, 3, 4].map(version => write(1, version))
  return {writes, held: null, isSupposed: false, isAbsent: false, isTouched: false, ...changes}
}

function failover(keys: readonly [number, KeyAtRisk][], changes: Partial<Failover> = {}): Failover {
  return {
    from: 0,
    to: 1,
    firstMs: 2000,
    lastMs: 2100,
    connections: new Map([[0, {riskFromMs: 900, atMs: 2000}]]),
    keys: new Map(keys),
    isWidened: false,
    isInOrder: true,
    isComplete: true,
    additions: 0,
    ...changes,
  } as Failover
}

const judgedAs = (kind: JudgedKey['kind'], best: number, lostVersions = 0): JudgedKey => ({
  key: 1,
  kind,
  best,
  lostVersions,
})

interface Facts {
  readonly judged?: readonly JudgedKey[]
  readonly evictions?: number
  readonly isCertain?: boolean
  readonly expires?: boolean
  readonly acknowledged?: number
  readonly lostWrites?: number
  readonly lostKeys?: number
  readonly faults?: readonly number[]
}

function judge(failovers: readonly Failover[], facts: Facts = {}) {
  const {evictions = 0, isCertain = true, lostWrites = 0, lostKeys = 0} = facts
  return judgeFailovers({
    seen: {failovers, readsBehind: [], witnessReads: 5, surveyReads: 6, isComplete: true},
    check: {removals: [{evictions, isCertain}] as never, lostWrites, findings: {lost: lostKeys} as never},
    judged: facts.judged ?? [],
    acknowledged: () => facts.acknowledged ?? 4,
    expires: facts.expires ?? false,
    nodes: ['m1', 's1'],
    origin: 10,
    faults: facts.faults ?? [11.5],
  })
}

const one = (risk: Partial<KeyAtRisk>, facts: Facts = {}) => judge([failover([[1, atRisk(risk)]])], facts).failovers[0]!

describe('of a key at risk', () => {
  test('the versions above the one that the new server held are lost', () => {
    expect(one({held: 2})).toMatchObject({writes: 2, keys: 1, unknown: 0, atRisk: 4})
    expect(one({held: 0})).toMatchObject({writes: 4, unknown: 0})
    expect(one({held: 4})).toMatchObject({writes: 0, unknown: 0})
    expect(one({held: 9})).toMatchObject({writes: 0, unknown: 0})
  })

  test('what was absent may have been evicted', () => {
    const absent = {held: 2, isAbsent: true}
    expect(one(absent)).toMatchObject({writes: 2, unknown: 0})
    expect(one(absent, {evictions: 1})).toMatchObject({writes: 0, unknown: 2})
    expect(one(absent, {isCertain: false})).toMatchObject({writes: 0, unknown: 2})
    expect(one(absent, {expires: true})).toMatchObject({writes: 0, unknown: 2})
    expect(one({held: 2}, {evictions: 1})).toMatchObject({writes: 2, unknown: 0})
  })

  test('nothing is known when it was overwritten before it was read', () => {
    expect(one({isTouched: true})).toMatchObject({writes: 0, unknown: 4})
    expect(one({}, {acknowledged: 5})).toMatchObject({writes: 0, unknown: 4})
  })

  test('never written again, what is there at the end was there then', () => {
    expect(one({})).toMatchObject({writes: 0, unknown: 0})
    expect(one({}, {judged: [judgedAs('lost', 1)]})).toMatchObject({writes: 3, unknown: 0})
    expect(one({}, {judged: [judgedAs('diverged', 1)]})).toMatchObject({writes: 0, unknown: 0})
    expect(one({}, {judged: [judgedAs('evicted', 1)]})).toMatchObject({writes: 0, unknown: 3})
    expect(one({}, {judged: [judgedAs('undecided', 1)]})).toMatchObject({writes: 0, unknown: 3})
  })

  test('that is undecided at the end, those seen here are told', () => {
    const seen = (facts: Facts) => judge([failover([[1, atRisk()]])], facts).undecidedSeen
    expect(seen({judged: [judgedAs('undecided', 1)]})).toBe(1)
    expect(seen({judged: [judgedAs('evicted', 1)]})).toBe(0)
    expect(seen({judged: [judgedAs('lost', 1)]})).toBe(0)
    expect(seen({acknowledged: 9})).toBe(0)
  })
})

describe('a loss', () => {
  test('counts at the first failover that shows it', () => {
    const {failovers, keys} = judge([failover([[1, atRisk({held: 2})]]), failover([[1, atRisk({held: 1})]])])
    expect(failovers.map(({writes}) => writes)).toEqual([2, 1])
    expect(keys).toBe(1)
  })

  test('that is found at the end and counted at a failover is not counted besides', () => {
    const besides = (held: number, judged: JudgedKey) =>
      judge([failover([[1, atRisk({held})]])], {judged: [judged], lostWrites: 10, lostKeys: 3}).besides
    // Versions 3 and 4 at the failover; 2 to 4 at the end.
    expect(besides(2, judgedAs('lost', 1, 3))).toEqual({writes: 8, keys: 2})
    // Version 3 is no loss of the end: it was overwritten by what is there.
    expect(besides(2, judgedAs('lost', 3, 1))).toEqual({writes: 9, keys: 2})
    expect(besides(0, judgedAs('lost', 0, 2))).toEqual({writes: 8, keys: 2})
    expect(besides(2, judgedAs('diverged', 1, 3))).toEqual({writes: 10, keys: 3})
    expect(besides(4, judgedAs('lost', 1, 3))).toEqual({writes: 10, keys: 3})
  })

  test('never makes fewer than none', () => {
    const {besides} = judge([failover([[1, atRisk({held: 0})]])], {judged: [judgedAs('lost', 0, 4)], lostWrites: 1})
    expect(besides).toEqual({writes: 0, keys: 0})
  })
})

describe('a failover', () => {
  test('is told in seconds from the start of the load, by the names of the nodes', () => {
    const writes = [write(1, 3, 1500), write(2, 7, 1200), write(1, 4, 1300)]
    const keys: [number, KeyAtRisk][] = [
      [1, atRisk({writes: [writes[0]!, writes[2]!], held: 0})],
      [2, atRisk({writes: [writes[1]!], held: 0})],
    ]
    expect(judge([failover(keys)])).toMatchObject({
      keys: 2,
      witnessReads: 5,
      surveyReads: 6,
      failovers: [
        {
          from: 'm1',
          to: 's1',
          t: 12,
          until: 12.1,
          connections: 1,
          atRisk: 3,
          writes: 3,
          keys: 2,
          first: 11.2,
          last: 11.5,
          ms: 300,
        },
      ],
    })
  })

  test('has an RPO of nothing where nothing was lost', () => {
    expect(one({held: 4})).toMatchObject({ms: 0, first: null, last: null})
  })

  test('has an RPO to the fault before it, the last one', () => {
    expect(one({held: 2}, {faults: [11.1, 11.2, 12, 12.5]}).ms).toBe(997)
    expect(one({held: 2}, {faults: [12.5]}).ms).toBe(1)
  })

  test('has an RPO that nobody knows where more was acknowledged than is remembered', () => {
    expect(judge([failover([[1, atRisk({held: 2})]], {isComplete: false})]).failovers[0]!.ms).toBeNull()
  })

  test('back to the same node is told only where something was or may be lost', () => {
    const same = {from: 1, to: 1}
    expect(judge([failover([[1, atRisk({held: 4})]], same)]).failovers).toEqual([])
    expect(judge([failover([[1, atRisk({held: 2})]], same)]).failovers).toHaveLength(1)
    expect(judge([failover([[1, atRisk({isTouched: true})]], same)]).failovers).toHaveLength(1)
    expect(judge([failover([[1, atRisk({held: 4})]])]).failovers).toHaveLength(1)
  })
})

test('an RPO runs to the fault, or to the last lost write where that is later, in tenths of a millisecond', () => {
  expect(lengthMs({first: 1, last: 2, fault: 3})).toBe(2000)
  expect(lengthMs({first: 1, last: 4, fault: 3})).toBe(3000)
  expect(lengthMs({first: 1, last: 2, fault: null})).toBe(1000)
  expect(lengthMs({first: 1, last: 1.00016, fault: null})).toBe(0.2)
})
