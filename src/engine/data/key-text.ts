/** Hex digits of the number at the end of every key, as in mcperf's keys. */
export const KEY_COUNTER_DIGITS = 8

/** The text of a plan's key, as sent to the server. */
export function formatKey(prefix: string, key: number): string {
  return prefix + (key >>> 0).toString(16).padStart(KEY_COUNTER_DIGITS, '0')
}

/** The number of a plan's key; 0 for a key that is not one of the plan's, even with the same prefix. */
export function parseKey(prefix: string, text: string): number {
  if (text.length !== prefix.length + KEY_COUNTER_DIGITS || !text.startsWith(prefix)) return 0
  const digits = text.slice(prefix.length)
  return /^[\da-f]+$/.test(digits) ? Number.parseInt(digits, 16) : 0
}
