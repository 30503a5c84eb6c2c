/** Placeholder for a value that was not measured. */
export const ABSENT = '–'

/** 999, 1.2k, 90.5k, 100k, 1.2M, 3.4G (powers of 1000). */
export function formatCount(value: number | null): string {
  return value === null ? ABSENT : scaled(value, 1000, ['', 'k', 'M', 'G', 'T'])
}

/** 512, 1.5K, 412M, 1.2G (powers of 1024). */
export function formatBytes(value: number | null): string {
  return value === null ? ABSENT : scaled(value, 1024, ['', 'K', 'M', 'G', 'T'])
}

/** 512B, 412MB: where no heading says what is counted. */
export function formatSize(value: number | null): string {
  return value === null ? ABSENT : `${formatBytes(value)}B`
}

function scaled(value: number, base: number, units: readonly string[]): string {
  let rest = Math.abs(value)
  let unit = 0
  // 999.95 would round to 1000.0 of the smaller unit.
  while (unit < units.length - 1 && rest >= (unit === 0 ? base - 0.5 : base - 0.05)) {
    rest /= base
    unit += 1
  }
  const digits = unit === 0 || rest >= 99.95 ? 0 : 1
  return `${value < 0 ? '-' : ''}${rest.toFixed(digits)}${units[unit]}`
}

/** µs → ms with three significant digits: 0.22, 1.30, 11.0, 153, 1535. */
export function formatMs(us: number | null): string {
  if (us === null) return ABSENT
  const ms = us / 1000
  if (ms < 9.995) return ms.toFixed(2)
  return ms < 99.95 ? ms.toFixed(1) : ms.toFixed(0)
}

/** µs of a lag → ms; what is too short for its two digits is told so, for 0.00 looks like nothing measured. */
export function formatLag(us: number | null): string {
  return us !== null && us < 10 ? '<0.01' : formatMs(us)
}

/** 0 to 1 → 98.2 */
export function formatPercent(share: number | null): string {
  if (share === null) return ABSENT
  return share >= 0.9995 ? '100' : (share * 100).toFixed(1)
}

/** Seconds → 00:07, 12:04 or 1:02:03. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const pad = (value: number) => String(value).padStart(2, '0')
  const minutesAndSeconds = `${pad(Math.floor(whole / 60) % 60)}:${pad(whole % 60)}`
  return whole < 3600 ? minutesAndSeconds : `${Math.floor(whole / 3600)}:${minutesAndSeconds}`
}

/** Wall clock ms → 12:04:31.114 local time. */
export function formatClock(atMs: number): string {
  const date = new Date(atMs)
  const pad = (value: number, length = 2) => String(value).padStart(length, '0')
  return `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}.${pad(date.getMilliseconds(), 3)}`
}
