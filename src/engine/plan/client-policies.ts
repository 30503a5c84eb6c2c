import type {LoadPlan} from './plan.js'

export const policyNames = [
  'repbench',
  'libmemcached',
  'spymemcached',
  'pymemcache',
  'php-memcached',
  'mcrouter',
] as const
export type PolicyName = (typeof policyNames)[number]

/** What a client does when its server fails: the defaults of a client library, with their source. */
export interface ClientPolicy {
  readonly name: PolicyName
  /** Version of the library, and the files that its defaults come from. */
  readonly source: string
  /** What an application with [master, slave] sees, and which part is modelled. */
  readonly models: string
  /** Time limit per call; null = none. */
  readonly timeoutMs: number | null
  /** Time limit for opening a connection; null = none. */
  readonly connectTimeoutMs: number | null
  /** The connection is closed after this many time-outs in a row. */
  readonly timeoutsToGiveUp: number
  /** Extra attempts at the same server before failing over; unused without failover. */
  readonly retries: number
  /** Delay between attempts; null = 10 ms at first, doubled up to 500 ms. */
  readonly retryDelayMs: number | null
  /** Delay before the first attempt; null = as the others. */
  readonly firstRetryDelayMs: number | null
  /** Keys of a failed server go to the other one. */
  readonly failsOver: boolean
  readonly failoverDelayMs: number
  /** Keys are shared among both servers by a hash; else all go to the first. */
  readonly hashesKeys: boolean
  /** How long a server must answer again before its keys go back to it. */
  readonly switchBackMs: number
  /** When a failed server is probed: after `firstMs`, then after `factor` × as long each time, at most `maxMs`. */
  readonly asked: LoadPlan['homeAsked']
}

/** Stands for "no time-out", which a plan cannot say. */
export const NO_TIMEOUT_MS = 3_600_000

const askedTwiceASecond = {firstMs: 500, maxMs: 500, factor: 1}

const libmemcached: ClientPolicy = {
  name: 'libmemcached',
  source:
    'libmemcached 1.1.4 (awesomized/libmemcached 374774d), include/libmemcached-1.0/defaults.h: MEMCACHED_DEFAULT_TIMEOUT 5000, ' +
    'MEMCACHED_DEFAULT_CONNECT_TIMEOUT 4000, MEMCACHED_SERVER_FAILURE_RETRY_TIMEOUT 2, MEMCACHED_SERVER_FAILURE_LIMIT 5 without ' +
    'MEMCACHED_BEHAVIOR_AUTO_EJECT_HOSTS; src/libmemcached/connect.cc, server.hpp, quit.cc',
  models:
    'keys are hashed over both servers; those of a dead server fail until it is back: no failover unless AUTO_EJECT_HOSTS is set. ' +
    'A broken connection is opened again at the next call, then after 2 s by the clock’s whole seconds: 2 to 3 s, then every 3 s',
  timeoutMs: 5000,
  connectTimeoutMs: 4000,
  timeoutsToGiveUp: 1,
  retries: 0,
  retryDelayMs: 3000,
  firstRetryDelayMs: 0,
  failsOver: false,
  failoverDelayMs: 0,
  hashesKeys: true,
  switchBackMs: 0,
  asked: askedTwiceASecond,
}

export const clientPolicies: Readonly<Record<PolicyName, ClientPolicy>> = {
  repbench: {
    name: 'repbench',
    source: 'repbench itself',
    models: 'all keys go to the master; after any failure to the slave, and back as soon as the master answers',
    timeoutMs: 1000,
    connectTimeoutMs: 1000,
    timeoutsToGiveUp: 1,
    retries: 0,
    retryDelayMs: null,
    firstRetryDelayMs: null,
    failsOver: true,
    failoverDelayMs: 10,
    hashesKeys: false,
    switchBackMs: 0,
    asked: askedTwiceASecond,
  },
  libmemcached,
  spymemcached: {
    name: 'spymemcached',
    source:
      'spymemcached 2.12.3 (dustin/java-memcached-client fd1447f), DefaultConnectionFactory: DEFAULT_OPERATION_TIMEOUT 2500, ' +
      'DEFAULT_FAILURE_MODE Redistribute, DEFAULT_MAX_RECONNECT_DELAY 30, DEFAULT_MAX_TIMEOUTEXCEPTION_THRESHOLD 998; ' +
      'MemcachedConnection.queueReconnect',
    models:
      'keys are hashed over both servers; once the connection is lost its keys go to the other one. A call that times out is given up ' +
      'alone: only the 999th in a row ends the connection. It is opened again after 2 s, 4 s … 30 s',
    timeoutMs: 2500,
    connectTimeoutMs: null,
    timeoutsToGiveUp: 999,
    retries: 0,
    retryDelayMs: null,
    firstRetryDelayMs: null,
    failsOver: true,
    failoverDelayMs: 0,
    hashesKeys: true,
    switchBackMs: 0,
    asked: {firstMs: 2000, maxMs: 30_000, factor: 2},
  },
  pymemcache: {
    name: 'pymemcache',
    source:
      'pymemcache 4.0.0 (pinterest/pymemcache 3ef28ef), pymemcache/client/hash.py, HashClient: connect_timeout None, timeout None, ' +
      'retry_attempts 2, retry_timeout 1, dead_timeout 60',
    models:
      'keys are hashed over both servers; a server that failed is tried again twice, 1 s apart, then its keys go to the other one for ' +
      '60 s. Calls have no time-out: they wait for a frozen server for ever',
    timeoutMs: null,
    connectTimeoutMs: null,
    timeoutsToGiveUp: 1,
    retries: 2,
    retryDelayMs: 1000,
    firstRetryDelayMs: null,
    failsOver: true,
    failoverDelayMs: 0,
    hashesKeys: true,
    switchBackMs: 0,
    asked: {firstMs: 60_000, maxMs: 60_000, factor: 1},
  },
  'php-memcached': {
    ...libmemcached,
    name: 'php-memcached',
    source:
      'php-memcached 3.3 (php-memcached-dev/php-memcached de7d53d), memcached.ini: default_connect_timeout 0, which leaves ' +
      'libmemcached’s own; the rest as libmemcached 1.1.4',
    models:
      'as libmemcached, but without a persistent_id each web request makes the client anew, which forgets that a server failed: it is ' +
      'tried again by each request, taken as one in 100 ms',
    retryDelayMs: 100,
  },
  mcrouter: {
    name: 'mcrouter',
    source:
      'mcrouter (facebook/mcrouter 9d7f434), mcrouter_options_list.h: server_timeout_ms 1000, failures_until_tko 3, ' +
      'probe_delay_initial_ms 10000, probe_delay_max_ms 60000; ProxyDestinationBase.cpp: factor 1.5, jitter 5 to 50 %; lib/McResUtil.h',
    models:
      'a FailoverRoute of master and slave: a call that fails or times out is sent to the slave, and the master is left out after a ' +
      'refused connection, or the third time-out. It is probed after 10 s and more (12.75 s with the mean jitter), and comes back when ' +
      'it answers. Modelled as one step: the first failure sends the client to the slave',
    timeoutMs: 1000,
    connectTimeoutMs: 1000,
    timeoutsToGiveUp: 1,
    retries: 0,
    retryDelayMs: null,
    firstRetryDelayMs: null,
    failsOver: true,
    failoverDelayMs: 0,
    hashesKeys: false,
    switchBackMs: 0,
    asked: {firstMs: 12_750, maxMs: 60_000, factor: 1.5},
  },
}

export type PolicyFields = Pick<
  LoadPlan,
  | 'clientPolicy'
  | 'timeoutMs'
  | 'connectTimeoutMs'
  | 'timeoutsToGiveUp'
  | 'retries'
  | 'retryDelayMs'
  | 'firstRetryDelayMs'
  | 'failover'
  | 'reconnect'
  | 'failoverDelayMs'
  | 'keyServers'
  | 'switchBackMs'
  | 'homeAsked'
>

/** The policy fields of a plan. */
export function policyOfPlan(plan: LoadPlan): PolicyFields {
  return {
    clientPolicy: plan.clientPolicy,
    timeoutMs: plan.timeoutMs,
    connectTimeoutMs: plan.connectTimeoutMs,
    timeoutsToGiveUp: plan.timeoutsToGiveUp,
    retries: plan.retries,
    retryDelayMs: plan.retryDelayMs,
    firstRetryDelayMs: plan.firstRetryDelayMs,
    failover: plan.failover,
    reconnect: plan.reconnect,
    failoverDelayMs: plan.failoverDelayMs,
    keyServers: plan.keyServers,
    switchBackMs: plan.switchBackMs,
    homeAsked: plan.homeAsked,
  }
}

/** A policy as fields of a plan. */
export function planOfPolicy(policy: ClientPolicy): PolicyFields {
  const {name, failsOver, hashesKeys, timeoutMs, connectTimeoutMs} = policy
  return {
    clientPolicy: name,
    timeoutMs: timeoutMs ?? NO_TIMEOUT_MS,
    connectTimeoutMs: connectTimeoutMs ?? NO_TIMEOUT_MS,
    timeoutsToGiveUp: policy.timeoutsToGiveUp,
    retries: policy.retries,
    retryDelayMs: policy.retryDelayMs,
    firstRetryDelayMs: policy.firstRetryDelayMs,
    failover: failsOver,
    reconnect: !failsOver,
    failoverDelayMs: policy.failoverDelayMs,
    keyServers: hashesKeys ? 2 : 1,
    switchBackMs: policy.switchBackMs,
    homeAsked: policy.asked,
  }
}
