import {describe, expect, test} from 'vitest'
import {openCoreWait, ReadLateness} from '../../../src/engine/measure/read-lateness.js'

/** A thread whose time is what a script says. */
class ScriptedThread {
  nowMs = 100
  idle = 0
  waited = 0
  readonly lateness = new ReadLateness({idleMs: () => this.idle, waitedMs: () => this.waited, close: () => {}})

  work(ms: number): this {
    this.nowMs += ms
    return this
  }

  /** In a poll that has nothing to read. @param waitedMs of it ready to run again, without a core */
  idles(ms: number, waitedMs = 0): this {
    this.nowMs += ms
    this.idle += ms
    this.waited += waitedMs
    return this
  }

  /** The end of a check phase. */
  checked(): this {
    this.lateness.checked(this.nowMs)
    return this
  }

  /** Reads a reply in the poll under way. */
  read(sentMs = 0): number {
    this.lateness.read(this.nowMs)
    return this.lateness.ofReply(sentMs, this.nowMs)
  }
}

describe('a reply may have lain unread', () => {
  test('since before the poll that did not find it, while the thread was busy', () => {
    expect(new ScriptedThread().checked().work(1).checked().work(7).read()).toBeCloseTo(8)
  })

  test('no longer than since its call was sent', () => {
    const thread = new ScriptedThread().checked().work(1).checked().work(7)
    expect(thread.read(thread.nowMs - 2)).toBeCloseTo(2)
  })

  test('whatever the thread idled before its call was sent', () => {
    const thread = new ScriptedThread().checked().idles(5)
    const sentMs = thread.nowMs
    expect(thread.checked().idles(1).work(90).read(sentMs)).toBeCloseTo(90)
  })

  test('not while polls waited for bytes', () => {
    const thread = new ScriptedThread().checked().work(0.5).idles(30).work(0.5).checked().work(1).idles(50)
    expect(thread.read()).toBeCloseTo(2)
  })

  test('while the thread had bytes to read and no core', () => {
    const thread = new ScriptedThread().checked().checked().idles(50, 20)
    expect(thread.read()).toBeCloseTo(20)
    // So may those that are read after it.
    expect(thread.work(0.1).read()).toBeCloseTo(20.1)
  })

  test('while the replies before it in the same poll were worked through', () => {
    const thread = new ScriptedThread().checked().checked().idles(10)
    expect(thread.read()).toBeCloseTo(0)
    expect(thread.work(3).read()).toBeCloseTo(3)
  })

  test('since the last but one of many polls that found nothing', () => {
    const thread = new ScriptedThread()
    for (let i = 0; i < 100; i++) thread.work(1).checked()
    expect(thread.work(0.5).read()).toBeCloseTo(1.5)
  })

  test('while the thread was away between a poll and the end of its check phase', () => {
    const thread = new ScriptedThread().checked().work(0.01).checked()
    // Found nothing; then another thread had the core for 40 ms.
    thread.work(40).checked()
    expect(thread.work(0.01).read()).toBeGreaterThanOrEqual(40)
  })

  test('not for longer when nothing was to be done for minutes', () => {
    const thread = new ScriptedThread().checked().work(0.1).checked()
    for (let i = 0; i < 100; i++) {
      const sentMs = thread.idles(1000).nowMs
      thread.work(0.01).checked().idles(500)
      expect(thread.read(sentMs)).toBeLessThan(0.2)
    }
  })
})

test.skipIf(process.platform !== 'linux')('the kernel tells how long a thread waited for a core', () => {
  const wait = openCoreWait()!
  const before = wait.waitedMs()
  expect(before).toBeGreaterThanOrEqual(0)
  for (const until = performance.now() + 20; performance.now() < until; );
  expect(wait.waitedMs()).toBeGreaterThanOrEqual(before)
  wait.close()
})
