import {expect, test} from 'vitest'
import type {DrillDocument} from '../../../../src/cli/documents/json/drill-json.js'
import {formatDrill} from '../../../../src/cli/documents/text/drill-text.js'
import {rpoLines} from '../../../../src/cli/documents/text/rpo-text.js'
import type {DrillRpo} from '../../../../src/engine/drills/judge/drill-rpo.js'
import {clientPolicies, planOfPolicy} from '../../../../src/engine/plan/client-policies.js'

const nothing: DrillDocument = {
  ...{schema: 'repbench.drill/1', command: 'drill', version: '0', seed: 1, replay: null, reasons: [], drill: 'calm'},
  ...{
    startedAt: '2026-11-22T14:03:05.123Z',
    topology: 'pair',
    resilient: false,
    clients: planOfPolicy(clientPolicies.repbench),
    nodes: [],
    steps: [],
    faults: [],
  },
  ...{
    problem: 'interrupted',
    times: null,
    measures: null,
    check: null,
    rpo: null,
    comparison: null,
    faultyReads: [],
    wrongReads: null,
    lagUs: null,
    lagByPhaseUs: null,
  },
  ...{events: [], advice: null, run: null, assertions: [], verdict: 'unknown'},
}
const rpoLine = (drill: Partial<DrillDocument>) => /^RPO.*/m.exec(formatDrill({...nothing, ...drill}))?.[0]

test('without a fault there is no RPO, whatever the nodes lack', () => {
  const check = {intact: 1, keys: 2, seconds: 0.1, findings: {}, examples: [], removals: [], nodes: ['m1', 's1']}
  expect(rpoLine({problem: 'not whole before', check: check as never})).toMatch(/not measured: there was no fault$/)
})

test('assertions stand in columns, however long their names', () => {
  const assertion = (expr: string) => ({expr, actual: 0, unit: 'count', verdict: 'pass'}) as const
  const lines = formatDrill({...nothing, assertions: [assertion('lost==0'), assertion('unexplainedReads==0')]})
  expect(lines).toContain('assertion      pass     lost==0              0')
  expect(lines).toContain('assertion      pass     unexplainedReads==0  0')
})

test('a drill that was stopped early claims no RPO', () => {
  const times = {fault: 3, recover: null, paired: null, settled: false, end: 4}
  expect(rpoLine({})).toBe('RPO            not measured: interrupted before the fault')
  expect(rpoLine({times})).toBe('RPO            not measured: interrupted before the nodes could be read')
  expect(rpoLine({problem: 'broken'})).toBe('RPO            not measured: the nodes could not be read')
})

test('nor that anything took longer than the time given', () => {
  const responseUs = {p50: null, p99: null}
  const measures = {
    ...{rtoMs: {clients: 0, never: 0, min: null, p50: null, max: null}, unservedMs: 0, backToBaselineMs: null},
    ...{p99BackMs: null, pairedAgainMs: null, firstErrorMs: null, detectionMs: null, detectedBy: null, errors: {}},
    ...{fullCopy: null, throughput: {before: null, during: null, after: null}},
    responseUs: {before: responseUs, during: responseUs, after: responseUs},
  } as unknown as NonNullable<DrillDocument['measures']>
  const rateLine = (problem: string | null) => /^rate back.*/m.exec(formatDrill({...nothing, problem, measures}))?.[0]
  expect(rateLine('interrupted')).toBe('rate back      not known: the drill ended before')
  expect(rateLine(null)).toBe('rate back      not in the time given')
})

test('says what was lost at failover, at which, and what is still lost', () => {
  const atEnd = {writes: 5, keys: 4, ms: 70, first: 2.92, last: 2.99}
  const failover = {from: 'm1', to: 's1', t: 3.01, until: 3.02, connections: 20, atRisk: 400}
  const lost = {writes: 80, keys: 78, ms: 80, first: 2.911, last: 2.99}
  const rpo: DrillRpo = {
    ...{...lost, unknown: 0, atEnd, witnessReads: 1, surveyReads: 1},
    failovers: [
      {...failover, ...lost, unknown: 0},
      {...failover, from: 's1', to: 'm1', writes: 0, keys: 0, ms: 0, first: null, last: null, unknown: 0},
    ],
  }
  expect(rpoLines(rpo)).toEqual([
    'RPO            80 acknowledged writes lost at failover, of 78 keys: 80 ms, acknowledged from 2.911 to 2.990 s',
    '               from m1 to s1 at 3.01 s (20 connections): 80 lost, 80 ms',
    'at the end     5 acknowledged writes still lost, of 4 keys: 70 ms, acknowledged from 2.920 to 2.990 s',
  ])
  expect(rpoLines({...rpo, writes: 620}).filter(line => !line.startsWith('at the end'))).toEqual([
    expect.stringMatching(/^RPO +620 acknowledged writes lost, of 78 keys/),
    expect.stringMatching(/^ +from m1 to s1 .*: 80 lost/),
    '               540 that the end shows, and no failover',
  ])
  expect(rpoLines({...rpo, writes: 0, failovers: []})[0]).toMatch(/0 acknowledged .* lost: no client failed over/)
  expect(rpoLines({...rpo, unknown: 3, failovers: []})[0]).toMatch(
    /^RPO +at least 80 .*; 3 more may be: evicted or lost/,
  )
  expect(rpoLines({...rpo, writes: 0, unknown: 3, failovers: []})[0]).toMatch(
    /^RPO +unknown: 3 may be: evicted or lost/,
  )
  // As an older version kept it.
  expect(rpoLines(atEnd)).toEqual([expect.stringMatching(/^RPO +5 acknowledged writes lost, of 4 keys/)])
})

test('much lateness of the generator stands below the p99 that it may have made', () => {
  const of = (p99: number) => ({p50: 100, p99})
  const measures = {
    ...{rtoMs: {clients: 0, never: 0, min: null, p50: null, max: null}, unservedMs: 0, backToBaselineMs: null},
    ...{p99BackMs: null, pairedAgainMs: null, firstErrorMs: null, detectionMs: null, detectedBy: null, errors: {}},
    fullCopy: null,
    throughput: {before: 1, during: 1, after: 1},
    responseUs: {before: of(138_000), during: of(2000), after: of(3000)},
  }
  const text = (netP99: number) => {
    const netResponseUs = {before: of(netP99), during: of(2000), after: of(3000)}
    return formatDrill({...nothing, measures: {...measures, netResponseUs} as unknown as DrillDocument['measures']})
  }
  expect(text(38_000)).toMatch(/^ {2}p99 ms +138 +2\.00 +3\.00\n {4}ours up to +100 +0\.000 +0\.000$/m)
  expect(text(137_500)).not.toContain('ours up to')
})
