import type {RunningLagProbe} from '../lag/lag-probe.js'
import {noRequests, type RequestCount} from '../measure/request-counts.js'
import {type CheckedNodes, checkLedger, type LedgerCheck, type LedgerCheckOptions} from './ledger/check-ledger.js'
import {RemovalWatch} from './ledger/removal-watch.js'
import {quiesce} from './quiesce.js'

/** What a pair holds after a load. */
export interface ConsistencyCheck extends LedgerCheck {
  /** Whether writes crossed both ways after the load and before the check; null of a single node. */
  readonly crossed: boolean | null
}

type CheckOptions = Omit<LedgerCheckOptions, 'nodes' | 'removals' | 'requests'> & {
  /** Of the pair, if one runs already. */
  readonly probe?: Pick<RunningLagProbe, 'record'>
  /** How long to wait for writes to cross. @default 5000 */
  readonly crossLimitMs?: number
}

/** Accompanies a load on one node or a pair, and says in the end what became of what it wrote. */
export class PairCheck {
  readonly #nodes: CheckedNodes
  readonly #requests: RequestCount
  readonly #removals: RemovalWatch

  /** @param requests what is asked of the nodes is added */
  constructor(nodes: CheckedNodes, requests: RequestCount = noRequests()) {
    this.#nodes = nodes
    this.#requests = requests
    this.#removals = new RemovalWatch(nodes, requests)
  }

  /** Before the load. */
  start(): Promise<void> {
    return this.#removals.start()
  }

  /**
   * After the load: waits until what it wrote has crossed, but not for long, then reads every key.
   * @throws AskError when a node does not answer
   */
  async check({probe, crossLimitMs, ...options}: CheckOptions): Promise<ConsistencyCheck> {
    const [a, b] = this.#nodes
    const crossed =
      b === undefined
        ? null
        : await quiesce({
            nodes: [a.address, b.address],
            signal: options.signal,
            requests: this.#requests,
            ...(probe === undefined ? {} : {probe}),
            ...(crossLimitMs === undefined ? {} : {limitMs: crossLimitMs}),
          })
    const removals = await this.#removals.finish(options)
    const requests = this.#requests
    return {...(await checkLedger({...options, nodes: this.#nodes, removals, requests})), crossed}
  }

  /** Harmless at any time. */
  close(): void {
    this.#removals.close()
  }
}
