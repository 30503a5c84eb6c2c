import {createHash} from 'node:crypto'
import type {StoredItem} from '../items/stored-item.js'
import {differenceOf, type Side, type SyncAction} from './decide.js'

/** A key that changed at its source while it was copied. */
export interface RecheckedKey {
  readonly key: string
  readonly source: Side
  /** Of what the sync left on the other side; null = nothing. */
  readonly wrote: string | null
}

/** More are not looked at again: they are counted as changed meanwhile. */
const KEPT_MAX = 200_000

/**
 * Keys whose source changed between the read and the write: what the sync has written is older than what the source
 * has. It may be written over, as long as it is still what the sync wrote.
 */
export class Recheck {
  #keys: RecheckedKey[] = []
  /** Keys that changed and were too many to keep. */
  notKept = 0

  add(action: SyncAction): void {
    if (this.#keys.length === KEPT_MAX) {
      this.notKept++
      return
    }
    const {key} = action.item
    if (action.kind === 'delete') this.#keys.push({key, source: action.side === 'from' ? 'to' : 'from', wrote: null})
    else this.#keys.push({key, source: action.source, wrote: fingerprint(action.item)})
  }

  /** All keys, which are then forgotten. */
  take(): readonly RecheckedKey[] {
    const keys = this.#keys
    this.#keys = []
    return keys
  }
}

/** `foreign`: somebody else has written the target since. */
export type RecheckDecision = {readonly kind: 'fine' | 'foreign'} | {readonly kind: 'act'; readonly action: SyncAction}

/** What is to be done about a key whose source had changed. */
export function decideAgain(
  {source, wrote}: RecheckedKey,
  items: Readonly<Record<Side, StoredItem | null>>,
): RecheckDecision {
  const targetSide: Side = source === 'from' ? 'to' : 'from'
  const [item, target] = [items[source], items[targetSide]]
  if (item === null && target === null) return {kind: 'fine'}
  if (item !== null && target !== null && differenceOf(item, target) === null) return {kind: 'fine'}
  if ((target === null ? null : fingerprint(target)) !== wrote) return {kind: 'foreign'}
  return {
    kind: 'act',
    action:
      item === null
        ? {kind: 'delete', side: targetSide, item: target!}
        : {kind: 'copy', source, item, replaces: target},
  }
}

function fingerprint({flags, value}: StoredItem): string {
  return `${flags} ${createHash('sha1').update(value).digest('base64')}`
}
