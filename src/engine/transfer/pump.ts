import {itemBytes, type StoredItem} from './items/stored-item.js'

/** Where items come from. */
export interface ItemSource {
  /**
   * Whole items in batches, in constant memory. A key may come twice: the later item counts.
   * @returns what could not be seen
   * @throws AskError, RepbenchError
   */
  batches(): AsyncGenerator<readonly StoredItem[], NotSeen>
}

/** What a source holds and could not hand over. */
export interface NotSeen {
  /** Items that the server counts and does not list; null = unknown. */
  readonly hidden: number | null
  /** Listed, and no protocol of the server can name them. */
  readonly unreadable: number
  /** Listed, and gone or expired when they were read. */
  readonly gone: number
  /** Items whose exptime the server does not tell. */
  readonly exptimeUnknown: number
  /** Where a file is damaged, and what is there; null = whole. */
  readonly damage: string | null
}

export const allSeen: NotSeen = {hidden: 0, unreadable: 0, gone: 0, exptimeUnknown: 0, damage: null}

/** Where items go to. */
export interface ItemSink {
  /** Resolves when there is room for more. @throws AskError, RepbenchError */
  write(items: readonly StoredItem[]): Promise<void>
}

export interface PumpOptions {
  readonly source: ItemSource
  readonly sink: ItemSink
  /** Waits until so many items and bytes may go. */
  readonly pace: {take(items: number, bytes: number): Promise<void>}
  /** Called after each batch with what has gone so far. */
  readonly onProgress?: ((moved: Moved) => void) | undefined
  /** Called before each batch; may throw to stop. */
  readonly beforeBatch?: (() => Promise<void>) | undefined
}

/** What has gone from the source to the sink. */
export interface Moved {
  readonly items: number
  readonly bytes: number
}

/** Moves all items of a source into a sink. @returns what the source could not hand over */
export async function pump({
  source,
  sink,
  pace,
  onProgress,
  beforeBatch,
}: PumpOptions): Promise<Moved & {notSeen: NotSeen}> {
  const batches = source.batches()
  let items = 0
  let bytes = 0
  try {
    for (;;) {
      const next = await batches.next()
      if (next.done === true) return {items, bytes, notSeen: next.value}
      const batchBytes = next.value.reduce((sum, item) => sum + itemBytes(item), 0)
      await beforeBatch?.()
      await pace.take(next.value.length, batchBytes)
      await sink.write(next.value)
      items += next.value.length
      bytes += batchBytes
      onProgress?.({items, bytes})
    }
  } finally {
    await batches.return({...allSeen})
  }
}
