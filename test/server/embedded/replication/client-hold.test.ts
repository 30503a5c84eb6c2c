import {beforeEach, describe, expect, it, onTestFinished, vi} from 'vitest'
import {ClientHold} from '../../../../src/server/embedded/replication/client-hold.js'

let link: {depth: number; limit: number; sentBytes: number}
let hold: ClientHold
let released: number[]

beforeEach(() => {
  vi.useFakeTimers({toFake: ['setInterval', 'clearInterval', 'setImmediate', 'clearImmediate']})
  onTestFinished(() => {
    vi.useRealTimers()
  })
  link = {depth: 0, limit: 100, sentBytes: 0}
  hold = new ClientHold(link)
  released = []
})

/** Whatever is to happen in the next turns of the event loop. */
const turns = (): void => void vi.advanceTimersByTime(1)
const wait = (client: number): void => hold.whenReleased(() => released.push(client))

function grow(depth: number): void {
  link.depth = depth
  hold.grown()
}

function shrink(depth: number): void {
  link.depth = depth
  link.sentBytes += 100
  hold.shrunk()
}

describe('clients', () => {
  it('are held from half of the queue on, and the queue is to be sent then', () => {
    grow(49)
    expect([hold.active, hold.pressing]).toEqual([false, false])
    wait(1)
    expect(released).toEqual([1])
    grow(50)
    expect([hold.active, hold.pressing, hold.full]).toEqual([true, true, false])
    wait(2)
    turns()
    expect(released).toEqual([1])
  })

  it('are to send nothing more from three quarters on', () => {
    grow(74)
    expect(hold.full).toBe(false)
    grow(75)
    expect(hold.full).toBe(true)
  })

  it('are released when a quarter is left, those who waited longest first', () => {
    grow(50)
    wait(1)
    wait(2)
    shrink(26)
    turns()
    expect(released).toEqual([])
    shrink(25)
    expect(released).toEqual([])
    turns()
    expect(released).toEqual([1, 2])
    turns()
    expect(hold.active).toBe(false)
  })

  it('are released 64 in a round, so that the peer has work meanwhile', () => {
    grow(50)
    for (let client = 0; client < 100; client++) wait(client)
    shrink(10)
    vi.advanceTimersToNextTimer()
    expect(released).toHaveLength(64)
    // What these write fills the queue again: the others wait on.
    link.depth = 60
    turns()
    turns()
    expect(released).toHaveLength(64)
    shrink(10)
    turns()
    turns()
    expect(released).toHaveLength(100)
  })

  it('are released in one round, however often something was sent', () => {
    grow(50)
    for (let client = 0; client < 100; client++) wait(client)
    shrink(10)
    shrink(5)
    vi.advanceTimersToNextTimer()
    expect(released).toHaveLength(64)
  })
})

describe('a peer that takes nothing', () => {
  it('is waited for 200 ms, then no client is held until the queue has drained', () => {
    grow(50)
    wait(1)
    vi.advanceTimersByTime(199)
    expect(hold.active).toBe(true)
    vi.advanceTimersByTime(1)
    expect(hold.active).toBe(false)
    turns()
    expect(released).toEqual([1])
    grow(60)
    expect(hold.active).toBe(false)
    shrink(26)
    grow(60)
    expect(hold.active).toBe(false)
    shrink(25)
    grow(50)
    expect(hold.active).toBe(true)
  })

  it('is none as long as it takes anything in each 200 ms', () => {
    grow(50)
    for (let round = 0; round < 5; round++) {
      link.sentBytes += 1
      vi.advanceTimersByTime(200)
      expect(hold.active).toBe(true)
    }
    vi.advanceTimersByTime(200)
    expect(hold.active).toBe(false)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is judged by what it took since the hold began', () => {
    link.sentBytes = 500
    grow(50)
    vi.advanceTimersByTime(200)
    expect(hold.active).toBe(false)
  })
})

describe('a join', () => {
  it('holds clients until it ends, whatever the queue does, and they are to send nothing', () => {
    hold.joinBegun()
    expect([hold.active, hold.full]).toEqual([true, true])
    wait(1)
    shrink(0)
    vi.advanceTimersByTime(1000)
    expect(released).toEqual([])
    hold.joinEnded()
    turns()
    expect([released, hold.active]).toEqual([[1], false])
  })

  it('takes over who is held already', () => {
    grow(50)
    wait(1)
    shrink(10)
    hold.joinBegun()
    turns()
    expect(released).toEqual([])
    hold.joinEnded()
    turns()
    expect(released).toEqual([1])
  })

  it('that was none ends nothing', () => {
    grow(50)
    hold.joinEnded()
    expect(hold.active).toBe(true)
  })
})

it('at the end of the link all are released, and the next link begins anew', () => {
  grow(50)
  wait(1)
  hold.end()
  expect([hold.active, released]).toEqual([false, []])
  turns()
  expect(released).toEqual([1])
  expect(vi.getTimerCount()).toBe(0)
  grow(50)
  vi.advanceTimersByTime(200)
  hold.end()
  grow(50)
  expect(hold.active).toBe(true)
})
