import type {RefusedHow} from '../server-sink.js'
import type {SyncDifference} from './decide.js'

/** Items and the bytes of their keys and values. */
export interface Amount {
  items: number
  bytes: number
}

/** What a sync has found and done; each key counts once in `compared`. */
export interface SyncCounts {
  /** Keys that were read on both sides. */
  compared: number
  same: number
  /** On neither side when they were read: expired or deleted since they were listed. */
  absent: number
  /** Listed, and no protocol of the server can name them. */
  unreadable: number
  /** What differs and is left by the policy. */
  readonly left: Record<SyncDifference, number>
  /** What is to be done; of a sync that is carried out, what was tried. */
  readonly planned: Record<SyncWork, Amount>
  readonly done: Record<SyncWork, Amount>
  /** Changed by somebody else while the sync was at them, and left. */
  changedMeanwhile: number
  /** Expired before they could be written. */
  expired: number
  readonly refused: Record<RefusedHow, number>
  /** Items of a side that does not tell their exptime, and which were to be written. */
  exptimeUnknown: number
}

/** `add` where nothing was, `replace` what differed, `delete`. */
export type SyncWork = 'add' | 'replace' | 'delete'

export function noCounts(): SyncCounts {
  const none = (): Amount => ({items: 0, bytes: 0})
  return {
    compared: 0,
    same: 0,
    absent: 0,
    unreadable: 0,
    left: {onlyOnFrom: 0, onlyOnTo: 0, value: 0, flags: 0, exptime: 0},
    planned: {add: none(), replace: none(), delete: none()},
    done: {add: none(), replace: none(), delete: none()},
    changedMeanwhile: 0,
    expired: 0,
    refused: {tooLarge: 0, noMemory: 0, refused: 0, unsafeFlags: 0},
    exptimeUnknown: 0,
  }
}
