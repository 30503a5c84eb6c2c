import {describe, expect, it} from 'vitest'
import {PROBE_TTL_MS} from '../../../src/engine/lag/lag-event.js'
import {LagHistogram} from '../../../src/engine/lag/lag-histogram.js'
import {LagRecord} from '../../../src/engine/lag/lag-record.js'

const direction = 'aToB'
const stored = (number: number, atMs: number) => ({type: 'stored', direction, number, atMs}) as const
const seen = (number: number, lagUs: number) =>
  ({type: 'seen', direction, number, atMs: 0, lagUs, resolutionUs: 200}) as const

describe('a histogram of lags', () => {
  const of = (...us: number[]) => {
    const histogram = new LagHistogram()
    for (const each of us) histogram.add(each)
    return histogram
  }

  it('has exact mean and deviation; with unseen writes there is no deviation', () => {
    const histogram = of(2000, 4000, 4000, 4000, 5000, 5000, 7000, 9000)
    expect(histogram.figures([])).toMatchObject({count: 8, unseen: 0, min: 2000, mean: 5000, stddev: 2000, max: 9000})
    expect(histogram.figures([])).toMatchObject({atLeast: []})
    expect(histogram.figures([14_000])).toMatchObject({count: 9, unseen: 1, mean: 6000, stddev: null, max: 14_000})
  })

  it('of nothing has no figures', () => {
    expect(of().figures([])).toMatchObject({count: 0, unseen: 0, min: null, mean: null, max: null, atLeast: []})
    expect(of().figures([500])).toMatchObject({count: 1, min: null, mean: 500, max: 500})
  })

  it('forgets the unseen of one question before the next', () => {
    const histogram = of(1000, 1000, 1000, 1000)
    const unseen = Array<number>(40).fill(9000)
    expect(histogram.figures(unseen).p50).toBe(9000)
    expect(histogram.figures([1000]).p50).toBe(1000)
    expect(histogram.figures(unseen).count).toBe(44)
  })

  it('takes what is longer than it tells apart by its age', () => {
    expect(of().figures(Array<number>(5).fill(100_000_000))).toMatchObject({p50: 100_000_000, max: 100_000_000})
  })
})

describe('a record', () => {
  it('says on which threads it was measured', () => {
    const record = new LagRecord()
    expect(record.summary()).toMatchObject({measuredOn: [], probe: null})
    record.measuredOn('mainThread')
    record.measuredOn('probeThread')
    expect(record.summary().measuredOn).toEqual(['mainThread', 'probeThread'])
  })

  it('looks for nothing any more whose probe is gone', () => {
    const record = new LagRecord()
    record.take(stored(1, 1000))
    record.take(stored(2, 1100))
    record.abandon()
    expect(record.liveUs(direction)).toBeNull()
    record.end(2000)
    expect(record.summary().aToB).toMatchObject({count: 2, unseen: 2, max: 1_000_000})
  })

  it('adds up what was asked of both nodes', () => {
    const record = new LagRecord()
    const a = {connections: 1, sets: 2, gets: 3, deletes: 4}
    const b = {connections: 10, sets: 20, gets: 30, deletes: 40}
    record.counted({a, b})
    expect(record.summary().probe).toEqual({connections: 11, sets: 22, gets: 33, deletes: 44, a, b})
  })

  it('knows the longest lag of writes since a moment, as an upper bound', () => {
    const record = new LagRecord()
    for (const [number, lagUs] of [1000, 9000, 3000].entries()) {
      record.take(stored(number, 100 * number))
      record.take(seen(number, lagUs))
    }
    expect([record.worstLagMs(0), record.worstLagMs(100), record.worstLagMs(101), record.worstLagMs(201)]).toEqual([
      9.1, 9.1, 3.1, 0,
    ])
  })

  it('names the phase of a write by when it was acknowledged', () => {
    const record = new LagRecord()
    record.enter('during', 1000)
    for (const [number, atMs] of [999, 1000].entries()) {
      record.take(stored(number, atMs))
      record.take(seen(number, 100))
    }
    expect([record.summary('first').aToB.count, record.summary('during').aToB.count]).toEqual([1, 1])
    record.enter(null, 2000)
    record.take(stored(2, 2000))
    record.take(stored(3, 2001))
    record.take(seen(2, 100))
    record.end(9000)
    expect(record.summary().aToB).toMatchObject({count: 2, unseen: 0})
  })

  it('goes on to live where overtaken writes expire, and waits since the oldest young one that did', () => {
    const record = new LagRecord()
    record.take(stored(1, 0))
    record.take({type: 'overtaken', direction, number: 1})
    record.take(stored(2, PROBE_TTL_MS))
    record.take({type: 'asOf', atMs: PROBE_TTL_MS + 5, a: none, b: none})
    expect(record.liveUs(direction)).toBe(5000)
    record.take(stored(3, 2 * PROBE_TTL_MS))
    record.take({type: 'asOf', atMs: 2 * PROBE_TTL_MS, a: none, b: none})
    expect(record.liveUs(direction)).toBe(PROBE_TTL_MS * 1000)
    record.take(seen(1, 5))
    expect(record.summary().aToB.unseen).toBe(2)
  })
})

const none = {connections: 0, sets: 0, gets: 0, deletes: 0}
