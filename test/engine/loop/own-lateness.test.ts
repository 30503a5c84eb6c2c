import {describe, expect, test} from 'vitest'
import {LoadLoop} from '../../../src/engine/loop/load-loop.js'
import {lateShareOf} from '../../../src/engine/measure/generator-health.js'
import {LatencyMerge} from '../../../src/engine/measure/latency-summary.js'
import type {LoadDelta} from '../../../src/engine/measure/recorder.js'
import {Recorder} from '../../../src/engine/measure/recorder.js'
import type {LoadPlan} from '../../../src/engine/plan/plan.js'
import {startFakeMemcached, wellBehaved} from '../../helpers/fake-memcached.js'
import {settle, VirtualTime} from '../../helpers/virtual-time.js'
import {makePlan} from '../helpers/plans.js'
import {wholeLoad} from '../helpers/run-loop.js'

const STEP_MS = 0.5

interface Script {
  readonly changes: Partial<LoadPlan>
  /** From when to when, in ms of the load, the server cuts connections and takes no new ones. */
  readonly down?: readonly [number, number]
  /** From when to when it reads nothing: sockets fill up. */
  readonly deaf?: readonly [number, number]
  /** It reads and never answers. */
  readonly silent?: boolean
  /** When the generator does not get its core for a while: how long the step at a time lasts. */
  readonly stepMs?: (atMs: number) => number
}

/** A load on a clock that only this function moves: whatever is late is so because the script says so. */
async function observe({
  changes,
  down = [0, 0],
  deaf = [0, 0],
  silent = false,
  stepMs = () => STEP_MS,
}: Script): Promise<LoadDelta> {
  const time = new VirtualTime()
  let startMs = Number.POSITIVE_INFINITY
  const isIn = ([fromMs, toMs]: readonly [number, number]) =>
    time.nowMs - startMs >= fromMs && time.nowMs - startMs < toMs
  const isDown = () => isIn(down)
  const server = await startFakeMemcached(
    request => (silent ? undefined : wellBehaved(request)),
    socket => {
      if (isDown()) socket.destroy()
    },
  )
  const plan = makePlan(changes)
  let state: 'connecting' | 'running' | 'finished' = 'connecting'
  const loop = new LoadLoop({
    ...wholeLoad(plan),
    targets: [server.address],
    clock: time.clock,
    onReady: () => {
      state = 'running'
      startMs = time.nowMs + 1
      queueMicrotask(() => loop.start(startMs))
    },
    onFinished: () => {
      state = 'finished'
    },
  })
  loop.connect()
  while ((state as string) === 'connecting') await settle(() => true)
  while ((state as string) !== 'finished') {
    time.advance(stepMs(time.nowMs - startMs))
    for (const socket of server.sockets) {
      if (isDown()) socket.destroy()
      else if (isIn(deaf)) socket.pause()
      else socket.resume()
    }
    await settle(() => true)
  }
  return loop.takeDelta()
}

function shareOf({tally, heldUpCalls, lateCalls}: LoadDelta): number | null {
  return lateShareOf({sent: tally.sent, heldUp: heldUpCalls, late: lateCalls})
}

function slipMaxMs({slip}: LoadDelta): number {
  const merge = new LatencyMerge()
  merge.add(slip)
  return (merge.maxUs ?? 0) / 1000
}

const changes = {connections: 2, ratePerSecond: 1000, durationSeconds: 2, callsPerConnection: null}

describe('who made a call late', () => {
  test('nobody', async () => {
    const delta = await observe({changes})
    expect(delta).toMatchObject({tally: {sent: 2000}, lateCalls: 0, heldUpCalls: 0})
    expect(shareOf(delta)).toBe(0)
    expect(slipMaxMs(delta)).toBeLessThanOrEqual(1)
  })

  test('the server, while it takes no connection: all of its calls are sent in the end, none is the generator’s', async () => {
    const delta = await observe({changes: {...changes, reconnect: true}, down: [500, 1200]})
    expect(delta.tally.sent).toBe(2000)
    expect(delta.heldUpCalls).toBeGreaterThan(400)
    expect(delta.lateCalls).toBe(0)
    expect(slipMaxMs(delta)).toBeLessThanOrEqual(1)
  })

  test('the server, while it reads nothing and sockets are full: what it takes later is held up, not late', async () => {
    const big = {...changes, ratePerSecond: 40, durationSeconds: 1, sizes: {kind: 'fixed', bytes: 1_000_000} as const}
    const delta = await observe({changes: {...big, timeoutMs: 5000}, deaf: [100, 600]})
    expect(delta.tally).toMatchObject({sent: 40, ok: 40})
    expect(delta.heldUpCalls).toBeGreaterThan(8)
    expect(delta.lateCalls).toBe(0)
    expect(slipMaxMs(delta)).toBeLessThanOrEqual(1)
  })

  test('the generator, which does not get its core', async () => {
    const delta = await observe({changes, stepMs: atMs => (atMs > 500 && atMs < 1000 ? 20 : STEP_MS)})
    expect(delta.heldUpCalls).toBe(0)
    // Of each 20 ms the calls of 19.
    expect(delta.lateCalls).toBeGreaterThan(400)
    expect(slipMaxMs(delta)).toBeGreaterThan(15)
    expect(shareOf(delta)).toBeGreaterThan(0.2)
  })

  test('a server that cuts after a few calls leaves nothing to say of the generator', async () => {
    const delta = await observe({changes, down: [20, 10_000], stepMs: () => 5})
    expect(delta.tally.sent).toBeLessThan(50)
    expect(delta.lateCalls).toBeGreaterThan(delta.tally.sent / 2)
    expect(shareOf(delta)).toBeNull()
  })
})

test('looking for replies that never come is no work', async () => {
  const busyMs = ({elapsedMs, idleMs}: LoadDelta) => elapsedMs - idleMs
  const silent = await observe({changes: {...changes, durationSeconds: 0.5}, silent: true})
  expect(silent.tally.sent).toBe(500)
  // The clock moves by 0.5 ms at a time, in half of which a call is due.
  expect(busyMs(silent)).toBeLessThan(silent.elapsedMs * 0.6)
})

test('after a hold-up there is as much time again to catch up, and no more', () => {
  const recorder = new Recorder(makePlan(changes))
  // As the loop keeps it: open again since 1000 ms.
  const connection = {writableSinceMs: 1000} as Parameters<Recorder['sent']>[0]
  const send = (intendedMs: number, sentMs: number) => recorder.sent(connection, {method: 0, intendedMs, sentMs})
  send(700, 1001)
  send(1290, 1310)
  send(1310, 1330)
  const delta = recorder.takeDelta({elapsedMs: 2000, intended: 3, unsent: 0, verification: null, idleMs: 0})
  expect(delta).toMatchObject({heldUpCalls: 2, lateCalls: 1})
})
