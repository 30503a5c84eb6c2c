import {beforeEach, describe, expect, onTestFinished, test, vi} from 'vitest'
import {LoopScheduler} from '../../../src/engine/generator/loop-scheduler.js'

let nowMs = 0
let isIdle = true
let runs: number[] = []
let naps: number[] = []
let scheduler: LoopScheduler

beforeEach(() => {
  nowMs = 0
  isIdle = true
  runs = []
  naps = []
  vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate']})
  const wait = vi.spyOn(Atomics, 'wait').mockImplementation((_cell, _at, _value, ms) => {
    naps.push(ms!)
    nowMs += ms!
    return 'timed-out'
  })
  onTestFinished(() => {
    scheduler.stop()
    wait.mockRestore()
    vi.useRealTimers()
  })
  scheduler = new LoopScheduler({run: () => void runs.push(nowMs), isIdle: () => isIdle, clock: () => nowMs})
})

/** Lets time pass as it does on an idle event loop. */
function pass(ms: number): void {
  for (let passed = 0; passed < ms; passed++) {
    nowMs++
    vi.advanceTimersByTime(1)
  }
}

/** The next turn of the event loop, which takes no time. */
const turn = (): void => void vi.advanceTimersByTime(0)

describe('soon', () => {
  test('is the next turn, once, and without a nap', () => {
    scheduler.soon()
    scheduler.soon()
    expect(runs).toEqual([])
    turn()
    expect(runs).toEqual([0])
    turn()
    expect([runs, naps]).toEqual([[0], []])
  })

  test('takes the nap off that another wish allowed', () => {
    scheduler.at(1)
    scheduler.soon()
    turn()
    expect([runs, naps]).toEqual([[0], []])
  })
})

describe('a time that lies ahead', () => {
  test('is waited for by a timer that leaves the last two milliseconds to turns', () => {
    scheduler.at(10.5)
    pass(9)
    expect(runs).toEqual([])
    // The fake turn that follows a timer comes with the next millisecond.
    pass(1)
    expect(runs).toEqual([10])
    // Whoever runs asks again; now it is near.
    scheduler.at(10.5)
    turn()
    expect(naps).toEqual([expect.closeTo(0.42)])
    expect(runs).toEqual([10, expect.closeTo(10.42)])
  })

  test('of less than two milliseconds needs no timer', () => {
    scheduler.at(1.9)
    turn()
    expect(naps).toEqual([expect.closeTo(1.82)])
    scheduler.at(nowMs + 2)
    turn()
    expect(runs).toHaveLength(1)
    expect(vi.getTimerCount()).toBe(1)
  })

  test('is the earliest that was asked for', () => {
    scheduler.at(50)
    scheduler.at(20)
    scheduler.at(30)
    expect(vi.getTimerCount()).toBe(1)
    pass(20)
    expect(runs).toEqual([20])
    pass(100)
    expect(runs).toEqual([20])
  })

  test('can be asked for again once it came', () => {
    scheduler.at(20)
    pass(20)
    scheduler.at(40)
    pass(20)
    expect(runs).toEqual([20, 40])
  })

  test('at Infinity asks for nothing', () => {
    scheduler.at(Number.POSITIVE_INFINITY)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('that comes while a turn is asked for shortens its nap', () => {
    scheduler.at(1.5)
    scheduler.at(1)
    scheduler.at(1.8)
    turn()
    expect(naps).toEqual([expect.closeTo(0.92)])
  })
})

describe('a nap', () => {
  test('is taken only when nothing is under way', () => {
    isIdle = false
    scheduler.at(1.5)
    turn()
    expect([naps, runs]).toEqual([[], [0]])
  })

  test('is not taken when the time has come', () => {
    scheduler.at(0.08)
    turn()
    expect(naps).toEqual([])
    scheduler.at(-5)
    turn()
    expect(naps).toEqual([])
  })

  test('is over after one turn', () => {
    scheduler.at(1.5)
    turn()
    scheduler.soon()
    turn()
    expect(naps).toHaveLength(1)
  })
})

test('stopped, it runs nothing that was asked for', () => {
  scheduler.at(20)
  scheduler.soon()
  scheduler.stop()
  pass(50)
  expect(runs).toEqual([])
  expect(vi.getTimerCount()).toBe(0)
  scheduler.stop()
  scheduler.soon()
  turn()
  expect(runs).toHaveLength(1)
})
