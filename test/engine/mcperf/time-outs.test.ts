import {beforeEach, describe, expect, onTestFinished, test, vi} from 'vitest'
import {NumberQueue} from '../../../src/engine/generator/number-ring.js'
import type {McperfConnection} from '../../../src/engine/mcperf/connection.js'
import {watchTimeouts} from '../../../src/engine/mcperf/time-outs.js'

let nowMs = 0

beforeEach(() => {
  nowMs = 0
  vi.useFakeTimers({toFake: ['setInterval', 'clearInterval']})
  onTestFinished(() => {
    vi.useRealTimers()
  })
})

/** Lets time pass as it does on an idle event loop. */
function pass(ms: number): void {
  for (let passed = 0; passed < ms; passed++) {
    nowMs++
    vi.advanceTimersByTime(1)
  }
}

/** The process stands still: the timer that is due goes off late, once. */
function standStill(ms: number): void {
  nowMs += ms
  vi.advanceTimersToNextTimer()
}

function fakeConnection(fields: Partial<McperfConnection>): McperfConnection & {readonly failedMs: number[]} {
  const connection = {
    state: 'open',
    openedMs: 0,
    blockedMs: 0,
    pending: new NumberQueue(),
    failedMs: [] as number[],
    fail() {
      this.failedMs.push(nowMs)
      live.delete(connection as unknown as McperfConnection)
    },
    ...fields,
  }
  live.add(connection as unknown as McperfConnection)
  return connection as unknown as McperfConnection & {failedMs: number[]}
}

let live = new Set<McperfConnection>()

function watch(timeoutSeconds: number): () => void {
  live = new Set()
  return watchTimeouts({timeoutSeconds, live: () => live, clock: () => nowMs})
}

describe('waits too long', () => {
  test('who is not open in time', () => {
    watch(1)
    const connection = fakeConnection({state: 'connecting', openedMs: 10})
    pass(1000)
    expect(connection.failedMs).toEqual([])
    pass(50)
    expect(connection.failedMs).toEqual([1050])
  })

  test('whose oldest call has no reply, at the sweep that comes then', () => {
    watch(1)
    const connection = fakeConnection({})
    connection.pending.push(50)
    connection.pending.push(900)
    pass(1049)
    expect(connection.failedMs).toEqual([])
    pass(1)
    expect(connection.failedMs).toEqual([1050])
  })

  test('whose socket takes nothing', () => {
    watch(1)
    const connection = fakeConnection({blockedMs: 100})
    pass(1099)
    expect(connection.failedMs).toEqual([])
    pass(1)
    expect(connection.failedMs).toEqual([1100])
  })

  test('not who waits for nothing', () => {
    watch(1)
    const connection = fakeConnection({})
    pass(5000)
    expect(connection.failedMs).toEqual([])
  })

  test('nobody, without a time-out', () => {
    watch(0)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('nobody, when the watch has ended', () => {
    const end = watch(1)
    const connection = fakeConnection({state: 'connecting'})
    end()
    pass(2000)
    expect(connection.failedMs).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })
})

test.each([
  {timeoutSeconds: 0.02, everyMs: 2},
  {timeoutSeconds: 0.2, everyMs: 10},
  {timeoutSeconds: 5, everyMs: 50},
])('a time-out of $timeoutSeconds s is looked for every $everyMs ms', ({timeoutSeconds, everyMs}) => {
  let sweeps = 0
  const live = (): McperfConnection[] => {
    sweeps++
    return []
  }
  watchTimeouts({timeoutSeconds, live, clock: () => nowMs})
  pass(everyMs - 1)
  expect(sweeps).toBe(0)
  pass(1)
  expect(sweeps).toBe(1)
})

describe('a standstill of the process', () => {
  test('costs no connection whose replies lie unread: they are read first', () => {
    watch(1)
    const connection = fakeConnection({})
    connection.pending.push(1)
    standStill(3000)
    expect(connection.failedMs).toEqual([])
    // The replies are read in this turn of the event loop.
    connection.pending.shift()
    pass(500)
    expect(connection.failedMs).toEqual([])
  })

  test('saves nobody who has no reply at the next sweep', () => {
    watch(1)
    const connection = fakeConnection({})
    connection.pending.push(1)
    standStill(3000)
    pass(50)
    expect(connection.failedMs).toEqual([3050])
  })

  test('is a sweep that comes over 200 ms late; a busy machine may do that much', () => {
    watch(1)
    const busy = fakeConnection({state: 'connecting', openedMs: 250 - 1000})
    standStill(250)
    expect(busy.failedMs).toEqual([250])
    const standing = fakeConnection({state: 'connecting', openedMs: -1000})
    standStill(251)
    expect(standing.failedMs).toEqual([])
  })

  test('is none when sweep after sweep is late: bytes that flood the process keep no connection alive', () => {
    watch(1)
    const connection = fakeConnection({state: 'connecting'})
    for (let late = 1; late <= 3; late++) standStill(2000)
    expect(connection.failedMs).toEqual([])
    standStill(2000)
    expect(connection.failedMs).toEqual([8000])
  })

  test('is another one after a sweep in time', () => {
    watch(1)
    for (let late = 1; late <= 3; late++) standStill(2000)
    pass(50)
    const connection = fakeConnection({state: 'connecting', openedMs: nowMs})
    for (let late = 1; late <= 3; late++) standStill(2000)
    expect(connection.failedMs).toEqual([])
    standStill(2000)
    expect(connection.failedMs).toEqual([nowMs])
  })
})
