const PADDING = 61

/** Value of each base64 digit by its byte; 255 = none. */
const digits = new Uint8Array(256).fill(255)
Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/', 'latin1').forEach((byte, value) => {
  digits[byte] = value
})

/**
 * Decodes a key as memcached's meta commands do: bytes that are no base64 digits are
 * skipped, and the digits must be whole groups of four. Writes to `target` and
 * returns the length; 0 when it cannot be decoded.
 */
export function decodeBase64Key(bytes: Buffer, start: number, end: number, target: Buffer): number {
  let length = 0
  let group = 0
  let count = 0
  let padding = 0
  for (let at = start; at < end && padding === 0; at++) {
    const byte = bytes[at]!
    if (byte !== PADDING && digits[byte] === 255) continue
    group = (group << 6) | (byte === PADDING ? 0 : digits[byte]!)
    if (++count % 4 !== 0) continue
    padding = paddingOf(bytes, start, at)
    if (padding > 2) return 0
    target[length++] = (group >> 16) & 0xff
    target[length++] = (group >> 8) & 0xff
    target[length++] = group & 0xff
  }
  const leftOver = countDigits(bytes, start, end) % 4
  return leftOver === 0 ? length - padding : 0
}

/** How many of the last four digits up to `last` are padding. */
function paddingOf(bytes: Buffer, start: number, last: number): number {
  let padding = 0
  let seen = 0
  for (let at = last; at >= start && seen < 4; at--) {
    const byte = bytes[at]!
    if (byte === PADDING) padding++
    if (byte === PADDING || digits[byte] !== 255) seen++
  }
  return padding
}

function countDigits(bytes: Buffer, start: number, end: number): number {
  let count = 0
  for (let at = start; at < end; at++) if (bytes[at] === PADDING || digits[bytes[at]!] !== 255) count++
  return count
}
