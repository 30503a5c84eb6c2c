import {setTimeout as delay} from 'node:timers/promises'
import {type RunningLagProbe, type StartLagProbe, startLagProbe} from '../lag/lag-probe.js'
import {addRequests, noRequests, probeRequests, type RequestCount} from '../measure/request-counts.js'
import {type CheckedNodes, checkLedger, type LedgerCheck, type LedgerCheckOptions} from './ledger/check-ledger.js'
import {RemovalWatch} from './ledger/removal-watch.js'

const POLL_MS = 5
/** A pair that is this far behind after its load is better called parted than waited for. */
const CROSS_LIMIT_MS = 5000

/** What the nodes hold after a load. */
export interface ConsistencyCheck extends LedgerCheck {
  /** Whether writes crossed both ways after the load and before the check; null of a single node. */
  readonly crossed: boolean | null
}

type CheckOptions = Omit<LedgerCheckOptions, 'nodes' | 'removals' | 'requests'> & {
  /** Of the pair, when one is running. @default one of its own */
  readonly probe?: Pick<RunningLagProbe, 'record'>
  /** Starts one of its own. @default on this thread */
  readonly startProbe?: StartLagProbe
  /** How long to wait for writes to cross. @default 5000 */
  readonly crossLimitMs?: number
}

/** Checks one node or a pair: watches removals during a load, and reads every key after it. */
export class PairCheck {
  readonly #nodes: CheckedNodes
  readonly #requests: RequestCount
  readonly #removals: RemovalWatch

  /** @param requests counts what is asked of the nodes */
  constructor(nodes: CheckedNodes, requests: RequestCount = noRequests()) {
    this.#nodes = nodes
    this.#requests = requests
    this.#removals = new RemovalWatch(nodes, requests)
  }

  /** Call it before the load. */
  start(): Promise<void> {
    return this.#removals.start()
  }

  /**
   * Call it after the load: waits until its writes have crossed, but not for long, then reads every key.
   * @throws AskError when a node does not answer
   */
  async check({probe, startProbe, crossLimitMs, ...options}: CheckOptions): Promise<ConsistencyCheck> {
    const crossed = await this.#hasCrossed({probe, startProbe, limitMs: crossLimitMs, signal: options.signal})
    const removals = await this.#removals.finish(options)
    const requests = this.#requests
    return {...(await checkLedger({...options, nodes: this.#nodes, removals, requests})), crossed}
  }

  /** Harmless at any time. */
  close(): void {
    this.#removals.close()
  }

  /**
   * Waits for writes made from now on to cross both ways. The link keeps the order of writes, so all that the load
   * wrote has crossed before them. Null of a single node.
   */
  async #hasCrossed(options: {
    probe: CheckOptions['probe']
    startProbe: CheckOptions['startProbe']
    limitMs: number | undefined
    signal: AbortSignal | undefined
  }): Promise<boolean | null> {
    const {probe, startProbe = startLagProbe, limitMs = CROSS_LIMIT_MS, signal} = options
    const [a, b] = this.#nodes
    if (b === undefined) return null
    const own = probe === undefined ? startProbe({a: a.address, b: b.address}) : null
    const {record} = probe ?? own!
    try {
      const sinceMs = performance.now()
      while (!record.crossedSince(sinceMs)) {
        if (performance.now() - sinceMs >= limitMs) return false
        await delay(POLL_MS, undefined, {signal})
      }
      return true
    } finally {
      await own?.stop()
      const asked = own?.record.summary().probe ?? null
      if (asked !== null) addRequests(this.#requests, probeRequests(asked))
    }
  }
}
