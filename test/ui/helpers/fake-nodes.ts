import type {RunSnapshot} from '../../../src/engine/result/run-snapshot.js'
import type {NodeStatus} from '../../../src/server/node-api/cluster-node.js'
import type {NodeEvent, NodeEventKind} from '../../../src/server/node-api/node-event.js'
import type {TranscriptEntry} from '../../../src/telnet/transcript/transcript.js'
import type {Sample} from '../../../src/ui/core/action.js'
import {addPoll, type NodeView, neverPolled} from '../../../src/ui/node-view/node-view.js'
import type {SessionView} from '../../../src/ui/screens/console/state/console-state.js'

import {answeredSample, nodeRates} from '../../helpers/node-samples.js'

/** What the screens are drawn from, for tests that need no process. */

const aliveStatus: NodeStatus = {
  state: 'up',
  pid: 4711,
  startedAtMs: 1_000_000,
  exit: null,
  link: 'paired',
  role: 'master',
}

export const deadStatus: NodeStatus = {
  state: 'dead',
  pid: null,
  startedAtMs: 1_000_000,
  exit: {code: null, signal: 'SIGKILL', atMs: 1_005_000},
  link: 'unknown',
  role: 'none',
}

export function nodeView(name: string, status: Partial<NodeStatus> = {}): NodeView {
  const stats = {pid: 4711, curr_items: 100_000, bytes: 432_013_312, curr_connections: 104, repcached_qi_free: 8192}
  const rates = nodeRates({operations: 90_500, gets: 90_500, hits: 90_500 * 0.982})
  const first = addPoll(neverPolled, answeredSample(name, {stats}), true)
  return {
    name,
    backend: 'embedded',
    address: name === 'm1' ? '127.0.0.1:11211' : '127.0.0.2:11213',
    commandLine: '/usr/bin/node /opt/repbench/bin/repbench.js node -v -l 127.0.0.1 -p 11211',
    logFile: null,
    status: {...aliveStatus, role: name === 'm1' ? 'master' : 'slave', ...status},
    poll: addPoll(first, answeredSample(name, {stats, atMs: 1000, rates}), true),
  }
}

/** A process that is there, and does not answer. */
export function silentNode(name: string, status: Partial<NodeStatus> = {}): NodeView {
  const node = nodeView(name, status)
  return {...node, poll: addPoll(node.poll, null, false)}
}

export function nodeEvent(kind: NodeEventKind, text: string, node = 'm1', atMs = 1_000_000): NodeEvent {
  return {monotonicMs: atMs, atMs, node, kind, text}
}

export function pairSample(
  {master, slave}: {master?: Partial<NodeStatus>; slave?: Partial<NodeStatus>} = {},
  more: Partial<Sample> = {},
): Sample {
  return {
    nowMs: 1_252_000,
    nodes: [nodeView('m1', master), nodeView('s1', slave)],
    pairs: [{master: 'm1', slave: 's1', replicationPort: 11212, truth: null, lagUs: null}],
    events: [],
    snapshots: [],
    drill: {steps: [], snapshots: []},
    ...more,
  }
}

export function transcript(count: number): TranscriptEntry[] {
  return Array.from({length: count}, (_, index) => ({
    kind: index % 2 === 0 ? 'sent' : 'received',
    text: index % 2 === 0 ? `get key${index}` : 'END',
    latencyUs: index % 2 === 0 ? null : 120,
    monotonicMs: index,
    atMs: 1_000_000 + index,
  }))
}

export function sessionView(node: string, entries: readonly TranscriptEntry[] = []): SessionView {
  return {node, address: '127.0.0.1:11211', state: 'connected', entries, dataBytesExpected: null, lost: null}
}

export function snapshot(elapsedSeconds: number, change: Partial<RunSnapshot> = {}): RunSnapshot {
  const latency = {
    count: 1000,
    min: 90,
    mean: 250,
    p50: 220,
    p90: 550,
    p95: 800,
    p99: 1300,
    p999: 4400,
    p9999: 9000,
    max: 11_000,
    stddev: 100,
  }
  return {
    phase: 'running',
    elapsedSeconds,
    plannedSeconds: 10,
    progress: elapsedSeconds / 10,
    target: {host: '127.0.0.1', port: 11211},
    operations: {
      intended: 1_000_000,
      sent: 700_000,
      unsent: 0,
      ok: 700_000,
      hit: 0,
      miss: 0,
      errors: {},
      timedOut: 0,
      lostWithConnection: 0,
      unanswered: 0,
    },
    connections: 100,
    interval: {
      seconds: 0.2,
      opsPerSecond: 100_000 + (elapsedSeconds % 2) * 1000,
      errors: 0,
      keysRead: 0,
      keysFound: 0,
      response: latency,
    },
    response: latency,
    service: latency,
    slipUs: {p50: 3, p99: 41, max: 300},
    generatorCores: 0.62,
    byMethod: [],
    eventLoopDelayUs: {p99: 900, max: 4000},
    lateShare: 0,
    steps: [],
    health: 'keeps up',
    ratePerSecond: 100_000,
    lag: null,
    events: [],
    ...change,
  }
}
