import {describe, expect, it} from 'vitest'
import type {RunSnapshot} from '../../../src/engine/result/run-snapshot.js'
import {addSnapshots} from '../../../src/ui/run-view/run-points.js'
import {runSeries} from '../../../src/ui/run-view/run-series.js'
import {startedRun} from '../../../src/ui/screens/load/state/load-run.js'
import {snapshot} from '../helpers/fake-nodes.js'

function series(
  seconds: readonly number[],
  columns: number,
  combine: 'mean' | 'max' = 'mean',
  change: Partial<RunSnapshot> = {},
) {
  const run = startedRun({number: 1, profile: 'seed', target: 'm1'})
  const filled = addSnapshots(
    run,
    seconds.map(second => snapshot(second, {connections: second * 10, plannedSeconds: 10})),
  )
  return runSeries({
    run: {...filled, snapshot: filled.snapshot && {...filled.snapshot, ...change}},
    columns,
    value: ({connections}) => connections,
    combine,
  })
}

describe('a run as columns', () => {
  it('fills from the left while the run goes on', () => expect(series([0.5, 1.5, 2.5], 10)).toEqual([5, 15, 25]))

  it('combines the points of a column', () => {
    expect(series([0.2, 0.4, 1.2], 10)).toEqual([3, 12])
    expect(series([0.2, 0.4, 1.2], 10, 'max')).toEqual([4, 12])
  })

  it('leaves a gap where no point came', () => expect(series([0.5, 2.5], 10)).toEqual([5, null, 25]))

  it('bridges a column that a point missed by a little, and no more', () => {
    const rounded = series([0.19, 0.41, 0.61, 1.61], 50).map(value => value && Math.round(value))
    expect(rounded).toEqual([2, 2, 4, 6, 6, null, null, null, 16])
  })

  it('draws a short run through every column, each point until the next', () => {
    expect(series([0.15, 0.35], 8, 'mean', {plannedSeconds: 0.8})).toEqual([null, 1.5, 1.5, 3.5])
  })

  it('gives a run that is over all of the room, and one of unknown length a column for each point', () => {
    expect(series([0.5, 1, 1.5, 2], 4, 'mean', {phase: 'done'})).toHaveLength(4)
    expect(series([0.1, 0.3, 0.5], 30, 'mean', {plannedSeconds: null})).toHaveLength(3)
  })

  it('keeps to the last minute of a long run', () => {
    const long = series(
      [...Array(90).keys()].map(index => index + 0.5),
      60,
    )
    expect(long).toHaveLength(60)
    expect([long[0], long.at(-1)]).toEqual([305, 895])
  })

  it('is empty before the first point', () => expect(series([], 10)).toEqual([]))
})
