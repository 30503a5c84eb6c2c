import {Random} from '../data/random.js'
import {Zipf} from '../data/zipf.js'
import type {KeyDistribution, LoadPlan} from '../plan/plan.js'

/** Which key each call of one connection is about: numbers from 1 to the plan's key count. */
export interface KeyChoice {
  /** @param call of this connection, from 0 */
  next(call: number): number
}

/**
 * In sequence, all connections take turns, as with mcperf's one counter; else
 * drawn, from a stream of the connection's own.
 */
export function keyChoiceOf(plan: LoadPlan, {index, stream}: {index: number; stream: number}): KeyChoice {
  const count = plan.keyCount ?? 2 ** 32
  const {connections} = plan
  if (plan.keyDistribution.kind === 'sequential') {
    return {next: call => ((call * connections + index) % count) + 1}
  }
  const random = new Random({seed: plan.seed, stream}).next
  return {next: drawerOf(plan.keyDistribution, count, random)}
}

function drawerOf(
  distribution: Exclude<KeyDistribution, {kind: 'sequential'}>,
  count: number,
  random: () => number,
): () => number {
  switch (distribution.kind) {
    case 'uniform':
      return () => Math.floor(random() * count) + 1
    case 'zipf': {
      const zipf = new Zipf({count, exponent: distribution.exponent, random})
      return () => zipf.next()
    }
    case 'gaussian':
      return () => drawGaussianKey({count, deviation: distribution.deviation * count, random})
  }
}

/** What falls beside the keys is drawn again, so that the ends are not hotter than their neighbours. */
function drawGaussianKey({count, deviation, random}: {count: number; deviation: number; random: () => number}): number {
  for (;;) {
    const key = Math.round((count + 1) / 2 + deviation * drawNormal(random))
    if (key >= 1 && key <= count) return key
  }
}

/** A draw of the standard normal distribution: Box and Muller's transform. @param random from 0 up to but not 1 */
export function drawNormal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}
