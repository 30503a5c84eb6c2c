/**
 * memcached's binary protocol: each frame is a header of 24 bytes, then extras, key and value.
 *
 *     0 magic    1 opcode   2 key length   4 extras length   5 data type   6 status (0 in requests)
 *     8 body length = extras + key + value     12 opaque     16 cas unique
 *
 * All numbers are big-endian.
 */
export const HEADER_BYTES = 24
export const REQUEST_MAGIC = 0x80
export const RESPONSE_MAGIC = 0x81

export const binaryStatus = {
  ok: 0x00,
  notFound: 0x01,
  exists: 0x02,
  tooLarge: 0x03,
  invalidArguments: 0x04,
  notStored: 0x05,
  notNumeric: 0x06,
  unknownCommand: 0x81,
  outOfMemory: 0x82,
} as const

export type BinaryStatus = keyof typeof binaryStatus

/** The text that memcached sends with each refusal. */
export const statusTexts: Readonly<Record<Exclude<BinaryStatus, 'ok'>, string>> = {
  notFound: 'Not found',
  exists: 'Data exists for key.',
  tooLarge: 'Too large.',
  invalidArguments: 'Invalid arguments',
  notStored: 'Not stored.',
  notNumeric: 'Non-numeric server-side value for incr or decr',
  unknownCommand: 'Unknown command',
  outOfMemory: 'Out of memory',
}

/** The header of one frame; an object is reused for many frames. */
export class BinaryHeader {
  opcode = 0
  keyBytes = 0
  extrasBytes = 0
  status = 0
  bodyBytes = 0
  /** Comes back in the response as it is. */
  opaque = 0
  /** The cas unique's unsigned halves. */
  casHigh = 0
  casLow = 0

  /** What remains of the body behind extras and key; negative in a header that is wrong. */
  get valueBytes(): number {
    return this.bodyBytes - this.extrasBytes - this.keyBytes
  }

  /** Takes the header at `at`; its magic is the caller's matter. */
  read(bytes: Buffer, at: number): void {
    this.opcode = bytes[at + 1]!
    this.keyBytes = bytes.readUInt16BE(at + 2)
    this.extrasBytes = bytes[at + 4]!
    this.status = bytes.readUInt16BE(at + 6)
    this.bodyBytes = bytes.readUInt32BE(at + 8)
    this.opaque = bytes.readUInt32BE(at + 12)
    this.casHigh = bytes.readUInt32BE(at + 16)
    this.casLow = bytes.readUInt32BE(at + 20)
  }

  /** Writes the header; returns the position after it. */
  write(bytes: Buffer, at: number, magic: number): number {
    bytes[at] = magic
    bytes[at + 1] = this.opcode
    bytes.writeUInt16BE(this.keyBytes, at + 2)
    bytes[at + 4] = this.extrasBytes
    bytes[at + 5] = 0
    bytes.writeUInt16BE(this.status, at + 6)
    bytes.writeUInt32BE(this.bodyBytes, at + 8)
    bytes.writeUInt32BE(this.opaque, at + 12)
    bytes.writeUInt32BE(this.casHigh, at + 16)
    return bytes.writeUInt32BE(this.casLow, at + 20)
  }
}
