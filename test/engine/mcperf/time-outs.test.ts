import {beforeEach, describe, expect, onTestFinished, test, vi} from 'vitest'
import {NumberRing} from '../../../src/engine/generator/number-ring.js'
import type {McperfConnection} from '../../../src/engine/mcperf/connection.js'
import {watchTimeouts} from '../../../src/engine/mcperf/time-outs.js'

let nowMs = 0

beforeEach(() => {
  nowMs = 0
  vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout']})
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
    pending: new NumberRing(),
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
  return watchTimeouts({timeoutSeconds, liveCount: () => live.size, live: () => live, clock: () => nowMs})
}

describe('waits too long', () => {
  test('who is not open in time', () => {
    watch(1)
    const connection = fakeConnection({state: 'connecting', openedMs: 10})
    pass(1009)
    expect(connection.failedMs).toEqual([])
    pass(1)
    expect(connection.failedMs).toEqual([1010])
  })

  test('whose oldest call has no reply', () => {
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

test('time-outs are looked for again when the next one is due', () => {
  watch(1)
  const first = fakeConnection({state: 'connecting', openedMs: 3})
  const second = fakeConnection({state: 'connecting', openedMs: 7})
  pass(1003)
  expect([first.failedMs, second.failedMs]).toEqual([[1003], []])
  pass(4)
  expect(second.failedMs).toEqual([1007])
})

test('those who do not wait yet are looked at every tenth of the time-out', () => {
  let looks = 0
  const live = (): McperfConnection[] => {
    looks++
    return []
  }
  watchTimeouts({timeoutSeconds: 0.2, liveCount: () => 0, live, clock: () => nowMs})
  pass(19)
  expect(looks).toBe(0)
  pass(1)
  expect(looks).toBe(1)
})

test('very many are looked at no more often than a thousand in each ms', () => {
  let looks = 0
  const live = (): McperfConnection[] => {
    looks++
    return []
  }
  watchTimeouts({timeoutSeconds: 0.2, liveCount: () => 50_000, live, clock: () => nowMs})
  pass(20)
  expect(looks).toBe(1)
  pass(49)
  expect(looks).toBe(1)
  pass(1)
  expect(looks).toBe(2)
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

  test('saves nobody who has no reply 5 ms later', () => {
    watch(1)
    const connection = fakeConnection({})
    connection.pending.push(1)
    standStill(3000)
    pass(5)
    expect(connection.failedMs).toEqual([3005])
  })

  test('is none when look after look is late: bytes that flood the process keep no connection alive', () => {
    watch(1)
    const connection = fakeConnection({state: 'connecting'})
    for (let late = 1; late <= 3; late++) standStill(2000)
    expect(connection.failedMs).toEqual([])
    standStill(2000)
    expect(connection.failedMs).toEqual([8000])
  })
})
