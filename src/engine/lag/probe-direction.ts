import type {ProbeEvidence} from '../../server/node-api/pair-probe.js'
import {CrossingEvidence} from './crossing-evidence.js'
import {type LagDirection, type LagEvent, PROBE_TTL_MS} from './lag-event.js'
import type {ProbeAnswer, ProbeConnection, ProbeRequest} from './probe-connection.js'

/** For this long after a write each reply is followed by the next read at once … */
const EAGER_MS = 2
/** … and for this long the event loop does not sleep: waking up costs more than a round trip. */
const AWAKE_MS = 0.3
/** After a write that took longer, the next will hardly arrive within the eager time. */
const EXPECTED_SOON_MS = 4
/** Later the pause between reads is this share of the oldest write's age: a long lag need not be known to the µs. */
const PAUSE_SHARE = 1 / 50
const SHORTEST_PAUSE_MS = 1
const LONGEST_PAUSE_MS = 20
/** A read asks for the oldest keys, because a link keeps the order of writes … */
const OLDEST_ASKED = 32
/** … and for the newest, because the oldest may be lost. */
const NEWEST_ASKED = 4
/** Overtaken keys: how many are asked for at a time, and how often. */
const OVERTAKEN_ASKED = 8
const OVERTAKEN_PAUSE_MS = 100
const RETRY_MS = 25
/** At the end this many keys at most are deleted; others expire. */
const DELETED_AT_END = 500

interface Probe {
  readonly number: number
  readonly key: string
  readonly sentAtMs: number
  /** When the write could be sent (an estimate until STORED came), and when it was acknowledged. */
  leftAtMs: number
  storedAtMs: number | null
  /** Of the last reply without it. */
  missedAtMs: number
  /** When it was seen before its STORED came. */
  seen: Sight | null
}

/** One read: the keys that it asks for, and the newest write seen when it was sent. */
interface Question {
  readonly asked: readonly Probe[]
  readonly newestSeen: number
}

interface Sight {
  /** When the read that showed the write was sent, and when its reply came. */
  readonly askedAtMs: number
  readonly atMs: number
  /** When the write was last known to be missing. */
  readonly absentAtMs: number
}

export interface ProbeDirectionOptions {
  readonly direction: LagDirection
  /** Name of the written node, for messages. */
  readonly writerName: string
  readonly writer: ProbeConnection
  readonly reader: ProbeConnection
  /** Followed by a number. */
  readonly keyPrefix: string
  readonly firstNumber: number
  readonly onEvent: (event: LagEvent) => void
  /** Called after every reply that may change the evidence. */
  readonly onEvidence: () => void
}

/**
 * Probes from one node to the other. Each write has a key of its own and is sent whatever is still under way; the other
 * node is asked for the keys not yet seen. A link keeps the order of writes, so a write that is seen overtakes all older
 * unseen ones: they are lost, or will come with a full sync, and are asked for only now and then.
 */
export class ProbeDirection {
  readonly #options: ProbeDirectionOptions
  /** Neither seen nor overtaken, oldest first; some may not be acknowledged yet. */
  readonly #young = new Map<number, Probe>()
  readonly #overtaken = new Map<number, Probe>()
  readonly #evidence = new CrossingEvidence()
  /** Since a write was last seen: acknowledgement of the oldest one that has expired unseen. */
  #expiredSinceMs: number | null = null
  #number: number
  #garbage: string[] = []
  #newestSeen = 0
  #reading = false
  #pause: NodeJS.Timeout | undefined
  #lastLagMs = 0
  /** When the oldest young write was last missing. */
  #missedAtMs = 0
  #overtakenAskedAtMs = 0
  #readFailedAtMs = Number.NEGATIVE_INFINITY
  #arrivedAtMs = Number.NEGATIVE_INFINITY
  #closed = false

  constructor(options: ProbeDirectionOptions) {
    this.#options = options
    this.#number = options.firstNumber - 1
  }

  get evidence(): ProbeEvidence {
    return {
      ...this.#evidence.current,
      oldestUnseenMs: this.#expiredSinceMs ?? this.#oldestStored()?.storedAtMs ?? null,
    }
  }

  /** Whether a write may still be seen soon. */
  get isWaiting(): boolean {
    return this.#young.size > 0
  }

  /** When a write was last seen, and its lag. */
  get lastArrival(): {readonly atMs: number; readonly lagMs: number} {
    return {atMs: this.#arrivedAtMs, lagMs: this.#lastLagMs}
  }

  write(): void {
    const {keyPrefix, writer} = this.#options
    this.#number += 1
    const number = this.#number
    const key = `${keyPrefix}${number}`
    const sentAtMs = performance.now()
    const probe: Probe = {number, key, sentAtMs, leftAtMs: sentAtMs, storedAtMs: null, missedAtMs: 0, seen: null}
    this.#forgetExpired(sentAtMs)
    this.#young.set(number, probe)
    writer.send([
      {
        text: `set ${key} 0 ${PROBE_TTL_MS / 1000} 1\r\n1\r\n`,
        settle: outcome => this.#written(probe, outcome),
      },
      ...this.#deletions(),
    ])
    if (this.#young.size === 1 || this.#expectsSoon()) this.#read()
  }

  /** Stops reading, and asks both nodes to delete the unseen keys. */
  close(): void {
    this.#closed = true
    clearTimeout(this.#pause)
    const {writer, reader} = this.#options
    this.#garbage.push(...[...this.#overtaken.values(), ...this.#young.values()].map(({key}) => key))
    const keys = this.#garbage.splice(0).slice(-DELETED_AT_END)
    for (const node of [writer, reader]) if (node.connected && keys.length > 0) node.send(keys.map(deletion))
  }

  #deletions(): ProbeRequest[] {
    return this.#garbage.splice(0).map(deletion)
  }

  #written(probe: Probe, outcome: ProbeAnswer | string): void {
    const {onEvent, direction, writerName} = this.#options
    const {number} = probe
    if (typeof outcome === 'string' || outcome.kind !== 'stored') {
      this.#young.delete(number)
      this.#overtaken.delete(number)
      onEvent({type: 'notStored', direction})
      if (this.#closed) return
      const problem = typeof outcome === 'string' ? outcome : `${writerName} answers '${outcome.line}' to a probe write`
      this.#evidence.writeFailed(problem, performance.now())
      this.#options.onEvidence()
      return
    }
    this.#evidence.written()
    probe.leftAtMs = outcome.sentAtMs
    probe.storedAtMs = outcome.atMs
    onEvent({type: 'stored', direction, number, atMs: outcome.atMs})
    if (this.#overtaken.has(number)) onEvent({type: 'overtaken', direction, number})
    if (probe.seen !== null) this.#tell(probe, probe.seen)
    else if (!this.#reading && this.#pause === undefined) this.#read()
  }

  #read(): void {
    if (this.#closed || this.#reading) return
    clearTimeout(this.#pause)
    this.#pause = undefined
    const asked = this.#toAsk()
    if (asked.length === 0) return
    this.#reading = true
    const newestSeen = this.#newestSeen
    this.#options.reader.send([
      {
        text: `get ${asked.map(({key}) => key).join(' ')}\r\n`,
        settle: outcome => this.#answered({asked, newestSeen}, outcome),
      },
    ])
    this.#stayAwake()
  }

  #toAsk(): Probe[] {
    const asked: Probe[] = []
    for (const probe of this.#young.values()) {
      if (asked.length === OLDEST_ASKED) break
      asked.push(probe)
    }
    if (this.#young.size > OLDEST_ASKED) {
      for (let number = this.#number; number > this.#number - NEWEST_ASKED; number--) {
        const probe = this.#young.get(number)
        if (probe !== undefined && !asked.includes(probe)) asked.push(probe)
      }
    }
    const nowMs = performance.now()
    if (this.#overtaken.size === 0 || nowMs - this.#overtakenAskedAtMs < OVERTAKEN_PAUSE_MS) return asked
    this.#overtakenAskedAtMs = nowMs
    for (const probe of [...this.#overtaken.values()].slice(0, OVERTAKEN_ASKED)) {
      // To the end: the others have their turn first.
      this.#overtaken.delete(probe.number)
      this.#overtaken.set(probe.number, probe)
      asked.push(probe)
    }
    return asked
  }

  #stayAwake(): void {
    if (!this.#reading || this.#closed || this.#ageMs() > AWAKE_MS || !this.#expectsSoon()) return
    setImmediate(() => this.#stayAwake())
  }

  #answered({asked, newestSeen}: Question, outcome: ProbeAnswer | string): void {
    this.#reading = false
    if (this.#closed) return
    if (typeof outcome === 'string' || outcome.kind !== 'end') {
      this.#readFailedAtMs = performance.now()
      const problem =
        typeof outcome === 'string' ? outcome : `Expected values or END to a probe read, got '${outcome.line}'`
      this.#evidence.readFailed(problem, this.#readFailedAtMs)
      this.#options.onEvidence()
      this.#pause = setTimeout(() => this.#read(), RETRY_MS)
      return
    }
    this.#evidence.answered()
    const found = new Set(outcome.found)
    const missed = asked.filter(({key}) => !found.has(key))
    for (const probe of asked) if (found.has(probe.key)) this.#arrived(probe, outcome)
    for (const probe of missed) {
      probe.missedAtMs = outcome.atMs
      if (probe.number < newestSeen) this.#overtake(probe)
    }
    const oldest = missed.find(({number}) => this.#young.has(number))
    if (oldest !== undefined) this.#missedAtMs = outcome.atMs
    if (found.size > 0) {
      this.#evidence.crossed(outcome.atMs)
    } else if (missed.some(probe => this.#proves(probe, outcome))) this.#evidence.missed(outcome)
    this.#readAgain(found.size > 0)
    this.#options.onEvidence()
  }

  #arrived(probe: Probe, {sentAtMs, atMs}: ProbeAnswer): void {
    const {number} = probe
    const isYoung = this.#young.delete(number)
    this.#overtaken.delete(number)
    this.#garbage.push(probe.key)
    if (this.#options.writer.connected) this.#options.writer.send(this.#deletions())
    this.#newestSeen = Math.max(this.#newestSeen, number)
    if (isYoung) this.#expiredSinceMs = null
    // Between two reads it may have become visible; while the node did not answer it could not be seen.
    const absentAtMs = Math.max(probe.missedAtMs, this.#readFailedAtMs, isYoung ? this.#missedAtMs : 0)
    const seen = {askedAtMs: sentAtMs, atMs, absentAtMs}
    this.#arrivedAtMs = atMs
    if (probe.storedAtMs === null) probe.seen = seen
    else this.#tell(probe, seen)
  }

  /** A read sent after a later write was seen did not show it. */
  #overtake(probe: Probe): void {
    const {number} = probe
    const {direction, onEvent} = this.#options
    if (!this.#young.delete(number)) return
    this.#overtaken.set(number, probe)
    if (probe.storedAtMs !== null) onEvent({type: 'overtaken', direction, number})
  }

  #tell({number, leftAtMs, storedAtMs}: Probe, {askedAtMs, atMs, absentAtMs}: Sight): void {
    const {direction, onEvent} = this.#options
    const resolutionMs = Math.max(0, askedAtMs - Math.max(absentAtMs, leftAtMs))
    const lagMs = Math.max(0, atMs - storedAtMs! - resolutionMs / 2)
    this.#lastLagMs = lagMs
    onEvent({type: 'seen', direction, number, atMs, lagUs: lagMs * 1000, resolutionUs: resolutionMs * 1000})
  }

  /** Whether it proves something that a read did not show this write. */
  #proves({number, storedAtMs}: Probe, answer: ProbeAnswer): boolean {
    return this.#young.has(number) && this.#evidence.provesMissing(storedAtMs, answer)
  }

  #readAgain(found: boolean): void {
    if (this.#closed || this.#young.size + this.#overtaken.size === 0) return
    const ageMs = this.#ageMs()
    if (this.#young.size > 0 && (found || (ageMs < EAGER_MS && this.#expectsSoon()))) {
      this.#read()
      return
    }
    const pauseMs =
      this.#young.size === 0
        ? OVERTAKEN_PAUSE_MS
        : Math.min(LONGEST_PAUSE_MS, Math.max(SHORTEST_PAUSE_MS, ageMs * PAUSE_SHARE))
    this.#pause = setTimeout(() => this.#read(), pauseMs)
  }

  #expectsSoon(): boolean {
    return this.#lastLagMs < EXPECTED_SOON_MS
  }

  /** Age of the oldest young write. */
  #ageMs(): number {
    const [oldest] = this.#young.values()
    return oldest === undefined ? Number.POSITIVE_INFINITY : performance.now() - oldest.sentAtMs
  }

  #oldestStored(): Probe | undefined {
    for (const probe of this.#young.values()) if (probe.storedAtMs !== null) return probe
    return undefined
  }

  #forgetExpired(nowMs: number): void {
    for (const probes of [this.#young, this.#overtaken]) {
      for (const [number, probe] of probes) {
        // Overtaken ones are in the order of their reads: the next call finds the rest.
        if (nowMs - probe.sentAtMs < PROBE_TTL_MS) break
        probes.delete(number)
        if (probes === this.#young) this.#expiredSinceMs ??= probe.storedAtMs
      }
    }
  }
}

function deletion(key: string): ProbeRequest {
  return {text: `delete ${key}\r\n`, settle: () => {}}
}
