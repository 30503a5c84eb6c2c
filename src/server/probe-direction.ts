import type {ProbeEvidence} from './link-truth.js'
import {NodeReplyError} from './node-errors.js'
import type {Reply, StatsConnection} from './stats-connection.js'
import type {OwnTraffic} from './stats-own-traffic.js'

/** Long enough for clocks that differ, short enough for a key that nobody deletes. */
const TTL_SECONDS = 60
/** For so long after a write the next read leaves with the reply to the last one, and the event loop does not sleep. */
const SPIN_MS = 2
const SOON_MS = 20
const SOON_PAUSE_MS = 1
const LATER_PAUSE_MS = 20
/** A read that took longer says that the node was away: what was missing before proves nothing. */
const AWAY_MS = 400
const REMEMBERED_WRITES = 64
/** Reads before each write: the first ones of a rested machine take several times as long. */
const WARM_READS = 4

/** How long one write took from one node to the other. */
export interface LagSample {
  readonly from: string
  readonly to: string
  /** Monotonic ms at which it was seen to have arrived. */
  readonly atMs: number
  /** From the STORED of the one node to the reply of the other that showed the write; 0 when that came first. */
  readonly lagUs: number
  /** It may have arrived earlier by up to so much: the time since the reply before, which did not show it. */
  readonly resolutionUs: number
}

export interface ProbeEnd {
  readonly name: string
  readonly connection: StatsConnection
  readonly traffic: OwnTraffic
}

export interface ProbeDirectionOptions {
  readonly from: ProbeEnd
  readonly to: ProbeEnd
  readonly key: string
  readonly onLag: (sample: LagSample) => void
  /** Called after every reply that may change what is known. */
  readonly onEvidence: () => void
}

/**
 * Writes numbered values on one node and looks for them on the other. A value that arrives stands for all before
 * it, so a link that is late but alive is not taken for a dead one.
 */
export class ProbeDirection {
  readonly #options: ProbeDirectionOptions
  /** Acknowledged writes that have not been seen yet: number → monotonic ms of its STORED. */
  readonly #stored = new Map<number, number>()
  #sequence = 0
  /** The newest value that was seen, and what its arrival was like. */
  #seen = 0
  #arrival = {atMs: 0, resolutionUs: 0}
  /** Reads still to be answered before the next write; then the write is under way. */
  #warming = 0
  #writing = false
  #sentAtMs = 0
  #reading = false
  #lastReplyMs = 0
  #crossedAtMs: number | null = null
  #missing: ProbeEvidence['missing'] = null
  #problem: string | null = null
  #pause: NodeJS.Timeout | undefined
  #closed = false

  constructor(options: ProbeDirectionOptions) {
    this.#options = options
  }

  get evidence(): ProbeEvidence {
    return {crossedAtMs: this.#crossedAtMs, missing: this.#missing, problem: this.#problem}
  }

  /** Begins to read, and writes the next value soon; harmless while a node owes an answer. */
  probe(): void {
    if (this.#warming > 0 || this.#writing || this.#closed) return
    this.#warming = WARM_READS
    if (!this.#reading) this.#read()
  }

  /** Deletes the key on both nodes; resolves when that is done, or cannot be. */
  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#pause)
    const {from, to, key} = this.#options
    await Promise.all(
      [from, to].map(async ({connection, traffic}) => {
        if (!connection.connected) return
        traffic.count('deletes')
        await connection.ask(`delete ${key}`).catch(() => {})
      }),
    )
  }

  #write(): void {
    const {from, key} = this.#options
    const number = ++this.#sequence
    const value = String(number)
    this.#writing = true
    this.#sentAtMs = performance.now()
    from.connection.send(`set ${key} 0 ${TTL_SECONDS} ${value.length}\r\n${value}\r\n`, outcome => {
      this.#writing = false
      if (outcome instanceof NodeReplyError) this.#forget(outcome.message)
      else this.#written(number, outcome)
    })
  }

  #written(number: number, {lines, atMs}: Reply): void {
    this.#options.from.traffic.count('sets')
    if (lines[0] !== 'STORED') {
      this.#forget(`${this.#options.from.name} answers '${lines[0]}' to a probe write`)
      return
    }
    this.#problem = null
    if (this.#seen >= number) {
      this.#tellLag(atMs)
      return
    }
    this.#stored.set(number, atMs)
    if (this.#stored.size > REMEMBERED_WRITES) this.#stored.delete(this.#stored.keys().next().value!)
    if (!this.#reading) this.#read()
  }

  #read(): void {
    if (this.#closed) return
    this.#reading = true
    clearTimeout(this.#pause)
    const {to, key} = this.#options
    to.connection.send(`get ${key}\r\n`, outcome => {
      this.#reading = false
      if (outcome instanceof NodeReplyError) this.#forget(outcome.message)
      else this.#answered(outcome)
    })
    this.#stayAwake()
  }

  /** Sleeping and waking up costs more than a round trip. */
  #stayAwake(): void {
    if (!this.#reading || !this.#inHaste(performance.now())) return
    setImmediate(() => this.#stayAwake())
  }

  #answered({data, sentAtMs, atMs}: Reply): void {
    this.#options.to.traffic.countGet(data !== '')
    const value = Number(data)
    if (value > this.#seen) this.#arrived(value, atMs)
    else if (this.#stored.size > 0) this.#missed({sentAtMs, atMs})
    this.#lastReplyMs = atMs
    if (this.#warming > 0 && --this.#warming === 0) this.#write()
    this.#readAgain(atMs)
    this.#options.onEvidence()
  }

  #arrived(value: number, atMs: number): void {
    this.#seen = value
    this.#arrival = {atMs, resolutionUs: (atMs - this.#lastReplyMs) * 1000}
    this.#crossedAtMs = atMs
    this.#missing = null
    const storedAtMs = this.#stored.get(value)
    for (const number of this.#stored.keys()) if (number <= value) this.#stored.delete(number)
    if (storedAtMs !== undefined) this.#tellLag(storedAtMs)
  }

  #tellLag(storedAtMs: number): void {
    const {from, to, onLag} = this.#options
    const {atMs, resolutionUs} = this.#arrival
    onLag({from: from.name, to: to.name, atMs, lagUs: Math.max(0, atMs - storedAtMs) * 1000, resolutionUs})
  }

  #missed({sentAtMs, atMs}: {sentAtMs: number; atMs: number}): void {
    const away = atMs - sentAtMs > AWAY_MS
    this.#missing = {sinceMs: away ? atMs : (this.#missing?.sinceMs ?? atMs), untilMs: atMs}
  }

  #readAgain(nowMs: number): void {
    if (this.#closed || this.#reading) return
    if (this.#warming === 0 && !this.#writing && this.#stored.size === 0) return
    if (this.#inHaste(nowMs)) this.#read()
    else {
      const soon = nowMs - this.#sentAtMs < SOON_MS
      this.#pause = setTimeout(() => this.#read(), soon ? SOON_PAUSE_MS : LATER_PAUSE_MS)
    }
  }

  /** Around a write. */
  #inHaste(nowMs: number): boolean {
    return this.#warming > 0 || nowMs - this.#sentAtMs < SPIN_MS
  }

  /** After a lost connection old writes prove nothing: the node may be another process now. */
  #forget(problem: string): void {
    this.#problem = problem
    this.#warming = 0
    this.#stored.clear()
    this.#crossedAtMs = null
    this.#missing = null
    clearTimeout(this.#pause)
    this.#options.onEvidence()
  }
}
