/** Numbers as C reads and prints them: what mcperf takes and says depends on it. */

const LARGEST_64 = (1n << 64n) - 1n

/** mcperf's integers: strtoul's, cut to 32 bits; null where that is no number or below 0. */
export function readCInteger(text: string): number | null {
  const [, sign, digits] = /^\s*([+-]?)(\d+)$/.exec(text) ?? []
  if (digits === undefined || BigInt(digits) > LARGEST_64) return null
  const value = Number(BigInt.asIntN(32, sign === '-' ? -BigInt(digits) : BigInt(digits)))
  return value < 0 ? null : value
}

/** A decimal number of strtod; null where it is none. */
export function readCReal(text: string): number | null {
  if (!/^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return null
  const value = Number(text)
  return Number.isFinite(value) ? value : null
}

/** printf's `%.<digits>f`: of two equally near numbers the one whose last digit is even; toFixed takes the larger. */
export function formatFixed(value: number, digits: number): string {
  const isTie = Math.abs(value * 2 ** (digits + 1)) % 2 === 1
  if (!isTie) return value.toFixed(digits)
  const scale = 10 ** digits
  const lower = Math.floor(value * scale)
  return ((lower % 2 === 0 ? lower : lower + 1) / scale).toFixed(digits)
}

const SIGNIFICANT_DIGITS = 6

/** printf's `%g`. */
export function formatGeneral(value: number): string {
  const [mantissa = '', exponent = ''] = value.toExponential(SIGNIFICANT_DIGITS - 1).split('e')
  const power = Number(exponent)
  if (power >= -4 && power < SIGNIFICANT_DIGITS) return String(Number(value.toPrecision(SIGNIFICANT_DIGITS)))
  return `${Number(mantissa)}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
}
