import {expect, test} from 'vitest'
import {ThreadHealth} from '../../../src/engine/measure/thread-health.js'

function work(ms: number): void {
  for (const untilMs = performance.now() + ms; performance.now() < untilMs; );
}

test('a thread knows its CPU time since the start, and how late its event loop was to a timer', async () => {
  const before = process.cpuUsage()
  const health = new ThreadHealth()
  work(30)
  health.start()
  const startedMs = performance.now()
  expect(health.read().eventLoopDelayUs).toEqual({p99: null, max: null})
  await new Promise(resolve => setTimeout(resolve, 30))
  work(60)
  await new Promise(resolve => setTimeout(resolve, 30))
  const {cpuSeconds, eventLoopDelayUs} = health.read()
  const passedSeconds = (performance.now() - startedMs) / 1000
  const {user, system} = process.cpuUsage(before)
  health.stop()
  expect(cpuSeconds).toBeGreaterThan(0)
  expect(cpuSeconds).toBeLessThan(Math.min(passedSeconds, (user + system) / 1e6))
  // It worked for 60 ms at a stretch, so a timer of 10 ms was at least 40 ms late, and no later than all that passed.
  expect(eventLoopDelayUs.max).toBeGreaterThan(40_000)
  expect(eventLoopDelayUs.max).toBeLessThan(passedSeconds * 1e6)
  expect(eventLoopDelayUs.p99).toBeGreaterThan(0)
  expect(eventLoopDelayUs.p99!).toBeLessThanOrEqual(eventLoopDelayUs.max!)
  health.start()
  expect(health.read().eventLoopDelayUs).toEqual({p99: null, max: null})
  health.stop()
})
