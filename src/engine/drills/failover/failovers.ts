import type {Ack, AckTimes} from '../../verify/ack-times.js'
import type {FailoverEntry, FailoverLog, HeldState} from '../../verify/failover-log.js'
import type {LostWrites} from '../../verify/lost-writes.js'

/** Connections that go the same way within so long of each other are one failover. */
const GAP_MS = 2000
/** Times are noted in tenths of a ms. */
const ROUNDING_MS = 1

/** More wrong reads than that are counted, not kept. */
const READS_KEPT_MAX = 100_000

/** A read of the load that was stale or missing. */
export type ReadBehind = Extract<FailoverEntry, {kind: 'read'}>

/** A key of which the server that clients came to may hold less than was acknowledged. */
export interface KeyAtRisk {
  /** Those that were acknowledged before the switch and may not have crossed, oldest first. */
  readonly writes: Ack[]
  /** The newest of the acknowledged versions that was found there; null when nobody knows. */
  held: number | null
  /** Nobody asked: what was written later was found, and links keep order. */
  isSupposed: boolean
  /** Nothing was found there. */
  isAbsent: boolean
  /** Its owner has written it there since, or was about to. */
  isTouched: boolean
}

/** Connections that went from one server to the other, or to a server that was started anew. */
export interface Failover {
  /** Places in the list of targets. */
  readonly from: number
  readonly to: number
  /** On the clock of the acknowledgements: the first connection that was there, and the last. */
  readonly firstMs: number
  lastMs: number
  /** When each came, and since when its writes were at risk. */
  readonly connections: Map<number, {readonly riskFromMs: number; readonly atMs: number}>
  readonly keys: Map<number, KeyAtRisk>
  /** More was lost than had been thought to be at risk: every write that is remembered is. */
  isWidened: boolean
  /** Every connection knows since when its writes are at risk: what is lost is the end of what was written. */
  isInOrder: boolean
  /** False: there were more acknowledgements than are remembered. */
  isComplete: boolean
  /** Changes whenever keys are added. */
  additions: number
}

interface FailoversParts {
  readonly log: FailoverLog
  readonly acks: Pick<AckTimes, 'since' | 'lastMs' | 'reachesTo'>
  readonly lost: Pick<LostWrites, 'has'>
  /** Of the load: key k is written by connection (k − 1) mod so many. */
  readonly connections: number
}

/**
 * What was at risk when connections changed servers, and what of it was there:
 * a write that was acknowledged by the one server is lost at the failover when
 * the other held an older version of its key at that moment, whatever is
 * written later.
 */
export class Failovers {
  readonly all: Failover[] = []
  /** The first of them. */
  readonly readsBehind: ReadBehind[] = []
  hasForgottenReads = false
  readonly #parts: FailoversParts
  /** The newest of each connection. */
  readonly #current = new Map<number, Failover>()

  constructor(parts: FailoversParts) {
    this.#parts = parts
  }

  /** Takes what load threads have noted since the last call. */
  collect(): void {
    let switches: Extract<FailoverEntry, {kind: 'switch'}>[] = []
    for (const entry of this.#parts.log.take()) {
      if (entry.kind === 'switch') {
        switches.push(entry)
        continue
      }
      // What was found belongs to the switches before it.
      this.#addSwitches(switches)
      switches = []
      if (entry.kind === 'touch') this.#touched(entry)
      else this.#readBehind(entry)
    }
    this.#addSwitches(switches)
  }

  /** What was found on a failover's new server by somebody else than a key's owner. */
  found(failover: Failover, key: number, {state, version}: {state: HeldState; version: number}): void {
    const risk = failover.keys.get(key)
    if (risk === undefined || risk.isTouched) return
    // A later one was written there; but one without an answer was not, it has come after all the others.
    if (state === 'ours' && version > newestOf(risk) && !this.#parts.lost.has(key, version)) return
    this.#note(failover, key, {risk, state, version})
  }

  /**
   * What was acknowledged before that moment, and nobody has asked for, was there: so was all that was asked for around
   * it. Owners need not ask for it any more.
   */
  supposeIntact(failover: Failover, beforeMs: number): void {
    for (const risk of failover.keys.values()) {
      if (risk.held !== null || risk.isTouched || risk.writes.at(-1)!.atMs > beforeMs) continue
      risk.held = newestOf(risk)
      risk.isSupposed = true
    }
    this.#parts.log.settle(failover.lastMs + ROUNDING_MS, beforeMs)
  }

  /** The order of writes says nothing of what was lost: what was supposed is to be asked for. */
  #askForAll(failover: Failover): void {
    if (!failover.isInOrder) return
    failover.isInOrder = false
    failover.additions++
    for (const risk of failover.keys.values()) {
      if (!risk.isSupposed) continue
      risk.isSupposed = false
      risk.held = null
    }
  }

  /** It was asked for every key at risk: what was found holds, whoever writes the keys from now on. */
  settle(failover: Failover): void {
    this.#parts.log.settle(failover.lastMs + ROUNDING_MS)
  }

  #addSwitches(entries: readonly Extract<FailoverEntry, {kind: 'switch'}>[]): void {
    const grown = new Map<Failover, Set<number>>()
    for (const {connection, from, to, riskFromMs, atMs} of entries) {
      const failover = this.#failoverOf({from, to, atMs})
      failover.lastMs = Math.max(failover.lastMs, atMs)
      failover.connections.set(connection, {riskFromMs, atMs})
      if (riskFromMs === 0) this.#askForAll(failover)
      this.#current.set(connection, failover)
      const connections = grown.get(failover) ?? new Set()
      grown.set(failover, connections.add(connection))
    }
    for (const [failover, connections] of grown) {
      if (failover.isWidened) this.#parts.log.widen(failover.lastMs + ROUNDING_MS)
      this.#addKeys(failover, connections)
    }
  }

  #failoverOf({from, to, atMs}: {from: number; to: number; atMs: number}): Failover {
    const last = this.all.findLast(one => one.from === from && one.to === to)
    if (last !== undefined && atMs - last.lastMs <= GAP_MS) return last
    const failover: Failover = {
      from,
      to,
      firstMs: atMs,
      lastMs: atMs,
      connections: new Map(),
      keys: new Map(),
      isWidened: false,
      isInOrder: true,
      isComplete: true,
      additions: 0,
    }
    this.all.push(failover)
    return failover
  }

  /** Adds the writes of these connections that were at risk. */
  #addKeys(failover: Failover, connections: ReadonlySet<number>): void {
    const {acks} = this.#parts
    const windows = [...connections].map(connection => failover.connections.get(connection)!)
    const sinceMs = failover.isWidened ? 0 : Math.min(...windows.map(({riskFromMs}) => riskFromMs))
    if (!acks.reachesTo(sinceMs)) failover.isComplete = false
    failover.additions++
    /** Newest first. */
    const writes = new Map<number, Ack[]>()
    for (const ack of acks.since(sinceMs, key => connections.has(this.#ownerOf(key)))) {
      const {riskFromMs, atMs} = failover.connections.get(this.#ownerOf(ack.key))!
      if (ack.atMs > atMs || (!failover.isWidened && ack.atMs < riskFromMs)) continue
      const ofKey = writes.get(ack.key)
      if (ofKey === undefined) writes.set(ack.key, [ack])
      else ofKey.push(ack)
    }
    for (const [key, ofKey] of writes) {
      const known = failover.keys.get(key) ?? {held: null, isSupposed: false, isAbsent: false, isTouched: false}
      failover.keys.set(key, {...known, writes: ofKey.reverse()})
    }
  }

  #touched({key, state, version, connection}: Extract<FailoverEntry, {kind: 'touch'}>): void {
    const failover = this.#current.get(connection)
    if (failover === undefined) return
    if (!failover.keys.has(key)) this.#widen(failover)
    const risk = failover.keys.get(key)
    if (risk === undefined || risk.isTouched) return
    risk.isTouched = true
    if (state === 'unanswered') return
    this.#noteBefore(failover, key, {state, version})
    this.#note(failover, key, {risk, state, version: Math.min(version, newestOf(risk))})
  }

  /** Where the server did not answer the first time, the write that came with the question may not have been carried out. */
  #noteBefore(failover: Failover, key: number, {state, version}: {state: HeldState; version: number}): void {
    for (const one of this.all) {
      const risk = one.keys.get(key)
      if (one === failover || one.to !== failover.to || risk === undefined || risk.held !== null) continue
      if (state === 'ours' && version <= newestOf(risk)) this.#note(one, key, {risk, state, version})
    }
  }

  #readBehind(read: ReadBehind): void {
    const {key, state, version, server, expected} = read
    if (this.readsBehind.length < READS_KEPT_MAX) this.readsBehind.push(read)
    else this.hasForgottenReads = true
    const failover = this.#current.get(this.#ownerOf(key))
    if (failover?.to !== server) return
    const {atMs} = failover.connections.get(this.#ownerOf(key))!
    const lastMs = this.#parts.acks.lastMs(key)
    const isOutside = state === 'ours' && !failover.keys.has(key) && lastMs !== null && lastMs <= atMs
    if (isOutside && !this.#isOld(failover, key, version)) this.#widen(failover)
    const risk = failover.keys.get(key)
    // What was written since the switch may be on its way.
    if (risk !== undefined && expected <= newestOf(risk)) this.found(failover, key, {state, version})
  }

  #note(
    failover: Failover,
    key: number,
    {risk, state, version}: {risk: KeyAtRisk; state: HeldState; version: number},
  ): void {
    if (risk.isSupposed) {
      const isThere = state === 'ours' && (version >= newestOf(risk) || this.#parts.lost.has(key, version))
      if (isThere) return
      this.#askForAll(failover)
    }
    if (state === 'absent') {
      if (risk.held !== null) return
      risk.isAbsent = true
      risk.held = risk.writes.findLast(({removes}) => removes)?.version ?? 0
    } else {
      // A write without an answer may be carried out after its successor.
      const isOurs = state === 'ours'
      const held = !isOurs ? 0 : this.#parts.lost.has(key, version) ? newestOf(risk) : version
      if (risk.held !== null && risk.held > held) return
      risk.held = held
      risk.isAbsent = false
    }
    if (this.#lacksOlder(key, risk) && !this.#isOld(failover, key, risk.held)) this.#widen(failover)
  }

  /** A write is missing that was acknowledged before all those at risk; of a key that is absent nobody knows. */
  #lacksOlder(key: number, {writes, held, isAbsent}: KeyAtRisk): boolean {
    if (held === null || isAbsent) return false
    for (let version = held + 1; version < writes[0]!.version; version++) {
      // Never acknowledged.
      if (!this.#parts.lost.has(key, version)) return true
    }
    return false
  }

  /** What is missing was lost at an earlier failover. */
  #isOld(failover: Failover, key: number, version: number): boolean {
    return this.all.some(one => {
      const held = one === failover ? null : (one.keys.get(key)?.held ?? null)
      return held !== null && held <= version
    })
  }

  /** Lost was more than had been thought to be at risk. */
  #widen(failover: Failover): void {
    if (failover.isWidened) return
    failover.isWidened = true
    this.#askForAll(failover)
    this.#parts.log.widen(failover.lastMs + ROUNDING_MS)
    this.#addKeys(failover, new Set(failover.connections.keys()))
  }

  #ownerOf(key: number): number {
    return (key - 1) % this.#parts.connections
  }
}

/** The newest version that was acknowledged before the switch. */
export function newestOf({writes}: KeyAtRisk): number {
  return writes.at(-1)!.version
}
