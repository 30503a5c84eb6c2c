import fc from 'fast-check'
import {build, decodeFromCompressedBase64} from 'hdr-histogram-js'
import {describe, expect, test} from 'vitest'
import {
  addDeltas,
  counterIndex,
  LATENCY_MAX_US,
  LatencyRecorder,
  noLatencies,
  valueAtIndex,
} from '../../../src/engine/measure/latency.js'
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

describe('a report', () => {
  const deltaOf = (...ms: number[]) => {
    const recorder = new LatencyRecorder()
    for (const each of ms) recorder.recordMs(each)
    return recorder.take()
  }

  test('says what was recorded, exactly, and where it is counted', () => {
    expect(deltaOf(0.003, 0.001, 0.003, 5)).toEqual({
      indexes: Uint16Array.of(1, 3, counterIndex(5000)),
      counts: Uint32Array.of(1, 2, 1),
      count: 4,
      minUs: 1,
      maxUs: 5000,
      sumUs: 5007,
      sumOfSquares: 1 + 9 + 9 + 25_000_000,
    })
  })

  test('counts what took no time, or less, as 0', () => {
    expect(deltaOf(0, -3)).toMatchObject({indexes: Uint16Array.of(0), count: 2, minUs: 0, maxUs: 0, sumUs: 0})
  })

  test('of nothing is empty', () => {
    expect(deltaOf()).toEqual(noLatencies)
  })

  test('of the longest latency, and of longer ones, ends with its counter', () => {
    const last = counterIndex(LATENCY_MAX_US)
    expect(deltaOf(LATENCY_MAX_US / 1000, 61_000, 600_000)).toMatchObject({
      indexes: Uint16Array.of(last),
      counts: Uint32Array.of(3),
      maxUs: 600_000_000,
    })
  })

  test('added to another is that of one recorder', () => {
    const times = fc.array(fc.nat(5000), {maxLength: 20})
    fc.assert(
      fc.property(times, times, (a, b) => {
        expect(addDeltas(deltaOf(...a), deltaOf(...b))).toEqual(deltaOf(...a, ...b))
      }),
      {numRuns: 50},
    )
  })

  test('added to nothing is itself', () => {
    const delta = deltaOf(1, 2)
    expect(addDeltas(noLatencies, delta)).toBe(delta)
    expect(addDeltas(delta, noLatencies)).toBe(delta)
  })
})

test('counters are single microseconds up to 2047, then 1024 to each doubling', () => {
  expect([0, 2047, 2048, 2049, 2050, 4095, 4096, 4099, 4100].map(counterIndex)).toEqual([
    0, 2047, 2048, 2048, 2049, 3071, 3072, 3072, 3073,
  ])
  expect([0, 2047, 2048, 2049, 3071, 3072, 3073].map(valueAtIndex)).toEqual([0, 2047, 2048, 2050, 4094, 4096, 4100])
})

test('merges are added, and start over', () => {
  const mergeOf = (...ms: number[]) => {
    const recorder = new LatencyRecorder()
    for (const each of ms) recorder.recordMs(each)
    const merge = new LatencyMerge()
    merge.add(recorder.take())
    return merge
  }
  const merge = mergeOf(5, 7)
  expect([merge.percentile(50), merge.percentile(100), merge.maxUs]).toEqual([5003, 7000, 7000])
  merge.addAll(mergeOf(1, 90))
  expect(merge.summary()).toEqual(mergeOf(1, 5, 7, 90).summary())
  expect(merge.toBase64()).toBe(mergeOf(1, 5, 7, 90).toBase64())
  merge.reset()
  expect([merge.percentile(50), merge.maxUs, merge.summary().count]).toEqual([null, null, 0])
  const three = new LatencyRecorder()
  three.recordMs(3)
  merge.add(three.take())
  expect(merge.summary()).toEqual(mergeOf(3).summary())
  expect([merge.percentile(50), merge.toBase64()]).toEqual([3000, mergeOf(3).toBase64()])
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
