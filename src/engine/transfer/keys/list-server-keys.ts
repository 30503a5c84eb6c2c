import {inQuotes} from '../../../ask/quote.js'
import {KEY_MAX_BYTES} from '../../../protocol/limits.js'
import {eachKey} from '../../check/items/list-keys.js'
import {PipelinedConnection, type RepliesReader, UnexpectedReply} from '../items/pipelined-connection.js'
import type {ServerFacts} from '../items/server-facts.js'
import {KeyFilter} from './key-filter.js'
import {KeySpool} from './key-spool.js'

export interface ListedKeys {
  readonly spool: KeySpool
  /**
   * Items that the server counts and does not list; null = unknown. Expired ones that it has not removed yet are among
   * them, but where it lists the table of all items: there it is 0.
   */
  readonly hidden: number | null
  /** How they were listed. */
  readonly way: 'metadump' | 'cachedump' | 'keys' | 'none' | 'given'
}

export interface ListOptions {
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** Called with how many there are so far, about ten times a second. */
  readonly onProgress?: ((listed: number) => void) | undefined
}

/** Keys that repbench itself writes for a moment to see whether a link carries. */
const OWN_KEYS = /^repbench:/

const PROGRESS_KEYS = 10_000
const ROUNDS_MAX = 4
const FILTER_KEYS_MORE = 10_000

/**
 * Lists all keys that a server shows.
 * @throws AskError when it does not answer; RepbenchError when the disk is full
 */
export async function listServerKeys(facts: ServerFacts, options: ListOptions = {}): Promise<ListedKeys> {
  const spool = new KeySpool()
  const add = (key: string, expiresAt: number | null, bytes: number): void => {
    if (OWN_KEYS.test(key)) return
    spool.add({key, expiresAt, bytes})
    if (spool.count % PROGRESS_KEYS === 0) options.onProgress?.(spool.count)
  }
  try {
    if (facts.program === 'yrmcds') {
      await listByKeysCommand(facts, key => add(key, null, 0), options)
      return {spool, hidden: 0, way: 'keys'}
    }
    return await listInRounds(facts, {spool, add, options})
  } catch (error) {
    spool.close()
    throw error
  }
}

interface Rounds {
  readonly spool: KeySpool
  readonly add: (key: string, expiresAt: number | null, bytes: number) => void
  readonly options: ListOptions
}

/**
 * Lists until nothing can be missing, or until a list brings nothing new: an item that memcached moves between its LRU
 * lists while these are dumped is missed by the dump, in a busy server one of ten.
 */
async function listInRounds(facts: ServerFacts, {spool, add, options}: Rounds): Promise<ListedKeys> {
  let filter: KeyFilter | null = null
  for (let round = 1; ; round++) {
    const before = spool.count
    const {extent, way} = await eachKey(
      facts.address,
      (key, expiresAt, bytes) => {
        if (filter === null || filter.add(key)) add(key, expiresAt, bytes)
      },
      options,
    )
    if (extent === 'none') return {spool, hidden: null, way: 'none'}
    const unlisted = facts.items === null ? null : Math.max(0, facts.items - spool.count)
    if (way === 'slabs') return {spool, hidden: extent === 'all' && unlisted !== null ? 0 : unlisted, way: 'cachedump'}
    // What is counted beyond the table has expired.
    if (way === 'hash') return {spool, hidden: 0, way: 'metadump'}
    const isSettled = unlisted === 0 || (round > 1 && spool.count === before)
    if (isSettled || round === ROUNDS_MAX) return {spool, hidden: unlisted, way: 'metadump'}
    filter ??= filterOf(spool)
  }
}

/** With room for what is written meanwhile. */
function filterOf(spool: KeySpool): KeyFilter {
  const filter = new KeyFilter(spool.count * 2 + FILTER_KEYS_MORE)
  for (const batch of spool.batches({keysMax: 1000, bytesMax: Number.POSITIVE_INFINITY})) {
    for (const {key} of batch) filter.add(key)
  }
  return filter
}

/** yrmcds's own command, which tells keys and nothing else (keys.md of yrmcds 1.1.9). */
async function listByKeysCommand(
  facts: ServerFacts,
  onKey: (key: string) => void,
  options: ListOptions,
): Promise<void> {
  const {timeoutMs, signal} = options
  const connection = new PipelinedConnection({address: facts.address, expected: 'keys', timeoutMs, signal})
  try {
    await connection.ask('keys\r\n', new KeyLines(onKey))
  } finally {
    connection.close()
  }
}

const KEY_LINE_MAX_BYTES = 'VALUE '.length + KEY_MAX_BYTES + '\r\n'.length

/** `VALUE <key>` in lines, up to `END`. */
class KeyLines implements RepliesReader {
  isDone = false
  readonly wantedBytes = 0
  readonly #onKey: (key: string) => void

  constructor(onKey: (key: string) => void) {
    this.#onKey = onKey
  }

  take(bytes: Buffer, from: number): number {
    let at = from
    for (let end = bytes.indexOf('\r\n', at); end >= 0; end = bytes.indexOf('\r\n', at)) {
      const line = bytes.toString('latin1', at, end)
      at = end + 2
      if (line === 'END') {
        this.isDone = true
        return at
      }
      if (!line.startsWith('VALUE ')) throw new UnexpectedReply(inQuotes(line))
      this.#onKey(line.slice('VALUE '.length))
    }
    if (bytes.length - at > KEY_LINE_MAX_BYTES) throw new UnexpectedReply('a line without an end')
    return at
  }
}
