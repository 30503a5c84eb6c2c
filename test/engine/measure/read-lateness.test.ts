import {readFileSync} from 'node:fs'
import {describe, expect, test} from 'vitest'
import {openCoreWait, ownThreadTime, ReadLateness} from '../../../src/engine/measure/read-lateness.js'

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

describe('waits for a core', () => {
  /** Before the poll under way, with 30 ms idle of which the thread waited for its core for 20. */
  const idling = () => new ScriptedThread().checked().checked().idles(30, 20)

  test('are asked of the kernel at the first read after much idling', () => {
    expect(idling().read()).toBeCloseTo(20)
  })

  test('are asked of the kernel once for the reads of one moment', () => {
    const thread = idling()
    expect(thread.read()).toBeCloseTo(20)
    thread.waited += 5
    thread.idle += 5
    thread.work(0.05)
    // Still the same poll: neither the idling nor the wait is looked at again.
    expect(thread.read()).toBeCloseTo(20.05)
  })

  test('are asked again only after half a millisecond of idling, or ten of anything', () => {
    const thread = idling()
    thread.read()
    thread.checked().checked()
    thread.idles(0.4, 0.2)
    expect(thread.read()).toBeCloseTo(0)
    thread.checked().checked().idles(0.1, 0.1)
    // With what was idled before it is half a millisecond now: both waits come to light.
    expect(thread.read()).toBeCloseTo(0.1)
    thread.checked().checked().work(9.7).idles(0.2, 0.2)
    expect(thread.read()).toBeCloseTo(9.7)
    thread.checked().checked().idles(0.2, 0.1)
    expect(thread.read()).toBeCloseTo(0.2)
  })

  test('from before the load are none of its own', () => {
    const before = {nowMs: 100, idle: 80, waited: 60}
    const lateness = new ReadLateness({idleMs: () => before.idle, waitedMs: () => before.waited, close: () => {}})
    lateness.checked(100)
    lateness.checked(100)
    before.idle += 10
    lateness.read(110)
    expect(lateness.ofReply(0, 110)).toBeCloseTo(0)
  })
})

test('a call that was sent right before the last poll may have its reply since then', () => {
  const thread = new ScriptedThread().checked()
  const sentMs = thread.nowMs
  expect(thread.work(2).checked().work(3).read(sentMs)).toBeCloseTo(5)
})

test('a call that was sent after the last poll began is not relieved by what was idled before', () => {
  const thread = new ScriptedThread().checked().checked().idles(50)
  const sentMs = thread.nowMs
  thread.work(4)
  expect(thread.read(sentMs)).toBeCloseTo(4)
})

test('the time of the thread is let go of in the end', () => {
  let closed = 0
  new ReadLateness({idleMs: () => 0, waitedMs: () => 0, close: () => closed++}).close()
  expect(closed).toBe(1)
})

test('a thread knows how long it has idled', async () => {
  const time = ownThreadTime()
  const before = time.idleMs()
  await new Promise(resolve => setTimeout(resolve, 20))
  expect(time.idleMs() - before).toBeGreaterThan(10)
  expect(time.waitedMs()).toBeGreaterThanOrEqual(0)
  time.close()
})

describe.skipIf(process.platform !== 'linux')('the kernel', () => {
  const waitedNs = () => Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[1])

  test('tells how long a thread waited for a core', () => {
    const wait = openCoreWait()!
    const least = waitedNs() / 1e6
    const waitedMs = wait.waitedMs()
    const most = waitedNs() / 1e6
    wait.close()
    expect(waitedMs).toBeGreaterThanOrEqual(least)
    expect(waitedMs).toBeLessThanOrEqual(most)
    expect(most).toBeGreaterThan(0)
  })

  test('is not asked after the end', () => {
    const wait = openCoreWait()!
    wait.close()
    expect(() => wait.waitedMs()).toThrow('EBADF')
    const time = ownThreadTime()
    time.close()
    expect(() => time.waitedMs()).toThrow('EBADF')
  })
})
