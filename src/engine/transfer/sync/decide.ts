import {differInExptime} from '../../check/items/compare-items.js'
import type {StoredItem} from '../items/stored-item.js'

export type Side = 'from' | 'to'

/** What a sync may do. */
export type SyncPolicy =
  /** TO becomes like FROM. */
  | {
      readonly kind: 'oneWay'
      /** Whether what differs is replaced. */
      readonly overwrite: boolean
      /** Whether what FROM does not have is deleted. */
      readonly delete: boolean
    }
  /** What either side lacks is added to it; what differs is decided by a rule. */
  | {readonly kind: 'both'; readonly winner: WinnerRule}

export type WinnerRule =
  /** What differs is left. */
  | {readonly kind: 'none'}
  | {readonly kind: 'side'; readonly side: Side}
  /** The item that expires later: of items that are written with one time to live, the one that was written later. */
  | {readonly kind: 'laterExptime'}

/** How a key differs between the two sides. */
export type SyncDifference = 'onlyOnFrom' | 'onlyOnTo' | 'value' | 'flags' | 'exptime'

export type SyncAction =
  /** What `source` has goes to the other side: where nothing is there, or in place of the item with this cas unique. */
  | {readonly kind: 'copy'; readonly source: Side; readonly item: StoredItem; readonly replaces: StoredItem | null}
  | {readonly kind: 'delete'; readonly side: Side; readonly item: StoredItem}

export type Decision =
  /** On neither side: it has expired, or was deleted. */
  | {readonly kind: 'absent'}
  | {readonly kind: 'same'}
  /** It differs, and the policy leaves it as it is. */
  | {readonly kind: 'leave'; readonly difference: SyncDifference}
  | {readonly kind: 'act'; readonly difference: SyncDifference; readonly action: SyncAction}

/** What is to be done about a key. Exptimes are by one clock. */
export function decide(from: StoredItem | null, to: StoredItem | null, policy: SyncPolicy): Decision {
  if (from === null && to === null) return {kind: 'absent'}
  if (to === null) {
    return act('onlyOnFrom', {kind: 'copy', source: 'from', item: from!, replaces: null})
  }
  if (from === null) return decideOnlyOnTo(to, policy)
  const difference = differenceOf(from, to)
  if (difference === null) return {kind: 'same'}
  const source = winnerOf(from, to, policy)
  if (source === null) return {kind: 'leave', difference}
  const [item, replaces] = source === 'from' ? [from, to] : [to, from]
  return act(difference, {kind: 'copy', source, item, replaces})
}

function act(difference: SyncDifference, action: SyncAction): Decision {
  return {kind: 'act', difference, action}
}

function decideOnlyOnTo(to: StoredItem, policy: SyncPolicy): Decision {
  const difference = 'onlyOnTo'
  if (policy.kind === 'both') return act(difference, {kind: 'copy', source: 'to', item: to, replaces: null})
  return policy.delete ? act(difference, {kind: 'delete', side: 'to', item: to}) : {kind: 'leave', difference}
}

/** The first difference, the worst one first; an exptime that is not known is not compared. */
export function differenceOf(from: StoredItem, to: StoredItem): 'value' | 'flags' | 'exptime' | null {
  if (!from.value.equals(to.value)) return 'value'
  if (from.flags !== to.flags) return 'flags'
  if (from.expiresAt === null || to.expiresAt === null) return null
  return differInExptime(from.expiresAt, to.expiresAt) ? 'exptime' : null
}

/** Null: nobody wins. */
function winnerOf(from: StoredItem, to: StoredItem, policy: SyncPolicy): Side | null {
  if (policy.kind === 'oneWay') return policy.overwrite ? 'from' : null
  switch (policy.winner.kind) {
    case 'none':
      return null
    case 'side':
      return policy.winner.side
    case 'laterExptime':
      return laterOf(from.expiresAt, to.expiresAt)
  }
}

/** Never is no later than any: it says nothing about when the item was written. */
function laterOf(from: number | null, to: number | null): Side | null {
  if (from === null || to === null || from === 0 || to === 0 || !differInExptime(from, to)) return null
  return from > to ? 'from' : 'to'
}
