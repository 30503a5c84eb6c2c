import {expect, test} from 'vitest'
import type {DrillDocument} from '../../src/cli/reports/drill-json.js'
import {formatDrill} from '../../src/cli/reports/drill-text.js'
import {clientPolicies, planOfPolicy} from '../../src/engine/client-policies.js'

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
    lagUs: null,
    lagByPhaseUs: null,
  },
  ...{events: [], advice: null, run: null, assertions: [], verdict: 'unknown'},
}
const rpoLine = (drill: Partial<DrillDocument>) => /^RPO.*/m.exec(formatDrill({...nothing, ...drill}))?.[0]

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
