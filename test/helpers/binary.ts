import {BinaryHeader, HEADER_BYTES, REQUEST_MAGIC} from '../../src/protocol/binary/binary-frame.js'

export interface Frame {
  readonly opcode: number
  readonly key?: string
  readonly extras?: Buffer
  readonly value?: string | Buffer
  readonly opaque?: number
  readonly cas?: bigint
  /** Instead of the true length of the body. */
  readonly bodyBytes?: number
}

/** A request of the binary protocol; strings are taken as latin1. */
export function request({opcode, key = '', extras, value = '', opaque = 0, cas = 0n, bodyBytes}: Frame): Buffer {
  const body = Buffer.concat([
    extras ?? Buffer.alloc(0),
    Buffer.from(key, 'latin1'),
    typeof value === 'string' ? Buffer.from(value, 'latin1') : value,
  ])
  const header = new BinaryHeader()
  header.opcode = opcode
  header.keyBytes = key.length
  header.extrasBytes = extras?.length ?? 0
  header.bodyBytes = bodyBytes ?? body.length
  header.opaque = opaque
  header.casHigh = Number(cas >> 32n)
  header.casLow = Number(cas & 0xffff_ffffn)
  const bytes = Buffer.alloc(HEADER_BYTES)
  header.write(bytes, 0, REQUEST_MAGIC)
  return Buffer.concat([bytes, body])
}

/** Extras of unsigned 32-bit numbers: flags, exptime. */
export function extras32(...numbers: number[]): Buffer {
  const bytes = Buffer.alloc(numbers.length * 4)
  numbers.forEach((number, index) => {
    bytes.writeUInt32BE(number, index * 4)
  })
  return bytes
}

/** Extras of incr and decr. */
export function counterExtras(delta: bigint, initial: bigint, exptime: number): Buffer {
  const bytes = Buffer.alloc(20)
  bytes.writeBigUInt64BE(delta, 0)
  bytes.writeBigUInt64BE(initial, 8)
  bytes.writeUInt32BE(exptime, 16)
  return bytes
}

export interface Answer {
  readonly opcode: number
  readonly status: number
  readonly extras: string
  readonly key: string
  readonly value: string
  readonly opaque: number
  readonly cas: bigint
}

/** Cuts a response stream (as latin1) into its frames; a rest that is no frame throws. */
export function readAnswers(stream: string): readonly Answer[] {
  const bytes = Buffer.from(stream, 'latin1')
  const answers: Answer[] = []
  let at = 0
  while (at < bytes.length) {
    if (bytes[at] !== 0x81) throw new Error(`expected a response at ${at}, got ${bytes.toString('hex', at, at + 24)}`)
    const header = new BinaryHeader()
    header.read(bytes, at)
    const extrasEnd = at + HEADER_BYTES + header.extrasBytes
    const keyEnd = extrasEnd + header.keyBytes
    const end = at + HEADER_BYTES + header.bodyBytes
    answers.push({
      opcode: header.opcode,
      status: header.status,
      extras: bytes.toString('hex', at + HEADER_BYTES, extrasEnd),
      key: bytes.toString('latin1', extrasEnd, keyEnd),
      value: bytes.toString('latin1', keyEnd, end),
      opaque: header.opaque,
      cas: (BigInt(header.casHigh) << 32n) | BigInt(header.casLow),
    })
    at = end
  }
  return answers
}
