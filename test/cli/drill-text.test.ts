import {expect, test} from 'vitest'
import type {DrillDocument} from '../../src/cli/reports/drill-json.js'
import {formatDrill} from '../../src/cli/reports/drill-text.js'

const nothing: DrillDocument = {
  ...{schema: 'repbench.drill/1', command: 'drill', version: '0', seed: 1, replay: null, drill: 'calm'},
  ...{startedAt: '2026-11-22T14:03:05.123Z', topology: 'pair', resilient: false, nodes: [], steps: [], faults: []},
  ...{
    problem: 'interrupted',
    times: null,
    measures: null,
    check: null,
    rpo: null,
    comparison: null,
    faultyReads: [],
    lagUs: null,
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
