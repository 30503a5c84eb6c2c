import {expect} from 'vitest'
import {checkBooks} from '../../src/engine/accounts.js'
import {LoadLoop, type LoadLoopOptions} from '../../src/engine/load-loop.js'
import type {LoadPlan} from '../../src/engine/plan.js'
import type {LoadDelta} from '../../src/engine/recorder.js'
import {makePlan} from './plans.js'

interface LoopRun extends Partial<Omit<LoadLoopOptions, 'plan' | 'targets'>> {
  readonly targets: LoadLoopOptions['targets']
  readonly changes: Partial<LoadPlan>
  readonly onStarted?: (loop: LoadLoop) => void
}

/** Runs a plan to its end in this process; its books must balance whatever happened. */
export async function runLoop({targets, changes, onStarted, ...options}: LoopRun): Promise<LoadDelta> {
  const plan = makePlan(changes)
  const {promise, resolve} = Promise.withResolvers<void>()
  const loop = new LoadLoop({
    connections: {first: 0, count: plan.connections},
    ...options,
    plan,
    targets,
    onReady: () =>
      queueMicrotask(() => {
        loop.start(performance.now())
        onStarted?.(loop)
      }),
    onFinished: resolve,
  })
  loop.connect()
  await promise
  const delta = loop.takeDelta()
  checkBooks({intended: delta.intended, unsent: delta.unsent, ...delta.tally})
  expect(delta.connections.open).toBe(0)
  return delta
}
