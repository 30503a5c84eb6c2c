import fc from 'fast-check'
import {expect, test} from 'vitest'
import {NumberRing} from '../../../src/engine/generator/number-ring.js'
import {ResponseHistogram} from '../../../src/engine/mcperf/counters.js'
import {Moments} from '../../../src/engine/mcperf/moments.js'

test('a queue gives back what came first', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.double({noNaN: true}))), steps => {
      const queue = new NumberRing()
      const model: number[] = []
      for (const step of steps) {
        if (step !== null) {
          queue.push(step)
          model.push(step)
        } else if (model.length > 0) expect(queue.shift()).toBe(model.shift())
        expect(queue.count).toBe(model.length)
        if (model.length > 0) expect(queue.first).toBe(model[0])
      }
    }),
  )
})

test('moments of parts add up', () => {
  const whole = new Moments()
  const parts = [new Moments(), new Moments()]
  for (const [index, value] of [4, 8, 15, 16, 23, 42].entries()) {
    whole.add(value)
    parts[index % 2]!.add(value)
  }
  parts[0]!.addAll(parts[1]!)
  for (const {count, average, min, max, deviation} of [whole, parts[0]!]) {
    expect({count, average, min, max}).toEqual({count: 6, average: 18, min: 4, max: 42})
    expect(deviation).toBeCloseTo(13.4907, 4)
  }
  const {average, min, max, deviation} = new Moments()
  expect({average, min, max, deviation}).toEqual({average: 0, min: 0, max: 0, deviation: 0})
})

test('the histogram has bins of 1 ms and mcperf’s quantiles', () => {
  const histogram = new ResponseHistogram()
  for (const ms of [0.4, 0.5, 1.5, 2.5, 3.5, 1e9]) histogram.add(ms)
  expect([...histogram.entries()]).toEqual([
    [0, 2],
    [2, 2],
    [4, 1],
    [99_999, 1],
  ])
  expect(histogram.lastIsEmpty).toBe(false)
  expect([0.25, 0.5, 0.7, 0.999].map(share => histogram.quantile(share, 6))).toEqual([1, 2, 2, 99_999])
})
