import {EvictionWatch} from '../eviction-watch.js'
import type {ReadItem} from '../items/item-reader.js'
import type {ServerFacts} from '../items/server-facts.js'
import {itemBytes, type ListedKey, type StoredItem} from '../items/stored-item.js'
import {type ListedKeys, listServerKeys} from '../keys/list-server-keys.js'
import type {Pace} from '../pace.js'
import {BATCHES_AHEAD, batchLimits} from '../server-source.js'
import {decide, type Side, type SyncAction, type SyncDifference, type SyncPolicy} from './decide.js'
import {areLinked} from './link.js'
import {otherSide, type Performed, performActions} from './perform-actions.js'
import {decideAgain, Recheck, type RecheckedKey} from './recheck.js'
import {noCounts, type SyncCounts, type SyncWork} from './sync-counts.js'
import {TwoServers} from './two-servers.js'

export interface SyncOptions {
  readonly from: ServerFacts
  readonly to: ServerFacts
  readonly policy: SyncPolicy
  /** `plan`: nothing is written. */
  readonly mode: 'plan' | 'carryOut'
  /** Only these keys; without them the servers are asked for theirs. */
  readonly keys?: ListedKeys | undefined
  readonly pace: Pick<Pace, 'take'>
  /** For items whose exptime their server does not tell: seconds to live, 0 = for ever; null = they are not written. */
  readonly unknownTtlSeconds: number | null
  readonly despiteEvictions: boolean
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: SyncProgress) => void) | undefined
  /** Called with every key that differs, and what is to be done about it. */
  readonly onDifference?: ((found: FoundDifference) => void) | undefined
}

interface SyncProgress {
  readonly phase: 'list' | 'compare' | 'recheck'
  /** Keys. */
  readonly done: number
  /** Null while it is not known. */
  readonly total: number | null
}

interface FoundDifference {
  /** Bytes, as latin1. */
  readonly key: string
  readonly difference: SyncDifference
  readonly work: SyncWork | 'leave'
}

export interface SyncResult {
  readonly counts: SyncCounts
  /** Items that a server counts and does not list; null = unknown, or the list was not wanted. */
  readonly hidden: Readonly<Record<Side, number | null>>
  /** Whether a write on one reaches the other; null where nothing was written to find out. */
  readonly linked: boolean | null
  /** Items that were evicted while items were written. */
  readonly evicted: number
  /** What a server said first of a refusal for a reason without a name here. */
  readonly refusal: string | null
  /** The error that ended it early; null when it came to its end. */
  readonly stoppedBy: unknown
  readonly seconds: number
}

/** Makes one server have what another has, without losing a write that is newer than what was compared. Never rejects. */
export async function syncServers(options: SyncOptions): Promise<SyncResult> {
  const startMs = performance.now()
  const sync = new Sync(options)
  let stoppedBy: unknown = null
  try {
    await sync.run()
  } catch (error) {
    stoppedBy = error
  }
  sync.close()
  return {...sync.result(), stoppedBy, seconds: (performance.now() - startMs) / 1000}
}

/** More exptimes than these are not kept: those of other items on a server without meta commands are not compared. */
const EXPTIMES_MAX = 1_000_000
const RECHECK_ROUNDS = 3

interface Comparing {
  /** The side whose list the keys come from; null: they were given. */
  readonly listedBy: Side | null
  /** Whether keys that FROM has are passed over: they were compared before. */
  readonly onlyMissing: boolean
}

class Sync {
  readonly #options: SyncOptions
  readonly #counts = noCounts()
  readonly #lists: ListedKeys[] = []
  readonly #hidden: Record<Side, number | null> = {from: null, to: null}
  readonly #evictions: readonly EvictionWatch[]
  readonly #recheck = new Recheck()
  #servers: TwoServers | null = null
  #linked: boolean | null = null
  #done = 0
  #total: number | null = null

  constructor(options: SyncOptions) {
    this.#options = options
    const {timeoutMs, signal, policy, from, to} = options
    const written = policy.kind === 'both' ? [from, to] : [to]
    this.#evictions =
      options.mode === 'plan' ? [] : written.map(({address}) => new EvictionWatch({address, timeoutMs, signal}))
  }

  async run(): Promise<void> {
    const {policy, mode, keys} = this.#options
    if (mode === 'carryOut') {
      this.#linked = await areLinked(this.#options)
      for (const watch of this.#evictions) await watch.start()
    }
    // Keys of TO alone matter only to those who copy them back or delete them.
    const isToWanted = keys === undefined && (policy.kind === 'both' || policy.delete)
    const fromList = keys === undefined || !tellsExptimes(this.#options.from) ? await this.#list('from') : null
    const toList = isToWanted || !tellsExptimes(this.#options.to) ? await this.#list('to') : null
    this.#servers = new TwoServers({
      ...this.#options,
      exptimes: {from: this.#exptimesOf('from', fromList), to: this.#exptimesOf('to', toList)},
    })
    const compared = keys ?? fromList!
    this.#total = compared.spool.count + (isToWanted ? toList!.spool.count : 0)
    await this.#eachBatch(compared, {listedBy: keys === undefined ? 'from' : null, onlyMissing: false})
    if (isToWanted) await this.#eachBatch(toList!, {listedBy: 'to', onlyMissing: true})
    for (let round = 0; round < RECHECK_ROUNDS; round++) await this.#recheckChanged(this.#recheck.take())
    this.#counts.changedMeanwhile += this.#recheck.take().length + this.#recheck.notKept
    for (const watch of this.#evictions) await watch.look()
  }

  result(): Omit<SyncResult, 'stoppedBy' | 'seconds'> {
    return {
      counts: this.#counts,
      hidden: this.#hidden,
      linked: this.#linked,
      evicted: this.#evictions.reduce((sum, {evicted}) => sum + evicted, 0),
      refusal: this.#servers?.refusal ?? null,
    }
  }

  close(): void {
    this.#servers?.close()
    for (const {spool} of this.#lists) spool.close()
    for (const watch of this.#evictions) watch.close()
  }

  async #list(side: Side): Promise<ListedKeys> {
    const {timeoutMs, signal, onProgress} = this.#options
    const list = await listServerKeys(this.#options[side], {
      timeoutMs,
      signal,
      onProgress: listed => onProgress?.({phase: 'list', done: listed, total: this.#options[side].items}),
    })
    this.#lists.push(list)
    this.#hidden[side] = list.hidden
    return list
  }

  #exptimesOf(side: Side, list: ListedKeys | null): ReadonlyMap<string, number | null> {
    const exptimes = new Map<string, number | null>()
    if (list === null || tellsExptimes(this.#options[side]) || list.spool.count > EXPTIMES_MAX) return exptimes
    for (const batch of list.spool.batches(batchLimits)) {
      for (const {key, expiresAt} of batch) exptimes.set(key, expiresAt)
    }
    return exptimes
  }

  async #eachBatch({spool}: ListedKeys, comparing: Comparing): Promise<void> {
    const underWay: Promise<void>[] = []
    try {
      for (const batch of spool.batches(batchLimits)) {
        const bytes = batch.reduce((sum, {bytes}) => sum + bytes, 0)
        await this.#options.pace.take(batch.length, bytes)
        const comparison = this.#compare(batch, comparing)
        comparison.catch(() => {})
        underWay.push(comparison)
        if (underWay.length >= BATCHES_AHEAD) await underWay.shift()
      }
      await Promise.all(underWay)
    } finally {
      await Promise.allSettled(underWay)
    }
  }

  async #compare(batch: readonly ListedKey[], {listedBy, onlyMissing}: Comparing): Promise<void> {
    this.#options.signal?.throwIfAborted()
    const servers = this.#servers!
    let keys = batch
    if (onlyMissing) {
      const onFrom = await servers.casOf(
        'from',
        keys.map(({key}) => key),
      )
      keys = keys.filter((_, place) => onFrom[place] === null)
    }
    if (keys.length > 0) {
      const [from, to] = await Promise.all([servers.read('from', keys, listedBy), servers.read('to', keys, listedBy)])
      await this.#act(this.#decide(keys, from, to))
    }
    this.#done += batch.length
    this.#options.onProgress?.({phase: 'compare', done: this.#done, total: this.#total})
  }

  #decide(keys: readonly ListedKey[], from: readonly ReadItem[], to: readonly ReadItem[]): SyncAction[] {
    const {policy, onDifference} = this.#options
    const counts = this.#counts
    const actions: SyncAction[] = []
    for (const [place, {key}] of keys.entries()) {
      const [itemA, itemB] = [from[place]!, to[place]!]
      if (itemA === 'unreadable' || itemB === 'unreadable') {
        counts.unreadable++
        continue
      }
      counts.compared++
      const decision = decide(itemA ?? null, itemB ?? null, policy)
      switch (decision.kind) {
        case 'absent':
          counts.absent++
          break
        case 'same':
          counts.same++
          break
        case 'leave':
          counts.left[decision.difference]++
          onDifference?.({key, difference: decision.difference, work: 'leave'})
          break
        case 'act': {
          const {action, difference} = decision
          const work = workOf(action)
          counts.planned[work].items++
          counts.planned[work].bytes += itemBytes(action.item)
          onDifference?.({key, difference, work})
          actions.push(action)
          break
        }
      }
    }
    return actions
  }

  async #act(actions: readonly SyncAction[]): Promise<void> {
    if (this.#options.mode === 'plan' || actions.length === 0) return
    for (const performed of await this.#perform(actions)) this.#count(performed)
  }

  async #perform(actions: readonly SyncAction[]): Promise<readonly Performed[]> {
    const {despiteEvictions, unknownTtlSeconds, signal} = this.#options
    if (!despiteEvictions) for (const watch of this.#evictions) await watch.check()
    const servers = this.#servers!
    const linked = this.#linked === true
    const performed = await performActions({servers, actions, linked, unknownTtlSeconds, signal})
    if (!linked) await this.#noteChanges(performed.filter(({outcome}) => outcome === 'done').map(({action}) => action))
    return performed
  }

  /** Whether the sources still have what was copied from them: what has changed meanwhile is looked at again. */
  async #noteChanges(done: readonly SyncAction[]): Promise<void> {
    for (const side of ['from', 'to'] as const) {
      const actions = done.filter(action => sourceOf(action) === side)
      if (actions.length === 0 || !this.#options[side].hasCas) continue
      const now = await this.#servers!.casOf(
        side,
        actions.map(({item}) => item.key),
      )
      for (const [place, action] of actions.entries()) {
        const then = action.kind === 'delete' ? null : action.item.cas
        if (now[place] !== then) this.#recheck.add(action)
      }
    }
  }

  #count({action, outcome}: Performed): void {
    const counts = this.#counts
    switch (outcome) {
      case 'done': {
        const done = counts.done[workOf(action)]
        done.items++
        done.bytes += itemBytes(action.item)
        break
      }
      case 'present':
      case 'changed':
      case 'gone':
        counts.changedMeanwhile++
        break
      case 'expired':
        counts.expired++
        break
      case 'exptimeUnknown':
        counts.exptimeUnknown++
        break
      default:
        counts.refused[outcome]++
    }
  }

  async #recheckChanged(keys: readonly RecheckedKey[]): Promise<void> {
    const servers = this.#servers!
    for (let at = 0; at < keys.length; at += batchLimits.keysMax) {
      const batch = keys.slice(at, at + batchLimits.keysMax)
      this.#options.onProgress?.({phase: 'recheck', done: at, total: keys.length})
      const listed = batch.map(({key}) => ({key, expiresAt: null}))
      const [from, to] = await Promise.all([servers.read('from', listed, null), servers.read('to', listed, null)])
      const actions: SyncAction[] = []
      for (const [place, key] of batch.entries()) {
        const decision = decideAgain(key, {from: from[place] as StoredItem | null, to: to[place] as StoredItem | null})
        if (decision.kind === 'act') actions.push(decision.action)
        else if (decision.kind === 'foreign') this.#counts.changedMeanwhile++
      }
      const performed = actions.length === 0 ? [] : await this.#perform(actions)
      // They count as done since their first write.
      this.#counts.changedMeanwhile += performed.filter(({outcome}) => outcome !== 'done').length
    }
  }
}

/** Whether the exptime comes with the item: else it comes from the list. */
function tellsExptimes({hasMeta, program}: ServerFacts): boolean {
  return hasMeta || program === 'yrmcds'
}

function workOf(action: SyncAction): SyncWork {
  if (action.kind === 'delete') return 'delete'
  return action.replaces === null ? 'add' : 'replace'
}

function sourceOf(action: SyncAction): Side {
  return action.kind === 'delete' ? otherSide(action.side) : action.source
}
