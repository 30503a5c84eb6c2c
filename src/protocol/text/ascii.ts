/** Numbers and text straight from and into bytes, because the hot path must make no strings. */

export const LF = 10
export const CR = 13
export const SPACE = 32
const MINUS = 45
const ZERO = 48

/** Decimals with at most this many digits are exact in a double. */
const SAFE_DIGITS = 15

/** Reads an unsigned decimal in [start, end); NaN when empty, not all digits, or above 2^53. */
export function readUnsigned(bytes: Uint8Array, start: number, end: number): number {
  if (start >= end) return Number.NaN
  let value = 0
  for (let at = start; at < end; at++) {
    const digit = bytes[at]! - ZERO
    if (digit < 0 || digit > 9) return Number.NaN
    value = value * 10 + digit
  }
  return value <= Number.MAX_SAFE_INTEGER ? value : Number.NaN
}

/** Reads a decimal that may begin with `-`; NaN as for {@link readUnsigned}. */
export function readSigned(bytes: Uint8Array, start: number, end: number): number {
  return bytes[start] === MINUS && start < end ? -readUnsigned(bytes, start + 1, end) : readUnsigned(bytes, start, end)
}

/** Reads an unsigned 64-bit decimal; null when it is none or too large. */
export function readUnsigned64(bytes: Uint8Array, start: number, end: number): bigint | null {
  if (start >= end || end - start > 20) return null
  let value = 0n
  for (let at = start; at < end; ) {
    const stop = Math.min(end, at + SAFE_DIGITS)
    const part = readUnsigned(bytes, at, stop)
    if (Number.isNaN(part)) return null
    value = value * 10n ** BigInt(stop - at) + BigInt(part)
    at = stop
  }
  return value < 1n << 64n ? value : null
}

/** Writes a non-negative integer below 2^53 as decimal at `at`; returns the position after it. */
export function writeDecimal(bytes: Uint8Array, at: number, value: number): number {
  let rest = value
  const end = at + decimalLength(value)
  for (let position = end - 1; position >= at; position--) {
    const quotient = rest < 0x7fffffff ? (rest / 10) | 0 : Math.floor(rest / 10)
    bytes[position] = ZERO + (rest - quotient * 10)
    rest = quotient
  }
  return end
}

/** Number of decimal digits of a non-negative integer below 2^53. */
export function decimalLength(value: number): number {
  if (value < 10) return 1
  let length = 2
  for (let limit = 100; value >= limit; limit *= 10) length++
  return length
}

/** Writes an unsigned 64-bit integer given as two halves. */
export function writeDecimal64(bytes: Uint8Array, at: number, high: number, low: number): number {
  if (high < 0x200000) return writeDecimal(bytes, at, high * 0x1_0000_0000 + low)
  return writeText(bytes, at, ((BigInt(high) << 32n) | BigInt(low)).toString())
}

/** Writes ASCII text; returns the position after it. */
export function writeText(bytes: Uint8Array, at: number, text: string): number {
  for (let index = 0; index < text.length; index++) bytes[at + index] = text.charCodeAt(index)
  return at + text.length
}

/** Up to this many bytes a loop is faster than a call into native code. */
const SHORT_COPY = 48

/** Copies source[start, end) to target at `at`; returns the position after it. */
export function copyBytes(source: Buffer, start: number, end: number, target: Buffer, at: number): number {
  const length = end - start
  if (length > SHORT_COPY) source.copy(target, at, start, end)
  else for (let index = 0; index < length; index++) target[at + index] = source[start + index]!
  return at + length
}

/** True when bytes[start, end) are exactly the ASCII `text`. */
export function equalsText(bytes: Uint8Array, start: number, end: number, text: string): boolean {
  if (end - start !== text.length) return false
  for (let index = 0; index < text.length; index++) {
    if (bytes[start + index] !== text.charCodeAt(index)) return false
  }
  return true
}
