import {expect, vi} from 'vitest'
import {LoadLoop, type LoadLoopOptions} from '../../../src/engine/loop/load-loop.js'
import {checkCounts} from '../../../src/engine/measure/accounts.js'
import type {LoadDelta} from '../../../src/engine/measure/recorder.js'
import type {LoadPlan} from '../../../src/engine/plan/plan.js'
import {settle, VirtualTime} from '../../helpers/virtual-time.js'
import {makePlan} from './plans.js'

/** The options of a loop that serves a whole plan, as its only thread. */
export function wholeLoad(plan: LoadPlan): Omit<LoadLoopOptions, 'targets' | 'onReady' | 'onFinished'> {
  const connections = {first: 0, count: plan.connections}
  return {plan, calls: null, connections, spread: false, adjustable: false, verify: null}
}

interface LoopRun extends Partial<Omit<LoadLoopOptions, 'plan' | 'targets'>> {
  readonly targets: LoadLoopOptions['targets']
  readonly changes: Partial<LoadPlan>
  readonly onStarted?: (loop: LoadLoop, startMs: number) => void
}

/** Runs a plan to its end in this process; its books must balance whatever happened. */
export async function runLoop({
  targets,
  changes,
  onStarted,
  clock = () => performance.now(),
  ...options
}: LoopRun): Promise<LoadDelta> {
  const plan = makePlan(changes)
  const {promise, resolve} = Promise.withResolvers<void>()
  const loop = new LoadLoop({
    ...wholeLoad(plan),
    ...options,
    targets,
    clock,
    onReady: () =>
      queueMicrotask(() => {
        const startMs = clock()
        loop.start(startMs)
        onStarted?.(loop, startMs)
      }),
    onFinished: resolve,
  })
  loop.connect()
  await promise
  const delta = loop.takeDelta()
  checkCounts({intended: delta.intended, unsent: delta.unsent, ...delta.tally})
  expect(delta.connections.open).toBe(0)
  return delta
}

const STEP_MS = 1

/** The same on a clock of its own: timers, those of the test too, go off when a script says, however busy the machine is. */
export async function runLoopInVirtualTime(run: LoopRun): Promise<LoadDelta> {
  const time = new VirtualTime()
  let ended = false
  const running = runLoop({...run, clock: time.clock}).finally(() => {
    ended = true
  })
  while (!ended) {
    time.advance(STEP_MS)
    await settle(() => true)
  }
  vi.useRealTimers()
  return running
}
