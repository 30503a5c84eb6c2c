import type {RunSnapshot} from '../src/engine/result/run-snapshot.ts'
import type {ClusterNode, LogLine, NodeStatus} from '../src/server/node-api/cluster-node.ts'
import type {NodeEvent} from '../src/server/node-api/node-event.ts'
import type {NodeSample} from '../src/server/stats/node-sample.ts'
import type {UiConsole} from '../src/ui/ports/console-port.ts'
import type {UiPorts} from '../src/ui/ports/ui-ports.ts'

/** A world for the UI in which no process runs and everything moves all the time. */
export interface FakeWorld {
  readonly ports: UiPorts
  /** A fifth of a second passes: counters grow, the load has a snapshot, now and then something happens. */
  tick(): void
}

const FIFTHS_A_SECOND = 5
const EVENT_EVERY_TICKS = 7
const LINES_KEPT = 500

export function fakeWorld(): FakeWorld {
  const nodes = [new MovingNode('m1', 'master'), new MovingNode('s1', 'slave')] as const
  const listeners = new Set<(event: NodeEvent) => void>()
  const sampleListeners = new Set<Parameters<UiPorts['onNodeSample']>[0]>()
  let onSnapshot: ((snapshot: RunSnapshot) => void) | undefined
  let ticks = 0
  return {
    ports: fakePorts({nodes, listeners, sampleListeners, onStart: listener => (onSnapshot = listener)}),
    tick() {
      ticks += 1
      for (const node of nodes) node.tick(ticks)
      onSnapshot?.(movingSnapshot(ticks))
      if (ticks % FIFTHS_A_SECOND === 0) {
        for (const node of nodes) for (const listener of sampleListeners) listener(node, node.sample())
      }
      if (ticks % EVENT_EVERY_TICKS !== 0) return
      const node = nodes[(ticks / EVENT_EVERY_TICKS) % 2]!.name
      const text = `dials its peer, attempt ${ticks}`
      for (const listener of listeners) listener({monotonicMs: ticks, atMs: Date.now(), node, kind: 'dialling', text})
    },
  }
}

function fakePorts({
  nodes,
  listeners,
  sampleListeners,
  onStart,
}: {
  nodes: readonly [MovingNode, MovingNode]
  listeners: Set<(event: NodeEvent) => void>
  sampleListeners: Set<Parameters<UiPorts['onNodeSample']>[0]>
  onStart: (listener: (snapshot: RunSnapshot) => void) => void
}): UiPorts {
  const [master, slave] = nodes
  const never = new Promise<never>(() => {})
  const form = {title: '', accept: '', fields: [], resolve: () => ({values: {}, problems: {}})}
  // Only what the pictures are made of.
  const ports: Partial<UiPorts> = {
    nodes: () => nodes,
    pairs: () => [{master, slave, replicationPort: 11_212, truth: () => null, lagUs: () => null}],
    onNodeEvent(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    onNodeSample(listener) {
      sampleListeners.add(listener)
      return () => sampleListeners.delete(listener)
    },
    topologies: [],
    eventAdvice: {} as UiPorts['eventAdvice'],
    launch: async () => {},
    restart: async () => {},
    profiles: async () => [{name: 'endless', summary: 'a load that never ends', form}],
    startRun(options) {
      onStart(options.onSnapshot)
      return {stop() {}, changeRate: () => true, finished: never}
    },
    explainLine: () => null,
    launchForm: form,
    attach() {},
    detach: async () => {},
    slabs: async () => [],
    consoles: {
      open: () => silentConsole,
      checkKey: () => never,
      replay: () => never,
      save: () => never,
      history: {load: async () => [], add() {}},
    },
    drills: {
      list: async () => [],
      start: () => ({stop() {}, finished: never}),
      past: async () => [],
      open: () => never,
    },
    reports: {
      list: async () => ({entries: [], older: 0}),
      open: () => never,
      compare: () => never,
      remove: () => never,
      export: () => never,
    },
    close: async () => {},
  }
  return ports as UiPorts
}

class MovingNode implements ClusterNode {
  readonly name: string
  readonly backend = 'embedded'
  readonly supervised = true
  readonly logFile = null
  readonly address = {host: '127.0.0.1', port: 11_211}
  readonly commandLine = 'repbench node'
  readonly #status: NodeStatus
  readonly #logs: LogLine[] = []
  #ticks = 0

  constructor(name: string, role: NodeStatus['role']) {
    this.name = name
    this.#status = {state: 'up', pid: 1, startedAtMs: Date.now(), exit: null, link: 'paired', role}
  }

  tick(ticks: number): void {
    this.#ticks = ticks
    this.#logs.push({atMs: Date.now(), text: `line ${ticks}`})
    if (this.#logs.length > LINES_KEPT) this.#logs.shift()
  }

  status = () => this.#status
  stats = async () => new Map<string, string>()
  /** What it says when it is polled: every figure differs from the one before. */
  sample(): NodeSample {
    const of = (factor: number) => this.#ticks * factor
    const perSecond = (factor: number) => factor * FIFTHS_A_SECOND + (this.#ticks % 7) * 100
    return {
      kind: 'answered',
      node: this.name,
      atMs: performance.now(),
      roundTripMs: 0.2 + (this.#ticks % 10) / 10,
      figures: {
        pid: 1,
        version: '1.2.8',
        uptimeSeconds: this.#ticks / FIFTHS_A_SECOND,
        timeSeconds: Math.round(Date.now() / 1000),
        memoryBytes: of(40_000),
        memoryLimitBytes: 64 * 1024 * 1024,
        items: of(100),
        totalItems: of(9000),
        currConnections: 104,
        connections: 100,
        hitRatio: 0.99,
        repcachedVersion: '2.3.1',
        queueFree: 8192,
        counters: {
          gets: of(9000),
          hits: of(8900),
          misses: of(100),
          sets: of(9000),
          evictions: 0,
          operations: of(18_000),
          bytesRead: of(900_000),
          bytesWritten: of(900_000),
        },
      },
      clients: 100,
      rates: {
        seconds: 1,
        operations: perSecond(18_000),
        gets: perSecond(9000),
        hits: perSecond(8900),
        sets: perSecond(9000),
        evictions: 0,
        bytesRead: perSecond(900_000),
        bytesWritten: perSecond(900_000),
        hitRatio: 0.99,
      },
      restarted: false,
      replication: null,
      innerConnections: null,
      slabs: null,
    }
  }
  async start(): Promise<void> {}
  async stop(): Promise<void> {}
  async kill(): Promise<void> {}
  pause(): void {}
  resume(): void {}
  report(): void {}
  logs = () => this.#logs
  onEvent = () => () => {}
}

const silentConsole: UiConsole = {
  address: {host: '127.0.0.1', port: 11_211},
  state: () => 'connected',
  entries: () => [],
  dataBytesExpected: () => null,
  send() {},
  end() {},
  close() {},
}

function movingSnapshot(ticks: number): RunSnapshot {
  const opsPerSecond = 90_000 + 9000 * Math.sin(ticks / 9)
  const latency = {count: 18_000, min: 90, mean: 250, p50: 220 + (ticks % 40), p90: 550, p95: 800}
  const tail = {p99: 1300 + (ticks % 300), p999: 4400, p9999: 9000, max: 11_000, stddev: 100}
  const answered = ticks * 18_000
  return {
    phase: 'running',
    elapsedSeconds: ticks / FIFTHS_A_SECOND,
    plannedSeconds: 4000,
    progress: ticks / FIFTHS_A_SECOND / 4000,
    target: {host: '127.0.0.1', port: 11_211},
    operations: {
      intended: answered,
      sent: answered,
      unsent: 0,
      ok: answered,
      hit: 0,
      miss: 0,
      errors: {},
      timedOut: 0,
      lostWithConnection: 0,
      unanswered: 0,
    },
    connections: 100,
    interval: {seconds: 0.2, opsPerSecond, errors: 0, keysRead: 900, keysFound: 880, response: {...latency, ...tail}},
    response: {...latency, ...tail},
    service: {...latency, ...tail},
    slipUs: {p50: 3, p99: 41, max: 300},
    steps: [],
    byMethod: [],
    generatorCores: 0.62,
    eventLoopDelayUs: {p99: 900, max: 4000},
    lateShare: 0,
    health: 'keeps up',
    ratePerSecond: 90_000,
    lag: null,
    events: [],
  }
}
