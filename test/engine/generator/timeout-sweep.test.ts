import {afterEach, beforeEach, expect, test, vi} from 'vitest'
import {TimeoutSweep} from '../../../src/engine/generator/timeout-sweep.js'

let nowMs = 0

beforeEach(() => {
  vi.useFakeTimers()
  nowMs = 0
})

afterEach(() => {
  vi.useRealTimers()
})

/** Runs timers on time, as those of a thread that is not held up. */
function pass(ms: number): void {
  for (let left = ms; left > 0; left--) {
    nowMs++
    vi.advanceTimersByTime(1)
  }
}

/** The thread stands still: its timers go off when it is over. */
function standStill(ms: number): void {
  nowMs += ms
}

function makeSweep(options: Partial<ConstructorParameters<typeof TimeoutSweep>[0]> = {}) {
  const looks: number[] = []
  const sweep = new TimeoutSweep({
    shortestTimeoutMs: 500,
    connectionCount: () => 1,
    clock: () => nowMs,
    look: ms => {
      looks.push(ms)
      return Number.POSITIVE_INFINITY
    },
    ...options,
  })
  sweep.start()
  return {sweep, looks}
}

test('it looks ten times within the shortest time-out', () => {
  const {looks} = makeSweep()
  pass(200)
  expect(looks).toEqual([50, 100, 150, 200])
})

test.each([
  {shortestTimeoutMs: 10, intervalMs: 5},
  {shortestTimeoutMs: 60_000, intervalMs: 100},
])('of a time-out of $shortestTimeoutMs ms every $intervalMs ms', ({shortestTimeoutMs, intervalMs}) => {
  const {looks} = makeSweep({shortestTimeoutMs})
  pass(3 * intervalMs)
  expect(looks).toEqual([1, 2, 3].map(n => n * intervalMs))
})

test('it looks when a time-out is due', () => {
  const looks: number[] = []
  makeSweep({
    look: ms => {
      looks.push(ms)
      return ms < 63 ? 63 : Number.POSITIVE_INFINITY
    },
  })
  pass(113)
  expect(looks).toEqual([50, 63, 113])
})

test('a look at very many connections is not made each millisecond', () => {
  const looks: number[] = []
  makeSweep({
    connectionCount: () => 7000,
    look: ms => {
      looks.push(ms)
      return ms + 1
    },
  })
  pass(64)
  expect(looks).toEqual([50, 57, 64])
})

test('after a standstill the replies in the sockets come first', () => {
  const {looks} = makeSweep()
  standStill(1000)
  pass(50)
  expect(looks).toEqual([])
  pass(5)
  expect(looks).toEqual([1055])
})

test('what is held up by no more than an interval is busy, not at a standstill', () => {
  const {looks} = makeSweep()
  standStill(50)
  pass(50)
  expect(looks).toEqual([100])
})

test('a thread that is held up again and again looks all the same', () => {
  const {looks} = makeSweep()
  standStill(1000)
  pass(50)
  for (let round = 0; round < 2; round++) {
    standStill(1000)
    pass(5)
  }
  // Three late looks in a row are left out.
  expect(looks).toEqual([])
  standStill(1000)
  pass(5)
  expect(looks).toEqual([nowMs])
})

test('stopped, also by its own look, it looks no more', () => {
  const looks: number[] = []
  const {sweep} = makeSweep({
    look: ms => {
      looks.push(ms)
      sweep.stop()
      return ms + 1
    },
  })
  expect(sweep.watching).toBe(true)
  pass(500)
  expect(looks).toEqual([50])
  expect(sweep.watching).toBe(false)
})
