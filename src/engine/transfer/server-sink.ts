import {ItemReader} from './items/item-reader.js'
import {ItemWriter} from './items/item-writer.js'
import type {ServerFacts} from './items/server-facts.js'
import {itemBytes, type StoredItem} from './items/stored-item.js'
import type {ItemWrite, WriteOutcome, WrittenItem} from './items/write-requests.js'
import type {ItemSink} from './pump.js'
import {BATCHES_AHEAD, RELISTED_MAX} from './server-source.js'
import {WrittenItems} from './written-items.js'

export interface ServerSinkOptions {
  readonly facts: ServerFacts
  /** `set` writes over whatever is there. */
  readonly mode: 'add' | 'set'
  readonly exptimes: ExptimeRules
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** Called with each item that the server refused, and each that was not sent for a reason. */
  readonly onRefused?: ((item: StoredItem, outcome: RefusedHow) => void) | undefined
}

type SinkWrite = Extract<ItemWrite, {readonly kind: 'add' | 'set'}>

/** How exptimes of items become exptimes for the server that is written to. */
export interface ExptimeRules {
  /** Added to every exptime, in seconds: the difference of the clocks, or the age of a dump whose items go on living. */
  readonly shiftSeconds: number
  /** For an item whose exptime is unknown: seconds to live, 0 = for ever. */
  readonly unknownTtlSeconds: number
}

export type RefusedHow = Extract<WriteOutcome, 'tooLarge' | 'noMemory' | 'refused'> | 'unsafeFlags'

/** What became of items. */
export interface SinkCounts {
  written: number
  writtenBytes: number
  /** An item was there, and was left. */
  present: number
  /** Expired before they could be written. */
  expired: number
  tooLarge: number
  noMemory: number
  refused: number
  /** Flags of 2^31 and more: repcached sends them to its peer as negative, which then takes the value for commands. */
  unsafeFlags: number
}

const SIGN_BIT = 2 ** 31

/**
 * Writes items to a server. An item that comes twice has changed at its source: what was added is written over, unless
 * somebody else has written there since.
 */
export class ServerSink implements ItemSink {
  readonly counts: SinkCounts = {
    written: 0,
    writtenBytes: 0,
    present: 0,
    expired: 0,
    tooLarge: 0,
    noMemory: 0,
    refused: 0,
    unsafeFlags: 0,
  }
  readonly #options: ServerSinkOptions
  readonly #writer: ItemWriter
  readonly #underWay: Promise<void>[] = []
  readonly #written: WrittenItems | null
  #reader: ItemReader | null = null
  #repeats: Promise<void> = Promise.resolve()

  constructor(options: ServerSinkOptions) {
    this.#options = options
    this.#writer = new ItemWriter(options)
    const canGuard = options.mode === 'add' && options.facts.hasCas
    this.#written = canGuard ? new WrittenItems(RELISTED_MAX) : null
  }

  /** The first thing that the server said when it refused an item for a reason without a name here. */
  get refusal(): string | null {
    return this.#writer.refusal
  }

  async write(items: readonly StoredItem[]): Promise<void> {
    const {facts, mode, exptimes} = this.#options
    const nowSeconds = Math.floor(Date.now() / 1000) + facts.clockAheadSeconds
    const writes: SinkWrite[] = []
    const sent: StoredItem[] = []
    for (const item of items) {
      const expiresAt = expiryAtTarget(item.expiresAt, exptimes, nowSeconds)
      if (expiresAt === 'expired') this.counts.expired++
      else if (isUnsafe(item, facts)) this.#refuse(item, 'unsafeFlags')
      else {
        writes.push({kind: mode, item: {...item, expiresAt}})
        sent.push(item)
      }
    }
    const writing = this.#writer.write(writes).then(outcomes => this.#settle(sent, writes, outcomes))
    // Told when its turn comes.
    writing.catch(() => {})
    this.#underWay.push(writing)
    if (this.#underWay.length >= BATCHES_AHEAD) await this.#underWay.shift()
  }

  /** Waits for all writes. @throws AskError */
  async finish(): Promise<void> {
    for (const writing of this.#underWay.splice(0)) await writing
  }

  close(): void {
    this.#writer.close()
    this.#reader?.close()
  }

  async #settle(
    items: readonly StoredItem[],
    writes: readonly SinkWrite[],
    outcomes: readonly WriteOutcome[],
  ): Promise<void> {
    const again: WrittenItem[] = []
    for (const [place, outcome] of outcomes.entries()) {
      const item = items[place]!
      switch (outcome) {
        case 'done':
          this.#written?.add(item)
          this.counts.written++
          this.counts.writtenBytes += itemBytes(item)
          break
        case 'present':
        case 'changed':
        case 'gone':
          if (this.#written?.hasKey(item)) again.push(writes[place]!.item)
          else this.counts.present++
          break
        default:
          this.#refuse(item, outcome)
      }
    }
    if (again.length === 0) return
    // One after the other: a key may come once more.
    this.#repeats = this.#repeats.then(() => this.#writeAgain(again))
    await this.#repeats
  }

  /** Writes over what this sink has added, and nothing else. */
  async #writeAgain(items: readonly WrittenItem[]): Promise<void> {
    const {facts, timeoutMs, signal} = this.#options
    this.#reader ??= new ItemReader({facts, timeoutMs, signal})
    const found = await this.#reader.read(items.map(({key}) => ({key, expiresAt: null})))
    const writes: ItemWrite[] = []
    for (const [place, item] of items.entries()) {
      const there = found[place]
      if (there === null || there === undefined || there === 'unreadable' || there.cas === null) continue
      if (this.#written?.has(there)) writes.push({kind: 'cas', item, cas: there.cas})
    }
    const outcomes = await this.#writer.write(writes)
    const done = writes.filter((_, place) => outcomes[place] === 'done')
    for (const write of done) if ('item' in write) this.#written?.add(write.item)
    this.counts.present += items.length - done.length
  }

  #refuse(item: StoredItem, how: RefusedHow): void {
    this.counts[how]++
    this.#options.onRefused?.(item, how)
  }
}

/** Whether a server that has, or may get, a repcached peer would harm it with this item. */
export function isUnsafe({flags}: Pick<WrittenItem, 'flags'>, {program}: Pick<ServerFacts, 'program'>): boolean {
  return program === 'repcached' && flags >= SIGN_BIT
}

/** @returns Unix seconds by the clock of the server that is written to, 0 = never */
export function expiryAtTarget(
  expiresAt: number | null,
  {shiftSeconds, unknownTtlSeconds}: ExptimeRules,
  nowSeconds: number,
): number | 'expired' {
  if (expiresAt === null) return unknownTtlSeconds === 0 ? 0 : nowSeconds + unknownTtlSeconds
  if (expiresAt === 0) return 0
  const shifted = expiresAt + shiftSeconds
  return shifted <= nowSeconds ? 'expired' : shifted
}
