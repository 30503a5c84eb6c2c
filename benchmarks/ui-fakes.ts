import type {RunSnapshot} from '../src/engine/result/run-snapshot.ts'
import type {ClusterNode, LogLine, NodeStatus} from '../src/server/node-api/cluster-node.ts'
import type {NodeEvent} from '../src/server/node-api/node-event.ts'
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
  let onSnapshot: ((snapshot: RunSnapshot) => void) | undefined
  let ticks = 0
  return {
    ports: fakePorts({nodes, listeners, onStart: listener => (onSnapshot = listener)}),
    tick() {
      ticks += 1
      for (const node of nodes) node.tick(ticks)
      onSnapshot?.(movingSnapshot(ticks))
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
  onStart,
}: {
  nodes: readonly [MovingNode, MovingNode]
  listeners: Set<(event: NodeEvent) => void>
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
    ownCounts: () => null,
    ask: async () => ({lines: [], atMs: performance.now(), roundTripMs: 0}),
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
  async stats(): Promise<ReadonlyMap<string, string>> {
    const of = (factor: number) => String(this.#ticks * factor)
    return new Map([
      ['pid', '1'],
      ['cmd_get', of(9000)],
      ['get_hits', of(8900)],
      ['cmd_set', of(9000)],
      ['curr_items', of(100)],
      ['bytes', of(40_000)],
      ['bytes_read', of(900_000)],
      ['bytes_written', of(900_000)],
      ['curr_connections', '104'],
      ['repcached_qi_free', '8192'],
    ])
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
