import {describe, expect, it} from 'vitest'
import {summarizeBaseline} from '../../../../src/cli/commands/baseline/baseline-summary.js'
import {type BaselineTarget, findTargets, orderOf} from '../../../../src/cli/commands/baseline/baseline-targets.js'
import {formatBaseline} from '../../../../src/cli/commands/baseline/baseline-text.js'
import type {BaselineRun} from '../../../../src/cli/commands/baseline/measure-target.js'
import type {PairOutcome} from '../../../../src/cli/commands/baseline/pair-outcome.js'
import {makeRunDocument} from '../../../../src/cli/documents/json/run-json.js'
import type {RunResult} from '../../../../src/engine/result/run-result.js'
import {latency, makeResult} from '../../../engine/helpers/results.js'

const native: BaselineTarget = {name: 'memcached', backend: 'memcached', topology: 'memcached', side: null}
const master: BaselineTarget = {name: 'repcached master', backend: 'repcached', topology: 'repcached', side: 'master'}
const slave: BaselineTarget = {...master, name: 'repcached slave', side: 'slave'}

const noFaults = {...makeResult().operations, errors: {}, timedOut: 0, lostWithConnection: 0, ok: 1000}

function measured(
  target: BaselineTarget,
  opsPerSecond: number,
  changes: {pair?: Partial<PairOutcome>; result?: Partial<RunResult>; meanUs?: number} = {},
): BaselineRun {
  const response = {...latency, mean: changes.meanUs ?? 1000}
  const base = makeResult()
  const result = makeResult({
    operations: noFaults,
    throughput: {...base.throughput, opsPerSecond},
    latencyUs: {...base.latencyUs, response},
    ...changes.result,
  })
  const run = makeRunDocument({result, command: 'baseline', version: '1', topology: {name: target.topology, nodes: []}})
  const sound: PairOutcome = {
    linkSurvived: true,
    verdict: 'paired',
    why: 'writes cross both ways',
    firstAlarm: null,
    counts: {items: {loaded: 10, other: 10}, stored: {loaded: 100, other: 100}},
  }
  return {target, run, pair: target.side === null ? null : {...sound, ...changes.pair}}
}

const seenAll = {unseen: 0, atLeast: [], notStored: 0}

const lag = (p50: number, p99: number, unseen: number) => ({
  aToB: {...latency, ...seenAll, p50, p99, unseen},
  bToA: {...latency, ...seenAll},
  probe: null,
})

const lost: Partial<PairOutcome> = {
  linkSurvived: false,
  verdict: 'unpaired-but-serving',
  why: 'm1 waits for a peer to connect (by its log)',
  firstAlarm: {kind: 'overflow', node: 'm1', text: 'replication queue overflowed'},
  counts: {items: {loaded: 90, other: 40}, stored: {loaded: 1000, other: 497}},
}

const runs = [
  measured(native, 50_000, {meanUs: 1000}),
  measured(master, 30_000, {
    meanUs: 3000,
    pair: lost,
    result: {lagUs: lag(90, 4000, 3), operations: {...noFaults, timedOut: 2}},
  }),
  measured(slave, 44_000, {meanUs: 900, result: {lagUs: lag(60, 800, 0)}}),
  measured(slave, 46_000, {meanUs: 1100, result: {lagUs: lag(80, 1000, 0)}}),
  measured(native, 60_000, {meanUs: 1400}),
  measured(master, 1, {result: {interrupted: true}}),
]

const tooFew = expect.objectContaining({reason: expect.stringMatching(/^(2 and 1 run|2 runs each), 5/), measures: []})

describe('the summary', () => {
  const rows = summarizeBaseline([native, master, slave], runs)

  it('says which cost is more than noise, where the targets took turns often enough', () => {
    const turns = Array.from({length: 8}, (_, round) =>
      orderOf([native, slave], round).map((target, place) => {
        const startedAt = new Date(Date.UTC(2026, 0, 2) + (2 * round + place) * 1000).toISOString()
        const rate = (target === native ? 50_000 : 40_000) + 100 * (round % 3)
        return measured(target, rate, {result: {startedAt}})
      }),
    ).flat()
    const judged = summarizeBaseline([native, slave], turns)
    expect(judged[1]!.cost!.judgement).toMatchObject({design: 'pairs', pairs: 8})
    const text = formatBaseline({plan: runs[0]!.run.plan, rows: judged, repetitions: 8, interrupted: false})
    const same = 'same \\(could not see less than 1.0 %\\)'
    expect(text).toMatch(new RegExp(`^cost +repcached slave  req/s worse, avg ${same}, p99 ${same}$`, 'm'))
  })

  it('has the medians of complete runs, and what they cost against the native one', () => {
    expect(rows.map(row => [row.target.name, row.runs, row.measures.rate?.median, row.cost])).toEqual([
      ['memcached', 2, 55_000, null],
      [
        'repcached master',
        1,
        30_000,
        {ratePercent: expect.closeTo(-45.45), meanPercent: 150, p99Percent: 0, judgement: tooFew},
      ],
      [
        'repcached slave',
        2,
        45_000,
        {ratePercent: expect.closeTo(-18.18), meanPercent: expect.closeTo(-16.67), p99Percent: 0, judgement: tooFew},
      ],
    ])
    expect(rows[0]!.measures.rate?.spreadPercent).toBeCloseTo(18.18)
  })

  it('says what became of each pair', () => {
    expect(rows.map(({pair}) => pair)).toEqual([
      null,
      {
        survived: 0,
        of: 1,
        lagP50Us: 90,
        lagP99Us: 4000,
        unseen: 3,
        arrived: 0.497,
        itemsDifference: 50,
        alarm: 'm1: replication queue overflowed',
      },
      {survived: 2, of: 2, lagP50Us: 70, lagP99Us: 900, unseen: 0, arrived: 1, itemsDifference: 0, alarm: null},
    ])
  })

  it('has what an interrupted run measured only where there is no other', () => {
    const interrupted = measured(native, 7, {result: {interrupted: true}})
    const [first, second] = summarizeBaseline([native, slave], [interrupted, runs[2]!])
    expect([first!.runs, first!.measures.rate?.median]).toEqual([0, 7])
    expect(second!.cost).toBeNull()
  })

  it('compares with nothing where there is no native one', () => {
    const [row] = summarizeBaseline([slave], runs)
    expect(row?.cost).toBeNull()
  })

  it('is a table for people', () => {
    const text = formatBaseline({plan: runs[0]!.run.plan, rows, repetitions: 2, interrupted: true})
    expect(text).toMatchInlineSnapshot(`
      "test   open loop 1,000 op/s · 10 connections · 1.0 s · set · sizes d8 · medians of 2 runs each, taken in turns

      target            requests/s  avg ms    p50   p95   p99  p99.9    max  req/s cost       avg    p99  spread
      memcached             55,000    1.20  0.180  2.40  12.4    131  1,310           –         –      –  18.2 %
      repcached master      30,000    3.00  0.180  2.40  12.4    131  1,310     -45.5 %  +150.0 %  0.0 %   0.0 %
      repcached slave       45,000    1.00  0.180  2.40  12.4    131  1,310     -18.2 %   -16.7 %  0.0 %   4.4 %

      cost           no judgement: 2 and 1 run, 5 of each are needed (--repeat)

      pair                        link  lag p50 ms  lag p99 ms  lag probes lost  stores that arrived  items more than there
      repcached master  LOST in 1 of 1       0.090        4.00                3              49.70 %                    +50
      repcached slave         survived       0.070       0.900                0             100.00 %                      0

      warning        repcached master: m1: replication queue overflowed
      warning        repcached master: operations: 2 timed out
      warning        interrupted: partial results
      warning        repcached master: 1 of 2 runs
      "
    `)
  })
})

describe('the targets', () => {
  const nothing = {PATH: ''}

  it('are those that this machine has', async () => {
    const missing: string[] = []
    const targets = await findTargets({
      asked: undefined,
      programs: {},
      env: nothing,
      onMissing: text => missing.push(text),
    })
    expect(targets.map(({name}) => name)).toEqual(['embedded master', 'embedded slave'])
    expect(missing).toEqual([expect.stringContaining('memcached'), expect.stringContaining('repcached')])
  })

  it('must be there when they are asked for', async () => {
    const find = (asked: readonly ('memcached' | 'embedded')[] | undefined, memcached?: string) =>
      findTargets({asked, programs: {memcached}, env: nothing, onMissing: () => {}})
    await expect(find(['memcached'])).rejects.toThrow('Expected memcached from --memcached-bin, MEMCACHED_BIN or PATH')
    await expect(find(undefined, '/no/such/file')).rejects.toThrow('/no/such/file')
    expect(await find(['embedded'])).toHaveLength(2)
  })

  it('take turns', () => {
    expect([0, 1, 2, 3].map(round => orderOf(['a', 'b', 'c'], round).join(''))).toEqual(['abc', 'bca', 'cab', 'abc'])
  })
})
