import type {MeasureUnit} from '../../../engine/assertions/measure.js'
import {printable} from '../../../protocol/printable.js'

/** Numbers as reports print them; a value that was not measured is a dash. */

export function formatCount(value: number | null): string {
  return value === null
    ? '–'
    : Math.round(value)
        .toString()
        .replaceAll(/\B(?=(\d{3})+$)/g, ',')
}

/** µs → ms with three digits that count, at most µs: `0.213`, `1.30`, `12.4`, `1,310`. */
export function formatMs(us: number | null): string {
  if (us === null) return '–'
  const ms = us / 1000
  if (ms >= 100) return formatCount(ms)
  return ms.toFixed(ms >= 10 ? 1 : ms >= 1 ? 2 : 3)
}

export function formatPercent(part: number, whole: number): string {
  return whole === 0 ? '–' : `${((part / whole) * 100).toFixed(2)} %`
}

/** A value of a measure, without its unit where a heading names that: latencies in ms, shares in percent. */
export function formatMeasure(unit: MeasureUnit | 'percent', value: number | boolean | null): string {
  if (value === null) return '–'
  switch (unit) {
    case 'boolean':
      return String(value)
    case 'us':
      return formatMs(Number(value))
    case 'percent':
      return Number(value).toFixed(2)
    case 'share':
      return (Number(value) * 100).toFixed(2)
    case 'count':
    case 'perSecond':
      return Number.isInteger(value) || Number(value) >= 100 ? formatCount(Number(value)) : Number(value).toFixed(2)
  }
}

/** `+16.1 %`, `-8.0 %`; a change of nothing has no sign. */
export function formatPercentChange(percent: number | null): string {
  if (percent === null) return '–'
  const rounded = Number(percent.toFixed(1))
  return `${rounded > 0 ? '+' : ''}${rounded === 0 ? '0.0' : rounded.toFixed(1)} %`
}

export function formatBytesPerSecond(value: number | null): string {
  if (value === null) return '–'
  if (value >= 1e6) return `${(value / 1e6).toFixed(1)} MB/s`
  return `${(value / 1e3).toFixed(1)} kB/s`
}

export function formatSeconds(seconds: number): string {
  return `${seconds.toFixed(seconds >= 100 ? 0 : 1)} s`
}

/** Rows of cells as lines: the first column left, the others right. Cells are made safe to print, so that columns stay straight. */
export function formatTable(table: readonly (readonly string[])[]): string[] {
  const rows = table.map(cells => cells.map(printable))
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => row[column]!.length)))
  return rows.map(row =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd(),
  )
}

/** `850 ms`, `2.10 s`. */
export function formatLength(ms: number | null): string {
  if (ms === null) return '–'
  return ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(2)} s`
}
