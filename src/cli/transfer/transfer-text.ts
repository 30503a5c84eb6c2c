import type {NotSeen} from '../../engine/transfer/pump.js'
import type {RefusedHow, SinkCounts} from '../../engine/transfer/server-sink.js'
import {printable} from '../../protocol/printable.js'
import {formatCount} from '../documents/phrases/format.js'

const units = ['kB', 'MB', 'GB', 'TB'] as const

/** `812 B`, `1.02 GB`. */
export function formatBytes(bytes: number): string {
  let value = bytes
  let unit = 'B'
  for (const next of units) {
    if (value < 999.5) break
    value /= 1000
    unit = next
  }
  return unit === 'B' ? `${value} B` : `${value.toPrecision(3)} ${unit}`
}

/** A line of a report. */
export function row(name: string, text: string): string {
  return `${name.padEnd(14)} ${text}`
}

/** What a source could not hand over; no lines where there is nothing. */
export function notSeenRows({hidden, unreadable, gone, exptimeUnknown, damage}: NotSeen): string[] {
  return [
    ...(gone === 0 ? [] : [row('gone', `${formatCount(gone)}, expired or deleted since they were listed`)]),
    ...(hidden === 0 || damage !== null ? [] : [row('not listed', describeHidden(hidden))]),
    ...(unreadable === 0
      ? []
      : [row('not read', `${formatCount(unreadable)}, which no protocol of the server can name`)]),
    ...(exptimeUnknown === 0
      ? []
      : [row('no exptime', `${formatCount(exptimeUnknown)}, whose server does not tell it`)]),
    ...(damage === null ? [] : [row('damage', `${printable(damage)}; nothing after it is read`)]),
  ]
}

function describeHidden(hidden: number | null): string {
  return hidden === null
    ? 'unknown how many: the server does not count its items'
    : `${formatCount(hidden)} that the server counts; --keys reads them by name`
}

const refusals: Readonly<Record<RefusedHow, readonly [string, string]>> = {
  tooLarge: ['too large', 'larger than the server takes'],
  noMemory: ['no memory', 'for which the server had no memory'],
  refused: ['refused', 'by the server'],
  unsafeFlags: ['unsafe flags', 'of 2^31 or more, which repcached sends to its peer as a fault'],
}

/** What became of items at the server that was written to. */
export function countRows(counts: SinkCounts, mode: 'add' | 'set'): string[] {
  const how = Object.keys(refusals) as RefusedHow[]
  return [
    ...(counts.present === 0 ? [] : [row('left as is', `${formatCount(counts.present)}, ${presentBecause(mode)}`)]),
    ...(counts.expired === 0 ? [] : [row('expired', `${formatCount(counts.expired)}, before they were written`)]),
    ...how.flatMap(each => {
      const [name, text] = refusals[each]
      return counts[each] === 0 ? [] : [row(name, `${formatCount(counts[each])}, ${text}`)]
    }),
  ]
}

export function refusedHow(how: RefusedHow): string {
  return refusals[how][0]
}

function presentBecause(mode: 'add' | 'set'): string {
  return mode === 'add' ? 'as the server has an item (--overwrite writes over it)' : 'as they changed meanwhile'
}

/** Items that should be there and are not. */
export function refusedCount(counts: SinkCounts): number {
  return (Object.keys(refusals) as RefusedHow[]).reduce((sum, how) => sum + counts[how], 0)
}
