import type {Item} from './item-reply.js'

/** How a key differs between two nodes, A and B. */
export type DifferenceKind = 'missingOnA' | 'missingOnB' | 'value' | 'flags' | 'exptime'

export interface Difference {
  readonly key: string
  readonly kind: DifferenceKind
  /** What each node holds, for people. */
  readonly text: string
}

/** From wrong values to missing keys to keys that expire at another time. */
export const worstDifferencesFirst: readonly DifferenceKind[] = [
  'value',
  'flags',
  'missingOnA',
  'missingOnB',
  'exptime',
]

/** Clocks tick once a second, and both nodes round their start. */
const EXPTIME_TOLERANCE_SECONDS = 2

/** One side of a comparison; `expiresAt` in Unix seconds, 0 = never, null = unknown. */
export interface Side {
  readonly item: Item | null
  readonly expiresAt: number | null
}

/** The first difference; null without one, and when the key is on neither node. */
export function compareItems(key: string, a: Side, b: Side): Difference | null {
  if (a.item === null || b.item === null) {
    if (a.item === b.item) return null
    const held = describeValue((a.item ?? b.item)!.value)
    return a.item === null
      ? {key, kind: 'missingOnA', text: `only on B: ${held}`}
      : {key, kind: 'missingOnB', text: `only on A: ${held}`}
  }
  if (!a.item.value.equals(b.item.value)) {
    return {key, kind: 'value', text: `A has ${describeValue(a.item.value)}, B has ${describeValue(b.item.value)}`}
  }
  if (a.item.flags !== b.item.flags) return {key, kind: 'flags', text: `A has ${a.item.flags}, B has ${b.item.flags}`}
  if (a.expiresAt !== null && b.expiresAt !== null && differInExptime(a.expiresAt, b.expiresAt)) {
    return {key, kind: 'exptime', text: `A: ${describeExptime(a.expiresAt)}, B: ${describeExptime(b.expiresAt)}`}
  }
  return null
}

/** Whether exptimes differ by more than the clocks' rounding. @param a Unix seconds, 0 = never */
export function differInExptime(a: number, b: number): boolean {
  return (a === 0) !== (b === 0) || Math.abs(a - b) > EXPTIME_TOLERANCE_SECONDS
}

export function describeExptime(seconds: number): string {
  return seconds === 0 ? 'never expires' : `expires ${new Date(seconds * 1000).toISOString()}`
}

const SHOWN_BYTES = 24

function describeValue(value: Buffer): string {
  const start = value.toString('latin1', 0, SHOWN_BYTES).replaceAll(/[^\x20-\x7e]/g, '·')
  return `${value.length} byte${value.length === 1 ? '' : 's'} '${start}${value.length > SHOWN_BYTES ? '…' : ''}'`
}
