/** mcperf's counter at the end of every key. */
export const KEY_COUNTER_DIGITS = 8

/** A key of a plan as it goes over the wire. */
export function formatKey(prefix: string, key: number): string {
  return prefix + (key >>> 0).toString(16).padStart(KEY_COUNTER_DIGITS, '0')
}

/** The number of a plan's key; 0 for another program's, which may begin as one of the plan's does. */
export function parseKey(prefix: string, text: string): number {
  if (text.length !== prefix.length + KEY_COUNTER_DIGITS || !text.startsWith(prefix)) return 0
  const digits = text.slice(prefix.length)
  return /^[\da-f]+$/.test(digits) ? Number.parseInt(digits, 16) : 0
}
