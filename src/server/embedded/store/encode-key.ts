/** A key as in a URI: whatever is no letter, digit or one of `-._~` as %XX. */
export function encodeKey(bytes: Buffer, start: number, end: number): string {
  return bytes
    .toString('latin1', start, end)
    .replaceAll(/[^\w.~-]/g, char => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)
}
