import {randomBytes} from 'node:crypto'
import type {Address} from '../protocol/address.js'
import type {PairEvidence} from './link-truth.js'
import {type LagSample, ProbeDirection, type ProbeEnd} from './probe-direction.js'
import {StatsConnection} from './stats-connection.js'
import type {OwnTraffic} from './stats-own-traffic.js'

/** Both directions of it are deleted at the end; what a killed repbench leaves behind expires within a minute. */
const PREFIX = 'repbench:probe:'
/** A node that owes an answer for so long is dialled anew: its machine may have been reset. */
const PATIENCE_MS = 10_000
const DELETE_MS = 500

export interface ProbedNode {
  readonly name: string
  readonly address: Address
  readonly traffic: OwnTraffic
}

export interface ProbePairOptions {
  readonly nodes: readonly [ProbedNode, ProbedNode]
  /** Of the writes in one direction. @default 500 */
  readonly intervalMs?: number
  readonly onLag: (sample: LagSample) => void
  readonly onEvidence: () => void
}

/** What tells whether writes cross between two nodes. */
export interface PairProbe {
  /** From the first node to the second, and back. */
  readonly evidence: PairEvidence['probes']
  start(): void
  /** Deletes the keys. Resolves when nothing is left open. */
  close(): Promise<void>
}

/** Proves that a link lives: writes a key of its own on each node by turns, and looks for it on the other. */
export class ProbePair implements PairProbe {
  readonly #intervalMs: number
  readonly #ends: readonly [ProbeEnd, ProbeEnd]
  readonly #directions: readonly [ProbeDirection, ProbeDirection]
  #turn = 0
  #timer: NodeJS.Timeout | undefined

  constructor({nodes, intervalMs = 500, onLag, onEvidence}: ProbePairOptions) {
    this.#intervalMs = intervalMs
    const end = ({name, address, traffic}: ProbedNode): ProbeEnd => ({
      name,
      traffic,
      connection: new StatsConnection({address, traffic}),
    })
    const ends = [end(nodes[0]), end(nodes[1])] as const
    this.#ends = ends
    const own = `${PREFIX}${randomBytes(4).toString('hex')}`
    this.#directions = [
      new ProbeDirection({from: ends[0], to: ends[1], key: `${own}:1`, onLag, onEvidence}),
      new ProbeDirection({from: ends[1], to: ends[0], key: `${own}:2`, onLag, onEvidence}),
    ]
  }

  get evidence(): PairEvidence['probes'] {
    return [this.#directions[0].evidence, this.#directions[1].evidence]
  }

  start(): void {
    this.#probe()
    // By turns, so that the one direction's reads do not stand in the way of the other's.
    this.#timer ??= setInterval(() => this.#probe(), this.#intervalMs / 2)
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    const late = setTimeout(() => this.#drop(), DELETE_MS)
    await Promise.all(this.#directions.map(direction => direction.close()))
    clearTimeout(late)
    this.#drop()
  }

  #probe(): void {
    for (const {connection} of this.#ends) {
      const since = connection.waitingSinceMs
      if (since !== null && performance.now() - since > PATIENCE_MS) connection.drop()
    }
    this.#directions[this.#turn]!.probe()
    this.#turn = 1 - this.#turn
  }

  #drop(): void {
    for (const {connection} of this.#ends) connection.drop()
  }
}
