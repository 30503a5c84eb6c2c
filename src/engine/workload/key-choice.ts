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

/**
 * With verification each key is written by one connection: key k by connection
 * (k − 1) mod connections.
 * @returns the key next to the drawn one that a connection may write
 */
export function ownedKey(drawn: number, {index, connections, keyCount}: KeyOwner): number {
  const place = drawn - 1
  const own = place - (place % connections) + index
  return (own < keyCount ? own : own - connections) + 1
}

/**
 * Where keys are shared among servers, connection c and its keys begin at
 * server c mod servers.
 * @returns the drawn key, or the next one of the connection's server
 */
export function keyOfServer(drawn: number, {index, connections, keyCount}: KeyOwner, servers: number): number {
  for (let step = 0; step < connections; step++) {
    const place = (drawn - 1 + step) % keyCount
    if ((place % connections) % servers === index % servers) return place + 1
  }
  return drawn
}

export interface KeyOwner {
  /** Of the connection, from 0. */
  readonly index: number
  readonly connections: number
  /** No less than connections. */
  readonly keyCount: number
}
