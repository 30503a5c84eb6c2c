import {AskConnection} from '../../ask/ask-connection.js'
import type {ProbedNode} from '../node-api/pair-probe.js'
import type {NodeSample} from '../stats/node-sample.js'
import {describeParting, type Parting} from './parting.js'
import {lookForParting, type PartingFound} from './parting-check.js'
import {PartingSuspicion} from './parting-suspicion.js'

type Answered = Extract<NodeSample, {kind: 'answered'}>

/** Samples of both nodes so near to each other are of the same moment. */
const SAME_MOMENT_MS = 500
/** A suspicion that was nothing is looked into again after ever longer waits; so is a finding, to see whether it still holds. */
const FIRST_PAUSE_MS = 2000
const LAST_PAUSE_MS = 60_000
/** Nodes that answer so slowly that a look takes longer are not looked into. */
const LOOK_MAX_MS = 15_000

export interface PartingWatchOptions {
  readonly nodes: readonly [ProbedNode, ProbedNode]
  /** Whether keys of our own may be written. */
  readonly mayWrite: boolean
  /** Called when a finding comes, changes or goes. */
  readonly onChange: (parting: Parting | null) => void
  /** Compares keys of both nodes. @default lookForParting */
  readonly look?: typeof lookForParting
}

/** Finds out whether the two nodes of a healthy link hold the same: suspects by their figures, then compares keys. */
export class PartingWatch {
  readonly #options: PartingWatchOptions
  readonly #suspicion = new PartingSuspicion()
  readonly #latest: [Answered | null, Answered | null] = [null, null]
  /** Which of them have not been compared yet. */
  readonly #isNew = [false, false]
  readonly #closing = new AbortController()
  #parting: Parting | null = null
  /** What it rests on. */
  #found: PartingFound | null = null
  #looking: Promise<void> | null = null
  #nextLookMs = 0
  #pauseMs = FIRST_PAUSE_MS

  constructor(options: PartingWatchOptions) {
    this.#options = options
  }

  /** @param isPaired whether the link is well, as far as is known */
  sampled(sample: NodeSample, isPaired: boolean): void {
    const index = this.#options.nodes[0].name === sample.node ? 0 : 1
    if (sample.kind === 'silent' || sample.restarted) this.restart()
    this.#latest[index] = sample.kind === 'answered' ? sample : null
    this.#isNew[index] = true
    const [first, second] = this.#latest
    if (first === null || second === null || !this.#isNew.every(Boolean)) return
    if (Math.abs(first.atMs - second.atMs) > SAME_MOMENT_MS) return
    this.#isNew.fill(false)
    const ownSets = this.#options.nodes.reduce((sum, {traffic}) => sum + traffic.counts().sets, 0)
    this.#suspicion.add({atMs: sample.atMs, nodes: [first.figures, second.figures], ownSets})
    this.#renew()
    if (isPaired && this.#suspicion.isSuspicious && performance.now() >= this.#nextLookMs) void this.#look()
  }

  /** The link was lost, or another process answers: what was compared so far says nothing. */
  restart(): void {
    this.#suspicion.restart()
    this.#latest.fill(null)
    this.#nextLookMs = 0
    this.#pauseMs = FIRST_PAUSE_MS
    this.#set(null)
  }

  /** Resolves when the present suspicion has been checked, or the signal is aborted. */
  async settle({signal}: {signal?: AbortSignal | undefined} = {}): Promise<void> {
    const {promise: abandoned, resolve} = Promise.withResolvers<void>()
    const onAbort = (): void => resolve()
    signal?.addEventListener('abort', onAbort)
    if (signal?.aborted) resolve()
    try {
      await Promise.race([this.#settle(), abandoned])
    } finally {
      signal?.removeEventListener('abort', onAbort)
    }
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#looking
  }

  async #settle(): Promise<void> {
    await this.#looking
    if (this.#parting === null && this.#suspicion.isSuspicious) await this.#look()
  }

  #look(): Promise<void> {
    this.#looking ??= this.#lookOnce()
      .catch(() => {
        // A node that does not answer is for others to tell.
      })
      .finally(() => {
        this.#looking = null
      })
    return this.#looking
  }

  async #lookOnce(): Promise<void> {
    const {nodes, mayWrite, look = lookForParting} = this.#options
    const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(LOOK_MAX_MS)])
    // Without a write of our own it is unknown when the writes under way have arrived.
    if (signal.aborted || (!mayWrite && this.#suspicion.storesPerSecond !== 0)) return
    const connectTo = ({address, traffic}: ProbedNode) => new AskConnection({address, traffic: [traffic], signal})
    const asked = [connectTo(nodes[0]), connectTo(nodes[1])] as const
    try {
      const found = await look({nodes: asked, share: this.#share(), mayWrite, signal})
      this.#nextLookMs = performance.now() + this.#pauseMs
      this.#pauseMs = Math.min(this.#pauseMs * 2, LAST_PAUSE_MS)
      if (found !== null) this.#judge(found)
    } finally {
      for (const connection of asked) connection.close('the end of the look')
    }
  }

  #judge(found: PartingFound): void {
    if (found.parted.length === 0) {
      // Expired items, touches and the like: from here on it is counted anew.
      this.#suspicion.restart()
      this.#set(null)
      return
    }
    this.#found = found
    this.#set(this.#described(found))
  }

  /** The numbers of items are those of now. */
  #renew(): void {
    if (this.#parting === null || this.#found === null) return
    const now = this.#described(this.#found)
    if (now.text !== this.#parting.text) this.#set(now)
  }

  #described({looked, parted}: PartingFound): Parting {
    const {nodes} = this.#options
    const [first, second] = this.#latest
    return describeParting({
      names: [nodes[0].name, nodes[1].name],
      items: [first?.figures.items ?? null, second?.figures.items ?? null],
      looked,
      parted,
      sinceMs: this.#parting?.sinceMs ?? Date.now(),
    })
  }

  #set(parting: Parting | null): void {
    if (parting === null && this.#parting === null) return
    this.#parting = parting
    this.#options.onChange(parting)
  }

  /** About which share of the items parts, by the figures. */
  #share(): number {
    const [first, second] = this.#latest.map(sample => sample?.figures.items ?? 0)
    const most = Math.max(first!, second!)
    return most === 0 ? 1 : Math.abs(first! - second!) / most
  }
}
