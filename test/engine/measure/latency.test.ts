import fc from 'fast-check'
import {build, decodeFromCompressedBase64} from 'hdr-histogram-js'
import {describe, expect, test} from 'vitest'
import {LATENCY_MAX_US, LatencyRecorder, valueAtIndex} from '../../../src/engine/measure/latency.js'
import {LatencyMerge} from '../../../src/engine/measure/latency-summary.js'

const latencyUs = fc.oneof(fc.nat(3000), fc.nat(1_000_000), fc.nat(LATENCY_MAX_US))

function reference(values: readonly number[]) {
  const histogram = build({
    bitBucketSize: 32,
    autoResize: false,
    highestTrackableValue: LATENCY_MAX_US,
    numberOfSignificantValueDigits: 3,
  })
  for (const value of values) histogram.recordValue(value)
  return histogram
}

describe('recording', () => {
  test('counts as hdr-histogram-js does, through threads and merge', () => {
    fc.assert(
      fc.property(fc.array(latencyUs, {minLength: 1, maxLength: 200}), fc.nat(200), (values, cut) => {
        const recorder = new LatencyRecorder()
        const merge = new LatencyMerge()
        for (const value of values.slice(0, cut)) recorder.recordMs(value / 1000)
        merge.add(structuredClone(recorder.take()))
        for (const value of values.slice(cut)) recorder.recordMs(value / 1000)
        merge.add(structuredClone(recorder.take()))

        const expected = reference(values)
        const summary = merge.summary()
        expect(summary.count).toBe(values.length)
        for (const [percent, got] of [
          [50, summary.p50],
          [90, summary.p90],
          [99, summary.p99],
          [99.99, summary.p9999],
        ] as const) {
          expect(got).toBe(Math.min(expected.getValueAtPercentile(percent), summary.max!))
        }
        expect([summary.min, summary.max]).toEqual([Math.min(...values), Math.max(...values)])
      }),
    )
  })

  test('keeps three significant digits', () => {
    fc.assert(
      fc.property(latencyUs, value => {
        const recorder = new LatencyRecorder()
        recorder.recordMs(value / 1000)
        const {indexes} = recorder.take()
        const counted = valueAtIndex(indexes[0]!)
        expect(counted).toBeLessThanOrEqual(value)
        expect(value - counted).toBeLessThanOrEqual(value / 1000)
      }),
    )
  })

  test('puts what is too long at the end, and keeps its true maximum', () => {
    const recorder = new LatencyRecorder()
    recorder.recordMs(90_000)
    const merge = new LatencyMerge()
    merge.add(recorder.take())
    expect(merge.summary()).toMatchObject({count: 1, max: 90_000_000})
  })

  test('starts over after take()', () => {
    const recorder = new LatencyRecorder()
    recorder.recordMs(5)
    recorder.take()
    expect(recorder.take()).toMatchObject({count: 0, indexes: new Uint16Array(0), maxUs: 0})
  })
})

describe('summary', () => {
  test('of nothing is null, not 0', () => {
    const {count, ...rest} = new LatencyMerge().summary()
    expect(count).toBe(0)
    expect(new Set(Object.values(rest))).toEqual(new Set([null]))
  })

  test('has exact mean and deviation', () => {
    const recorder = new LatencyRecorder()
    for (const ms of [2, 4, 4, 4, 5, 5, 7, 9]) recorder.recordMs(ms)
    const merge = new LatencyMerge()
    merge.add(recorder.take())
    expect(merge.summary()).toMatchObject({mean: 5000, stddev: 2000, min: 2000, max: 9000})
    merge.reset()
    expect(merge.summary().count).toBe(0)
  })

  test('exports HdrHistogram V2 that other tools can read', () => {
    const values = [1, 50, 2047, 2048, 5000, 123_456, 59_999_999]
    const recorder = new LatencyRecorder()
    for (const value of values) recorder.recordMs(value / 1000)
    const merge = new LatencyMerge()
    merge.add(recorder.take())
    const decoded = decodeFromCompressedBase64(merge.toBase64())
    expect(decoded.totalCount).toBe(values.length)
    for (const percent of [10, 50, 90, 100]) {
      expect(decoded.getValueAtPercentile(percent)).toBe(reference(values).getValueAtPercentile(percent))
    }
  })
})
