import {describe, expect, it} from 'vitest'
import {LagHistogram} from '../../../src/engine/lag/lag-histogram.js'

function histogramOf(lagsUs: readonly number[]): LagHistogram {
  const histogram = new LagHistogram()
  for (const us of lagsUs) histogram.add(us)
  return histogram
}

/** The smallest value that so many do not exceed. */
function exactly(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.ceil(share * sorted.length) - 1]!
}

describe('percentiles of lags', () => {
  it('are those of all values, to three digits', () => {
    const lags = Array.from({length: 12_000}, (_, index) => 50 + ((index * 7919) % 400_000))
    const {p50, p90, p99, p999, p9999, min, max, count, atLeast} = histogramOf(lags).figures([])
    for (const [found, share] of [
      [p50, 0.5],
      [p90, 0.9],
      [p99, 0.99],
      [p999, 0.999],
      [p9999, 0.9999],
    ] as const) {
      expect(Math.abs(found! / exactly(lags, share) - 1)).toBeLessThan(0.001)
    }
    expect([min, max, count, atLeast]).toEqual([Math.min(...lags), Math.max(...lags), 12_000, []])
  })

  it.each([
    [0, []],
    [4, []],
    [5, ['p50']],
    [10, ['p50', 'p90']],
    [20, ['p50', 'p90', 'p95']],
    [99, ['p50', 'p90', 'p95']],
    [100, ['p50', 'p90', 'p95', 'p99']],
    [1000, ['p50', 'p90', 'p95', 'p99', 'p999']],
  ])('%i probes carry no more than they can', (count, carried) => {
    const figures = histogramOf(Array.from({length: count}, (_, index) => index)).figures([])
    const names = ['p50', 'p90', 'p95', 'p99', 'p999', 'p9999'] as const
    expect(names.filter(name => figures[name] !== null)).toEqual(carried)
    expect(figures.max).toBe(count === 0 ? null : count - 1)
  })

  it('count a probe that was never seen with its age, and say which figures are lower bounds', () => {
    const seen = Array.from({length: 98}, () => 1000)
    const figures = histogramOf(seen).figures([5_000_000, 6_000_000])
    expect(figures).toMatchObject({count: 100, unseen: 2, p50: 1000, p90: 1000, max: 6_000_000, stddev: null})
    expect(figures.p99! / 5_000_000).toBeCloseTo(1, 2)
    expect(figures.atLeast).toEqual(['mean', 'p99', 'max'])
  })

  it('are all lower bounds where an unseen one is younger than they are', () => {
    const figures = histogramOf([9000, 9000, 9000, 9000, 9000]).figures([10])
    expect(figures).toMatchObject({p50: 9000, max: 9000, atLeast: ['mean', 'p50', 'max']})
  })

  it('forget the ages that they were asked with', () => {
    const histogram = histogramOf([1, 2, 3, 4, 5])
    histogram.figures([1_000_000])
    expect(histogram.figures([])).toMatchObject({count: 5, max: 5, p50: 3, unseen: 0})
  })

  it('keep a maximum beyond what the histogram tells apart', () => {
    expect(histogramOf([1, 2, 3, 4, 200_000_000]).figures([])).toMatchObject({max: 200_000_000})
    expect(histogramOf([]).figures([300_000_000])).toMatchObject({
      max: 300_000_000,
      min: null,
      atLeast: ['mean', 'max'],
    })
  })
})
