import {Random} from '../data/random.js'
import {Zipf} from '../data/zipf.js'
import type {KeyDistribution, LoadPlan} from '../plan/plan.js'

/** The key of each call of one connection: numbers from 1 to the plan's key count. */
export interface KeyChoice {
  /** @param call of this connection, from 0 */
  next(call: number): number
}

/**
 * The key choice of one connection. In sequence all connections take turns, as
 * with mcperf's one counter; else keys are drawn from the connection's own
 * random stream.
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

/** Draws outside the keys are repeated, so that the first and the last key are not hotter than their neighbours. */
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
 * The key nearest to the drawn one that a connection may write: with verification
 * key k is written only by connection (k − 1) mod connections.
 */
export function ownedKey(drawn: number, {index, connections, keyCount}: KeyOwner): number {
  const place = drawn - 1
  const own = place - (place % connections) + index
  return (own < keyCount ? own : own - connections) + 1
}

/**
 * The drawn key, or the next one of the connection's server: where keys are
 * hashed over servers, connection c and its keys begin at server c mod servers.
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
