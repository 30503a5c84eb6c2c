import type {Ack, AckTimes} from '../../verify/ack-times.js'
import type {FailoverEntry, FailoverLog, HeldState} from '../../verify/failover-log.js'
import type {LostWrites} from '../../verify/lost-writes.js'

/** Connections that go the same way within this time of each other are one failover. */
const GAP_MS = 2000
/** Times are noted in tenths of a ms. */
const ROUNDING_MS = 1

/** Wrong reads kept; more are only counted. */
const READS_KEPT_MAX = 100_000

/** A stale or missing read of the load. */
export type ReadBehind = Extract<FailoverEntry, {kind: 'read'}>

/** A key of which the new server may hold less than was acknowledged. */
export interface KeyAtRisk {
  /** Writes that were acknowledged before the switch and may not have crossed, oldest first. */
  readonly writes: Ack[]
  /** The newest acknowledged version that was found there; null when unknown. */
  held: number | null
  /** Not read: later writes were found, and links keep order. */
  isSupposed: boolean
  /** Nothing was found there. */
  isAbsent: boolean
  /** Its owner has written it there since, or was about to write it. */
  isTouched: boolean
}

/** Connections that went from one server to the other, or to a restarted one. */
export interface Failover {
  /** Places in the list of targets. */
  readonly from: number
  readonly to: number
  /** When the first connection was there, and the last; on the clock of the acknowledgements. */
  readonly firstMs: number
  lastMs: number
  /** By connection: when it came, and since when its writes were at risk. */
  readonly connections: Map<number, {readonly riskFromMs: number; readonly atMs: number}>
  readonly keys: Map<number, KeyAtRisk>
  /** More was lost than was thought to be at risk: now every remembered write is at risk. */
  isWidened: boolean
  /** Since when writes were at risk is known of every connection: only the newest writes can be lost. */
  isInOrder: boolean
  /** False: there were more acknowledgements than are remembered. */
  isComplete: boolean
  /** Grows whenever keys are added. */
  additions: number
}

interface FailoverSources {
  readonly log: FailoverLog
  readonly acks: Pick<AckTimes, 'since' | 'lastMs' | 'reachesTo'>
  readonly lost: Pick<LostWrites, 'has'>
  /** How many the load has: key k is written by connection (k − 1) mod connections. */
  readonly connections: number
}

/**
 * The failovers of a load: which acknowledged writes were at risk, and which of
 * them the new server held. A write is lost at a failover when the new server
 * held an older version of its key at that moment, whatever is written later.
 */
export class Failovers {
  readonly all: Failover[] = []
  /** The first ones. */
  readonly readsBehind: ReadBehind[] = []
  hasForgottenReads = false
  readonly #sources: FailoverSources
  /** The newest failover of each connection. */
  readonly #current = new Map<number, Failover>()

  constructor(sources: FailoverSources) {
    this.#sources = sources
  }

  /** Takes the notes of load threads since the last call. */
  collect(): void {
    let switches: Extract<FailoverEntry, {kind: 'switch'}>[] = []
    for (const entry of this.#sources.log.take()) {
      if (entry.kind === 'switch') {
        switches.push(entry)
        continue
      }
      // A finding belongs to the switches before it.
      this.#addSwitches(switches)
      switches = []
      if (entry.kind === 'touch') this.#touched(entry)
      else this.#readBehind(entry)
    }
    this.#addSwitches(switches)
  }

  /** Notes what somebody else than the key's owner found on the new server. */
  found(failover: Failover, key: number, {state, version}: {state: HeldState; version: number}): void {
    const risk = failover.keys.get(key)
    if (risk === undefined || risk.isTouched) return
    // A newer version was written there; unless it was lost without an answer: then it took effect late.
    if (state === 'ours' && version > newestOf(risk) && !this.#sources.lost.has(key, version)) return
    this.#note(failover, key, {risk, state, version})
  }

  /**
   * Takes keys acknowledged before that moment and not yet read as intact: all that was read around it was there. Their
   * owners need not read them.
   */
  supposeIntact(failover: Failover, beforeMs: number): void {
    for (const risk of failover.keys.values()) {
      if (risk.held !== null || risk.isTouched || risk.writes.at(-1)!.atMs > beforeMs) continue
      risk.held = newestOf(risk)
      risk.isSupposed = true
    }
    this.#sources.log.settle(failover.lastMs + ROUNDING_MS, beforeMs)
  }

  /** The order of writes does not tell what was lost: keys taken as intact must be read after all. */
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

  /** Every key at risk has been read: their owners need not read them. */
  settle(failover: Failover): void {
    this.#sources.log.settle(failover.lastMs + ROUNDING_MS)
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
      if (failover.isWidened) this.#sources.log.widen(failover.lastMs + ROUNDING_MS)
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

  /** Adds the writes at risk of these connections. */
  #addKeys(failover: Failover, connections: ReadonlySet<number>): void {
    const {acks} = this.#sources
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

  /** When the server did not answer the first time, the write behind the witness read may not have been executed. */
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
    const lastMs = this.#sources.acks.lastMs(key)
    const isOutside = state === 'ours' && !failover.keys.has(key) && lastMs !== null && lastMs <= atMs
    if (isOutside && !this.#isOld(failover, key, version)) this.#widen(failover)
    const risk = failover.keys.get(key)
    // Writes since the switch may be on their way.
    if (risk !== undefined && expected <= newestOf(risk)) this.found(failover, key, {state, version})
  }

  #note(
    failover: Failover,
    key: number,
    {risk, state, version}: {risk: KeyAtRisk; state: HeldState; version: number},
  ): void {
    if (risk.isSupposed) {
      const isThere = state === 'ours' && (version >= newestOf(risk) || this.#sources.lost.has(key, version))
      if (isThere) return
      this.#askForAll(failover)
    }
    if (state === 'absent') {
      if (risk.held !== null) return
      risk.isAbsent = true
      risk.held = risk.writes.findLast(({removes}) => removes)?.version ?? 0
    } else {
      // A lost write may take effect after its successor.
      const isOurs = state === 'ours'
      const held = !isOurs ? 0 : this.#sources.lost.has(key, version) ? newestOf(risk) : version
      if (risk.held !== null && risk.held > held) return
      risk.held = held
      risk.isAbsent = false
    }
    if (this.#lacksOlder(key, risk) && !this.#isOld(failover, key, risk.held)) this.#widen(failover)
  }

  /** Whether a write is missing that was acknowledged before all those at risk; unknown of an absent key. */
  #lacksOlder(key: number, {writes, held, isAbsent}: KeyAtRisk): boolean {
    if (held === null || isAbsent) return false
    for (let version = held + 1; version < writes[0]!.version; version++) {
      // Never acknowledged.
      if (!this.#sources.lost.has(key, version)) return true
    }
    return false
  }

  /** Whether the missing writes were lost at an earlier failover. */
  #isOld(failover: Failover, key: number, version: number): boolean {
    return this.all.some(one => {
      const held = one === failover ? null : (one.keys.get(key)?.held ?? null)
      return held !== null && held <= version
    })
  }

  /** More was lost than was thought to be at risk. */
  #widen(failover: Failover): void {
    if (failover.isWidened) return
    failover.isWidened = true
    this.#askForAll(failover)
    this.#sources.log.widen(failover.lastMs + ROUNDING_MS)
    this.#addKeys(failover, new Set(failover.connections.keys()))
  }

  #ownerOf(key: number): number {
    return (key - 1) % this.#sources.connections
  }
}

/** Newest version acknowledged before the switch. */
export function newestOf({writes}: KeyAtRisk): number {
  return writes.at(-1)!.version
}
