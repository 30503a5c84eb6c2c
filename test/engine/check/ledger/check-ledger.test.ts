import {describe, expect, test} from 'vitest'
import {checkLedger, type LedgerCheckOptions} from '../../../../src/engine/check/ledger/check-ledger.js'
import {countFindings} from '../../../../src/engine/check/ledger/ledger-findings.js'
import type {NodeRemovals} from '../../../../src/engine/check/ledger/node-removals.js'
import {noRequests} from '../../../../src/engine/measure/request-counts.js'
import {ScriptedClock, turns} from '../../../helpers/scripted-clock.js'
import {type Held, ledgerParts, ORIGIN_MS, startLedgerNode} from '../../helpers/ledger-parts.js'

const SETTLE_MS = 3000
const calm = {pid: 1, evictions: 0, reclaimed: 0, expired_unfetched: 0, bytes: 1, limit_maxbytes: 100}

function removed(name: string, evictions: number, isCertain = true): NodeRemovals {
  return {name, evictions, reclaimed: 0, expiredUnfetched: 0, isCertain}
}

/** A load of three keys in two versions, on nodes m and s; waits end at once. */
async function checking(held: Held | readonly [Held, Held], {lists = false, stats = calm} = {}) {
  const clock = new ScriptedClock()
  const parts = ledgerParts()
  const both = Array.isArray(held) ? held : [held]
  const started = await Promise.all(both.map(one => startLedgerNode({held: one, lists, stats})))
  const [a, b = a] = started as [(typeof started)[number], (typeof started)[number]?]
  const names = started.map(({address}, index) => ({name: 'ms'[index]!, address}))
  const nodes = names as unknown as LedgerCheckOptions['nodes']
  const {plan, verify} = parts
  const check = (options: Partial<LedgerCheckOptions> = {}) =>
    checkLedger({plan, verify, nodes, settleMs: SETTLE_MS, ...options})
  /** Changes what is on the nodes during the waits, one after the other. */
  const duringWaits = (...changes: readonly (() => void)[]): void => {
    clock.onWait = ms => {
      changes[clock.waitsMs.length - 1]?.()
      clock.advance(ms)
    }
  }
  for (const key of [1, 2, 3]) parts.write(key, 2)
  return {...parts, clock, a, b, check, duringWaits}
}

const current = {version: 2}
const all: Held = {1: current, 2: current, 3: current}
const {1: _, ...allButFirst} = all

/** Of the gets that a node had, the numbers of keys. */
const gets = (lines: readonly string[]) =>
  lines.filter(line => line.startsWith('get ')).map(line => line.split(' ').length - 1)
const countOf = (lines: readonly string[], start: string) => lines.filter(line => line.startsWith(start)).length

describe('a load that is whole', () => {
  test('on a pair has no finding, and is read once', async () => {
    const {check, clock, a, b} = await checking([all, all], {lists: true})
    const told: unknown[] = []
    const check1 = await check({onProgress: progress => told.push(progress), onFinding: one => told.push(one)})
    expect(check1).toEqual({
      nodes: ['m', 's'],
      keys: 3,
      intact: 3,
      expired: 0,
      evicted: 0,
      undecided: 0,
      findings: countFindings([]),
      lostWrites: 0,
      lostAcks: null,
      worstStaleVersions: 0,
      removals: [removed('m', 0), removed('s', 0)],
      exptimesCompared: 3,
      examples: [],
      seconds: 0,
    })
    expect(told).toEqual([{checked: 3, keys: 3}])
    expect(clock.waitsMs).toEqual([])
    for (const node of [a, b]) expect([gets(node.lines()), countOf(node.lines(), 'lru_crawler')]).toEqual([[3], 1])
    await turns()
    expect([a.sockets.size, b.sockets.size]).toEqual([0, 0])
  })

  test('on one node has no exptimes to compare', async () => {
    const {check, a} = await checking(all, {lists: true})
    expect(await check()).toMatchObject({nodes: ['m'], intact: 3, exptimesCompared: null, removals: [removed('m', 0)]})
    expect(countOf(a.lines(), 'lru_crawler')).toBe(0)
  })

  test('on nodes that list nothing, or may not be asked, has none either', async () => {
    const mute = await checking([all, all])
    expect(await mute.check()).toMatchObject({intact: 3, exptimesCompared: null})
    const asked = await checking([all, all], {lists: true})
    expect(await asked.check({mayList: false})).toMatchObject({intact: 3, exptimesCompared: null})
    expect([countOf(asked.a.lines(), 'lru_crawler'), countOf(asked.b.lines(), 'lru_crawler')]).toEqual([0, 0])
  })
})

describe('wrong keys', () => {
  test('are read again three times, and nothing else is', async () => {
    const {check, clock, a, b} = await checking([all, {...all, 2: {version: 1}}], {lists: true})
    const told: unknown[] = []
    const onProgress = (progress: unknown) => told.push(progress)
    const {findings, intact, worstStaleVersions, seconds} = await check({onProgress})
    expect([findings.staleOnB, intact, worstStaleVersions, seconds]).toEqual([1, 2, 1, 3])
    expect(clock.waitsMs).toEqual([1000, 1000, 1000])
    expect([gets(a.lines()), gets(b.lines())]).toEqual([
      [3, 1, 1, 1],
      [3, 1, 1, 1],
    ])
    expect([told.length, countOf(a.lines(), 'lru_crawler')]).toEqual([1, 1])
  })

  test('are waited for a second in all', async () => {
    const {check, clock} = await checking({})
    await check({settleMs: undefined as unknown as number})
    expect(clock.waitsMs.map(Math.round)).toEqual([333, 333, 333])
  })

  test('that come right meanwhile are none', async () => {
    const {check, clock, b, duringWaits} = await checking([all, {}])
    duringWaits(
      () => {
        b.script.held = {1: current, 2: current}
      },
      () => {
        b.script.held = all
      },
    )
    expect(await check()).toMatchObject({intact: 3, findings: countFindings([]), examples: []})
    expect(clock.waitsMs).toHaveLength(2)
    expect(gets(b.lines())).toEqual([3, 3, 1])
  })

  test('that expire meanwhile have expired', async () => {
    const {check, plan, acks, clock} = await checking(allButFirst)
    acks.note(1, 2, 1000, false)
    // May have expired two seconds and a time-out before its end.
    clock.advance(ORIGIN_MS + 1000 + 10_000 - 2200 - 1500)
    const result = await check({plan: {...plan, ttlSeconds: 10, timeoutMs: 200}})
    expect(result).toMatchObject({expired: 1, intact: 2, findings: countFindings([])})
    expect(clock.waitsMs).toHaveLength(2)
  })

  test('are told in words and in numbers, each once, the worst first among the examples', async () => {
    const {check, acks} = await checking([allButFirst, {2: {version: 1}, 3: {...current, flags: 9}}])
    acks.note(1, 1, 40, false)
    acks.note(1, 2, 50, false)
    acks.note(3, 2, 90, false)
    const told: unknown[] = []
    const judged: unknown[] = []
    const result = await check({onFinding: one => told.push(one), onJudged: one => judged.push(one)})
    const [lost, stale, flags] = [
      {key: 'k:00000001', kind: 'lost', text: 'acknowledged version 2 of 2 sent; m has nothing, s has nothing'},
      {key: 'k:00000002', kind: 'staleOnB', text: 'acknowledged version 2 of 2 sent; m has version 2, s has version 1'},
      {
        ...{key: 'k:00000003', kind: 'otherFlags'},
        text: 'acknowledged version 2 of 2 sent; m has version 2, s has version 2 with flags 9',
      },
    ]
    expect(told).toEqual([lost, stale, flags])
    expect(judged).toEqual([
      {key: 1, kind: 'lost', best: 0, lostVersions: 2},
      {key: 2, kind: 'staleOnB', best: 2, lostVersions: 0},
      {key: 3, kind: 'otherFlags', best: 2, lostVersions: 0},
    ])
    const originMs = performance.timeOrigin + ORIGIN_MS
    expect(result).toMatchObject({
      ...{intact: 0, lostWrites: 2, worstStaleVersions: 1, examples: [lost, stale, flags]},
      findings: {lost: 1, staleOnB: 1, otherFlags: 1},
      lostAcks: {firstMs: originMs + 40, lastMs: originMs + 50, isComplete: true},
    })
  })

  test('of which an older version is left have lost those after it', async () => {
    const {check, write, acks} = await checking(all)
    write(1, 3)
    acks.note(1, 2, 20, false)
    acks.note(1, 3, 70, false)
    const judged: unknown[] = []
    const result = await check({onJudged: one => judged.push(one)})
    expect(judged).toEqual([{key: 1, kind: 'lost', best: 2, lostVersions: 1}])
    const atMs = performance.timeOrigin + ORIGIN_MS + 70
    expect([result.lostWrites, result.lostAcks]).toEqual([1, {firstMs: atMs, lastMs: atMs, isComplete: true}])
  })

  test('that were deleted in between have lost what was written after that', async () => {
    const {check, acks} = await checking(allButFirst)
    acks.note(1, 1, 20, true)
    expect(await check()).toMatchObject({lostWrites: 1, findings: {lost: 1}})
  })
})

describe('keys that a node may have evicted', () => {
  test('are explained by what the nodes removed during the load', async () => {
    const {check, a} = await checking({1: current}, {stats: {...calm, evictions: 7}})
    const judged: unknown[] = []
    const removals = [removed('m', 2)]
    const result = await check({removals, onJudged: ({key, kind}) => judged.push([key, kind])})
    expect(result).toMatchObject({evicted: 2, undecided: 0, intact: 1, lostWrites: 0, lostAcks: null, removals})
    expect(result.findings).toEqual(countFindings([]))
    expect(result.examples.map(({kind}) => kind)).toEqual(['evicted', 'evicted'])
    expect(judged).toEqual([
      [2, 'evicted'],
      [3, 'evicted'],
    ])
    expect(a.lines()).not.toContain('stats')
  })

  test('are undecided where there are more of them; those beyond are lost for certain', async () => {
    const {check} = await checking({})
    const result = await check({removals: [removed('m', 1)]})
    expect(result).toMatchObject({evicted: 0, undecided: 1, lostWrites: 4, findings: {lost: 2}, lostAcks: null})
  })

  test('are lost where the node evicted nothing, by its own count since its start', async () => {
    const requests = noRequests()
    const {check, a} = await checking(allButFirst)
    expect(await check({requests})).toMatchObject({evicted: 0, findings: {lost: 1}, removals: [removed('m', 0)]})
    expect(requests).toEqual({...noRequests(), connections: 2, gets: 6})
    await turns()
    expect(a.sockets.size).toBe(0)
    const other = await checking(allButFirst, {stats: {...calm, evictions: 5}})
    expect(await other.check()).toMatchObject({evicted: 1, findings: {lost: 0}, removals: [removed('m', 5)]})
  })
})

describe('exptimes that differ', () => {
  const held = (exptimes: Readonly<Record<number, number>>): Held => ({
    1: {...current, exptime: exptimes[1] ?? 5000},
    2: {...current, exptime: exptimes[2] ?? 5000},
    3: {...current, exptime: exptimes[3] ?? 5000},
  })

  test('are a finding where they last', async () => {
    const {check, clock, a, b} = await checking([held({}), held({2: 9000})], {lists: true})
    const judged: unknown[] = []
    const result = await check({onJudged: one => judged.push(one)})
    expect(result).toMatchObject({intact: 2, findings: {otherExptime: 1}, exptimesCompared: 3, lostWrites: 0})
    expect(result.examples).toEqual([
      {
        ...{key: 'k:00000002', kind: 'otherExptime'},
        text: 'acknowledged version 2 of 2 sent; m says that it expires 1970-01-01T01:23:20.000Z, s says that it expires 1970-01-01T02:30:00.000Z',
      },
    ])
    expect(judged).toEqual([{key: 2, kind: 'otherExptime', best: 2, lostVersions: 0}])
    expect(clock.waitsMs).toHaveLength(3)
    for (const node of [a, b]) expect([gets(node.lines()), countOf(node.lines(), 'lru_crawler')]).toEqual([[3], 4])
  })

  test('are none where they come right, nor where they begin to differ meanwhile', async () => {
    const {check, b, clock, duringWaits} = await checking([held({}), held({1: 9000, 2: 9000})], {lists: true})
    duringWaits(
      () => {
        b.script.held = held({2: 9000, 3: 9000})
      },
      () => {
        b.script.held = held({3: 9000})
      },
    )
    expect(await check()).toMatchObject({intact: 3, findings: {otherExptime: 0}, exptimesCompared: 3})
    expect(clock.waitsMs).toHaveLength(2)
  })

  test('of a key that is wrong otherwise count as that alone', async () => {
    const {check} = await checking([held({}), {...held({}), 1: {version: 1, exptime: 9000}}], {lists: true})
    expect(await check()).toMatchObject({intact: 2, findings: {staleOnB: 1, otherExptime: 0}})
  })

  test.each(['a', 'b'] as const)(
    'of %s are waited for as long as a reply may take, and not after an interrupt',
    async silent => {
      const {check, clock, ...nodes} = await checking([held({}), held({})], {lists: true})
      nodes[silent].script.isSilent = line => line.startsWith('lru_crawler')
      const outcomes: unknown[] = []
      const stop = new AbortController()
      for (const options of [{replyMs: 700}, {signal: stop.signal}]) {
        check(options).catch(({code}: {code: string}) => outcomes.push(code))
      }
      await turns(50)
      clock.advance(690)
      await turns()
      expect(outcomes).toEqual([])
      clock.advance(20)
      await turns()
      expect(outcomes).toEqual(['ERR_ASK_TIMEOUT'])
      stop.abort()
      await turns()
      expect(outcomes).toEqual(['ERR_ASK_TIMEOUT', 'ERR_ASK_ABORTED'])
    },
  )
})

test('a check that is interrupted while it waits leaves no connection', async () => {
  const {check, clock, a} = await checking({})
  const stop = new AbortController()
  clock.onWait = () => stop.abort(new Error('stopped'))
  await expect(check({signal: stop.signal})).rejects.toThrow('stopped')
  await turns()
  expect([a.sockets.size, gets(a.lines())]).toEqual([0, [3]])
})
