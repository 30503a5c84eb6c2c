import {checkPlan, type LoadPlan} from '../../../engine/plan/plan.js'
import {share} from '../../../engine/plan/share.js'
import {type Address, formatAddress} from '../../../protocol/address.js'
import {UsageError} from '../../app/errors.js'
import type {MemslapTest} from './memslap-tests.js'

/** memcslap's keys have 20 to 59 bytes: the middle of it, with the 8 digits of the counter. */
const KEY_PREFIX = 'memslap:'.padEnd(32, '-')
/** As memcslap draws them. */
const SIZES = {kind: 'uniform', minBytes: 50, maxBytes: 4999} as const
const TIMEOUT_MS = 10_000
/** Of one get; memcslap asks for all of a thread's keys in one. */
const MGET_KEYS_MAX = 1000

interface MemslapLoad {
  readonly test: MemslapTest
  readonly concurrency: number
  readonly executeNumber: number
  readonly noreply: boolean
}

/** One load on one server. */
export interface ServerLoad {
  readonly server: Address
  readonly plan: LoadPlan
}

/**
 * memcslap's test as plans: each of `concurrency` clients sets or gets every
 * key once. Several servers share the keys, and each client talks to all of them.
 * @throws UsageError when there are more servers than keys, or two are the same
 */
export function makeMemslapLoads(
  load: MemslapLoad,
  {servers, cpuCount}: {servers: readonly Address[]; cpuCount: number},
): ServerLoad[] {
  if (servers.length > load.executeNumber) {
    throw new UsageError(`Expected at least a key for each server, got ${load.executeNumber} for ${servers.length}`)
  }
  const twice = servers.find((server, index) => servers.findIndex(other => isSame(server, other)) < index)
  if (twice !== undefined) throw new UsageError(`Expected each server once, got ${formatAddress(twice)} twice`)
  // One core is left to the servers.
  const threads = Math.max(1, Math.min(load.concurrency, Math.floor((cpuCount - 1) / servers.length)))
  const shares = share({total: load.executeNumber, parts: servers.length})
  return servers.map((server, index) => ({server, plan: makePlan(load, {keys: shares[index]!.count, threads})}))
}

function makePlan(
  {test, concurrency, noreply}: MemslapLoad,
  {keys, threads}: {keys: number; threads: number},
): LoadPlan {
  const calls = test === 'mget' ? Math.ceil(keys / MGET_KEYS_MAX) : keys
  return checkPlan({
    name: `memslap-${test}`,
    mix: [{method: test === 'set' ? 'set' : 'get', weight: 1}],
    connections: concurrency,
    connectionsPerSecond: 0,
    callsPerConnection: calls,
    durationSeconds: null,
    prefill: test !== 'set',
    ratePerSecond: 0,
    sizes: SIZES,
    keyPrefix: KEY_PREFIX,
    keyCount: keys,
    multigetKeys: test === 'mget' ? Math.ceil(keys / calls) : 1,
    noreply,
    valueBytes: 'random',
    timeoutMs: TIMEOUT_MS,
    threads,
    seed: 1,
  })
}

function isSame(one: Address, other: Address): boolean {
  return one.host === other.host && one.port === other.port
}
