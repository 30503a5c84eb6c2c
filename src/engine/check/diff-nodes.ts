import {setTimeout as delay} from 'node:timers/promises'
import type {Address} from '../../protocol/address.js'
import {isTextKey} from '../../protocol/text/text-key.js'
import {EXAMPLES_MAX, pickExamples} from '../verify/pick-examples.js'
import {compareItems, type Difference, type DifferenceKind, worstDifferencesFirst} from './items/compare-items.js'
import {ItemConnection, type ItemConnectionOptions} from './items/item-connection.js'
import type {Item} from './items/item-reply.js'
import {countItems, type ListExtent, listKeys} from './items/list-keys.js'
import {OddKeyReader} from './items/odd-key-reader.js'

const BATCH_KEYS = 200
/** Odd keys, which no line of text can name: their values are all kept until the last has come. */
const ODD_BATCH_KEYS = 20
/** Batches under way: enough to keep both sides busy. */
const BATCHES_AHEAD = 4
/** Differences are read again: a write may have been on its way between the nodes. */
const RECHECKS = 3

export interface DiffOptions extends ItemConnectionOptions {
  readonly a: Address
  readonly b: Address
  /** Keys to compare; without them the nodes are asked for theirs. */
  readonly keys?: readonly string[] | undefined
  /** How long a difference must last to count, in ms. @default 1000 */
  readonly settleMs?: number
  readonly onProgress?: (progress: {compared: number; keys: number}) => void
  /** Called for every difference that lasted. */
  readonly onDifference?: (difference: Difference) => void
}

export interface DiffResult {
  readonly keys: number
  readonly same: number
  /** Listed or asked for, but on neither node when it was read. */
  readonly onNeither: number
  /** Listed, but not readable: not compared, unless one node lists them and the other does not. */
  readonly unread: number
  /** The first few of them. */
  readonly unreadExamples: readonly string[]
  readonly differences: Readonly<Record<DifferenceKind, number>>
  readonly examples: readonly Difference[]
  /** Where the keys came from; a node that cannot list its keys may hold more than was compared. */
  readonly listedBy: readonly ('A' | 'B' | 'keys')[]
  /** Nodes that listed only some of their keys. */
  readonly listedInPart: readonly ('A' | 'B')[]
  /** Nodes that hold no more than was compared: they listed all their keys, or count no more items. */
  readonly seenWhole: readonly ('A' | 'B')[]
  /** Whether exptimes could be compared, where both nodes listed the key. */
  readonly exptimes: boolean
  readonly seconds: number
}

/**
 * Compares what two nodes hold, key by key: value, flags and, where both list
 * their keys, exptime. Differences that pass by themselves do not count.
 * @returns null when no keys were given and neither node can list its own
 * @throws AskError when a node does not answer
 */
export async function diffNodes(options: DiffOptions): Promise<DiffResult | null> {
  const {a, b, settleMs = 1000} = options
  const startMs = performance.now()
  const list = async (): Promise<Lists> =>
    options.keys === undefined ? await Promise.all([listKeys(a, options), listKeys(b, options)]) : notListed
  let lists = await list()
  const extents = lists.map(({extent}) => extent)
  if (options.keys === undefined && extents.every(extent => extent === 'none')) return null
  const keys = options.keys ?? [...new Set(lists.flatMap(one => [...one.keys.keys()]))]
  const nodes = new NodePair(options)
  try {
    const first = await nodes.compare(keys, lists, options.onProgress)
    let {differences} = first
    // A key that is listed and not there has expired meanwhile, or has a name that the list cannot show.
    let absent = options.keys === undefined ? first.onNeither : []
    for (let round = 0; round < RECHECKS && differences.length + absent.length > 0; round++) {
      await delay(settleMs / RECHECKS, undefined, options.signal ? {signal: options.signal} : {})
      // Exptimes may have changed too.
      lists = await list()
      const again = await nodes.compare([...differences.map(({key}) => key), ...absent], lists)
      differences = again.differences
      absent = stillListed(again.onNeither, lists, absent)
    }
    const unread = [...first.unread, ...absent]
    for (const difference of differences) options.onDifference?.(difference)
    const nodesThat = (holds: (index: 0 | 1) => boolean) =>
      (['A', 'B'] as const).filter((_, index) => holds(index as 0 | 1))
    const items = options.keys === undefined ? await nodes.countItems(extents) : [null, null]
    const isSeenWhole = (index: 0 | 1): boolean =>
      extents[index] === 'all' || (items[index] !== null && items[index]! <= first.held[index])
    return {
      keys: keys.length,
      same: keys.length - first.onNeither.length - first.unread.length - differences.length,
      onNeither: first.onNeither.length - absent.length,
      unread: unread.length,
      unreadExamples: unread.slice(0, EXAMPLES_MAX),
      differences: countKinds(differences),
      examples: pickExamples(differences, {worstFirst: worstDifferencesFirst}),
      listedBy: options.keys !== undefined ? ['keys'] : nodesThat(index => extents[index] !== 'none'),
      listedInPart: nodesThat(index => extents[index] === 'some'),
      seenWhole: nodesThat(isSeenWhole),
      exptimes: extents.every(extent => extent !== 'none'),
      seconds: (performance.now() - startMs) / 1000,
    }
  } finally {
    nodes.close()
  }
}

type Lists = readonly [Listed, Listed]
type Listed = Awaited<ReturnType<typeof listKeys>>

const notListed: Lists = [
  {keys: new Map(), extent: 'none'},
  {keys: new Map(), extent: 'none'},
]

interface Compared {
  readonly differences: Difference[]
  readonly onNeither: readonly string[]
  readonly unread: readonly string[]
  /** Of the keys that were asked for, how many A and B have. */
  readonly held: readonly [number, number]
}

class NodePair {
  readonly #a: ItemConnection
  readonly #b: ItemConnection
  readonly #oddA: OddKeyReader
  readonly #oddB: OddKeyReader

  constructor(options: DiffOptions) {
    this.#a = new ItemConnection(options.a, options)
    this.#b = new ItemConnection(options.b, options)
    this.#oddA = new OddKeyReader(options.a, options)
    this.#oddB = new OddKeyReader(options.b, options)
  }

  async compare(all: readonly string[], lists: Lists, onProgress?: DiffOptions['onProgress']): Promise<Compared> {
    const [{keys: listA}, {keys: listB}] = lists
    const keys = all.filter(isTextKey)
    const odd = all.length === keys.length ? [] : all.filter(key => !isTextKey(key))
    const onNeither: string[] = []
    const unreadable: string[] = []
    const differences: Difference[] = []
    const held: [number, number] = [0, 0]
    const judge = (key: string, itemA: Item | null, itemB: Item | null): void => {
      const sideA = {item: itemA, expiresAt: listA.get(key) ?? null}
      const sideB = {item: itemB, expiresAt: listB.get(key) ?? null}
      if (itemA === null && itemB === null) onNeither.push(key)
      if (itemA !== null) held[0]++
      if (itemB !== null) held[1]++
      const difference = compareItems(key, sideA, sideB)
      if (difference !== null) differences.push(difference)
    }
    const compareBatch = async (batch: readonly string[]): Promise<void> => {
      const [itemsA, itemsB] = await Promise.all([this.#a.read(batch), this.#b.read(batch)])
      for (const [i, key] of batch.entries()) judge(key, itemsA[i]!, itemsB[i]!)
    }
    const underWay: Promise<void>[] = []
    for (let at = 0; at < keys.length; at += BATCH_KEYS) {
      if (underWay.length === BATCHES_AHEAD) {
        await underWay.shift()
        onProgress?.({compared: at, keys: keys.length})
      }
      underWay.push(compareBatch(keys.slice(at, at + BATCH_KEYS)))
    }
    await Promise.all(underWay)
    for (let at = 0; at < odd.length; at += ODD_BATCH_KEYS) {
      const batch = odd.slice(at, at + ODD_BATCH_KEYS)
      const [itemsA, itemsB] = await Promise.all([this.#oddA.read(batch), this.#oddB.read(batch)])
      for (const [i, key] of batch.entries()) {
        const [itemA, itemB] = [itemsA[i]!, itemsB[i]!]
        if (itemA === 'unreadable' || itemB === 'unreadable') unreadable.push(key)
        else judge(key, itemA, itemB)
      }
    }
    const {differences: listedOnOne, unread} = compareUnreadable(unreadable, lists)
    return {
      differences: [...differences, ...listedOnOne],
      onNeither,
      unread,
      held: [held[0] + unread.length, held[1] + unread.length],
    }
  }

  /** How many items each node counts; null when it listed all, or does not count. */
  async countItems(extents: readonly ListExtent[]): Promise<(number | null)[]> {
    return await Promise.all(
      [this.#a, this.#b].map((node, index) => (extents[index] === 'all' ? null : countItems(node))),
    )
  }

  close(): void {
    for (const connection of [this.#a, this.#b, this.#oddA, this.#oddB]) connection.close()
  }
}

/** Compares keys that cannot be read, by the nodes' lists alone. */
function compareUnreadable(keys: readonly string[], [a, b]: Lists): {differences: Difference[]; unread: string[]} {
  const differences: Difference[] = []
  const unread: string[] = []
  for (const key of keys) {
    const isOnA = a.keys.has(key)
    const isOnB = b.keys.has(key)
    if (isOnA && !isOnB && b.extent === 'all') differences.push({key, kind: 'missingOnB', text: 'only A lists it'})
    else if (isOnB && !isOnA && a.extent === 'all') differences.push({key, kind: 'missingOnA', text: 'only B lists it'})
    else unread.push(key)
  }
  return {differences, unread}
}

/** Keys that a list still names, though they have not expired. */
function stillListed(onNeither: readonly string[], lists: Lists, before: readonly string[]): string[] {
  const known = new Set(before)
  const now = Date.now() / 1000
  const isAlive = (expiresAt: number | undefined): boolean => expiresAt === 0 || (expiresAt ?? 0) > now
  return onNeither.filter(key => known.has(key) && lists.some(({keys}) => isAlive(keys.get(key))))
}

function countKinds(differences: readonly Difference[]): Record<DifferenceKind, number> {
  const counts = {missingOnA: 0, missingOnB: 0, value: 0, flags: 0, exptime: 0}
  for (const {kind} of differences) counts[kind]++
  return counts
}
