import {expect, it} from 'vitest'
import {drillLagLines, runLagLines} from '../../../../src/cli/documents/text/lag-text.js'
import {LagHistogram} from '../../../../src/engine/lag/lag-histogram.js'
import {lagUsSchema} from '../../../../src/engine/result/run-result.js'
import {latency} from '../../../engine/helpers/results.js'

function direction(seen: number, unseenMs: readonly number[] = [], notStored = 0) {
  const histogram = new LagHistogram()
  for (let index = 0; index < seen; index++) histogram.add(210)
  const figures = histogram.figures(unseenMs.map(ms => ms * 1000))
  return {...figures, atLeast: [...figures.atLeast], notStored}
}

it('prints no percentile that the probes do not carry, and marks lower bounds', () => {
  const lagUs = {aToB: direction(480), bToA: direction(58, [7900, 5000], 40), probe: null}
  expect(runLagLines({lagUs})).toEqual([
    'lag            to the slave  p50 0.210  p99 0.210  max 0.210 ms of 480 probes',
    '               to the master p50 0.210  p99 needs 100  max ≥ 7,900 ms of 60 probes, 2 never seen, 40 writes not acknowledged',
  ])
})

it('says of a drill what was before, during and after the fault', () => {
  const none = direction(0)
  const lagByPhaseUs = {
    before: {aToB: direction(60), bToA: direction(60)},
    during: {aToB: direction(4, [2000]), bToA: none},
    after: {aToB: direction(40), bToA: direction(40)},
  }
  const lagUs = {aToB: direction(104, [2000]), bToA: direction(100), probe: null}
  const nodes = [
    {name: 'm1', backend: null, address: ''},
    {name: 's1', backend: null, address: ''},
  ]
  expect(drillLagLines({lagUs, lagByPhaseUs, nodes} as unknown as Parameters<typeof drillLagLines>[0])).toEqual([
    'lag m1 → s1    p50 0.210  p99 0.210  max ≥ 2,000 ms of 105 probes, 1 never seen',
    'lag s1 → m1    p50 0.210  p99 0.210  max 0.210 ms of 100 probes',
    'lag                     before    during    after',
    '  m1 → s1  p50 ms        0.210     0.210    0.210',
    '  m1 → s1  p90 ms        0.210  needs 10    0.210',
    '  m1 → s1  max ms        0.210   ≥ 2,000    0.210',
    '  m1 → s1  never seen  0 of 60    1 of 5  0 of 40',
    '  s1 → m1  p50 ms        0.210         –    0.210',
    '  s1 → m1  p90 ms        0.210         –    0.210',
    '  s1 → m1  max ms        0.210         –    0.210',
    '  s1 → m1  never seen  0 of 60    0 of 0  0 of 40',
  ])
})

it('reads documents of a probe that gave up after two seconds', () => {
  const old = {aToB: {...latency, notCrossed: 3}, bToA: {...latency, notCrossed: 0}}
  expect(lagUsSchema.parse(old)).toMatchObject({
    aToB: {unseen: 3, atLeast: [], notStored: 0},
    bToA: {unseen: 0},
    probe: null,
  })
})
