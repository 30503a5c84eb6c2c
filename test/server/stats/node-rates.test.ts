import {expect, it} from 'vitest'
import type {NodeCounters, NodeFigures} from '../../../src/server/stats/node-figures.js'
import {RateWindow} from '../../../src/server/stats/node-rates.js'

const nothing = {gets: 0, hits: 0, misses: 0, sets: 0, evictions: 0, operations: 0, bytesRead: 0, bytesWritten: 0}

/** At 1 ms per operation, whenever it is asked. */
function told(atMs: number, counters: Partial<NodeCounters> = {operations: atMs}) {
  return {figures: {counters: {...nothing, ...counters}} as unknown as NodeFigures, atMs, anew: false}
}

it('is of the window, however often and whenever the node is asked', () => {
  const window = new RateWindow(1000)
  expect(window.add(told(0))).toBeNull()
  expect(window.add(told(30))).toBeNull()
  for (const atMs of [1001, 1003, 1500, 2002, 2003, 2100, 3001]) {
    const rates = window.add(told(atMs))!
    expect(rates.operations).toBeCloseTo(1000, 6)
    expect(rates.seconds).toBeGreaterThan(0.9)
    expect(rates.seconds).toBeLessThan(1.6)
  }
})

it('is longer where the node was silent', () => {
  const window = new RateWindow(1000)
  window.add(told(0))
  expect(window.add(told(5000))).toMatchObject({seconds: 5, operations: 1000})
})

it('begins again with counters that began again', () => {
  const window = new RateWindow(1000)
  window.add(told(0, {operations: 500}))
  window.add(told(1000, {operations: 1500}))
  expect(window.add({...told(1100, {operations: 3}), anew: true})).toBeNull()
  expect(window.add(told(2000, {operations: 70}))).toMatchObject({seconds: 1, operations: 70})
  expect(window.add(told(3000, {operations: 170}))).toMatchObject({seconds: 1, operations: 100})
})

it('is of the time since the sample before where no window is wanted', () => {
  const window = new RateWindow(0)
  window.add(told(0))
  expect(window.add(told(2))).toMatchObject({seconds: 0.002, operations: 1000})
})
