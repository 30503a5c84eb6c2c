import {VALUE_MAX_BYTES} from '../../../ask/ask-limits.js'
import {
  BinaryHeader,
  binaryStatus,
  HEADER_BYTES,
  REQUEST_MAGIC,
  RESPONSE_MAGIC,
} from '../../../protocol/binary/binary-frame.js'
import {type RepliesReader, UnexpectedReply} from './pipelined-connection.js'
import type {ReadValue} from './read-replies.js'
import type {ItemWrite, WriteOutcome, WrittenItem} from './write-requests.js'

// For odd keys, which no line of text can name, on servers without meta commands.

const opcodes = {get: 0x00, set: 0x01, add: 0x02, delete: 0x04} as const
const FLAGS_BYTES = 4
/** Flags and exptime. */
const STORE_EXTRAS_BYTES = 8

export function binaryGetRequest(keys: readonly string[]): Buffer {
  return Buffer.concat(keys.map(key => frame({opcode: opcodes.get, key})))
}

export function binaryWriteRequest(writes: readonly ItemWrite[]): Buffer {
  return Buffer.concat(
    writes.map(write => {
      if (write.kind === 'delete') return frame({opcode: opcodes.delete, key: write.key, cas: write.cas})
      if (write.kind === 'forget') return storeFrame({...write, kind: 'add', item: forgotten(write.key)})
      return storeFrame(write)
    }),
  )
}

/** Expires a second after it is stored: no exptime in the past can be said in 32 bits without a sign. */
function forgotten(key: string): WrittenItem {
  return {key, flags: 0, expiresAt: 1, value: nothing}
}

function storeFrame(write: Extract<ItemWrite, {item: WrittenItem}>): Buffer {
  const {key, flags, expiresAt, value} = write.item
  const extras = Buffer.alloc(STORE_EXTRAS_BYTES)
  extras.writeUInt32BE(flags, 0)
  extras.writeUInt32BE(expiresAt, FLAGS_BYTES)
  const opcode = write.kind === 'add' ? opcodes.add : opcodes.set
  return frame({opcode, key, extras, value, cas: write.kind === 'cas' ? write.cas : '0'})
}

interface Frame {
  readonly opcode: number
  readonly key: string
  readonly extras?: Buffer
  readonly value?: Buffer
  /** Decimal; 0 = whatever is there. */
  readonly cas?: string
}

const nothing = Buffer.alloc(0)

function frame({opcode, key, extras = nothing, value = nothing, cas = '0'}: Frame): Buffer {
  const header = new BinaryHeader()
  header.opcode = opcode
  header.keyBytes = key.length
  header.extrasBytes = extras.length
  header.bodyBytes = extras.length + key.length + value.length
  header.casHigh = Number(BigInt(cas) >> 32n)
  header.casLow = Number(BigInt(cas) & 0xffff_ffffn)
  const bytes = Buffer.alloc(HEADER_BYTES)
  header.write(bytes, 0, REQUEST_MAGIC)
  return Buffer.concat([bytes, extras, Buffer.from(key, 'latin1'), value])
}

/** Whole response frames. */
abstract class FramesReader implements RepliesReader {
  wantedBytes = 0
  readonly #count: number
  readonly #header = new BinaryHeader()
  #taken = 0

  constructor(count: number) {
    this.#count = count
  }

  get isDone(): boolean {
    return this.#taken === this.#count
  }

  take(bytes: Buffer, from: number): number {
    let at = from
    this.wantedBytes = 0
    while (!this.isDone && bytes.length >= at + HEADER_BYTES) {
      if (bytes[at] !== RESPONSE_MAGIC) throw new UnexpectedReply('no frame of the binary protocol')
      this.#header.read(bytes, at)
      const {bodyBytes, extrasBytes, keyBytes} = this.#header
      if (bodyBytes > VALUE_MAX_BYTES) throw new UnexpectedReply(`a frame of ${bodyBytes} bytes`)
      const end = at + HEADER_BYTES + bodyBytes
      if (end > bytes.length) {
        this.wantedBytes = end - from
        break
      }
      const bodyAt = at + HEADER_BYTES
      this.takeFrame(this.#header, {
        extras: bytes.subarray(bodyAt, bodyAt + extrasBytes),
        value: bytes.subarray(bodyAt + extrasBytes + keyBytes, end),
      })
      this.#taken++
      at = end
    }
    return at
  }

  protected abstract takeFrame(header: BinaryHeader, body: {readonly extras: Buffer; readonly value: Buffer}): void
}

/** The replies to a binaryGetRequest, in its order. */
export class BinaryGetReader extends FramesReader {
  readonly values: (ReadValue | null)[] = []

  protected takeFrame({status, casHigh, casLow}: BinaryHeader, {extras, value}: {extras: Buffer; value: Buffer}): void {
    if (status === binaryStatus.ok && extras.length === FLAGS_BYTES) {
      const cas = ((BigInt(casHigh) << 32n) | BigInt(casLow)).toString()
      this.values.push({flags: extras.readUInt32BE(0), ttlSeconds: null, cas, value})
      return
    }
    if (status !== binaryStatus.notFound) throw new UnexpectedReply(`status ${status} to a binary get`)
    this.values.push(null)
  }
}

/** The replies to a binaryWriteRequest, in its order. */
export class BinaryWriteReader extends FramesReader {
  readonly outcomes: WriteOutcome[] = []
  refusal: string | null = null
  readonly #writes: readonly ItemWrite[]

  constructor(writes: readonly ItemWrite[]) {
    super(writes.length)
    this.#writes = writes
  }

  protected takeFrame({status}: BinaryHeader, {value}: {value: Buffer}): void {
    switch (status) {
      case binaryStatus.ok:
        this.outcomes.push('done')
        break
      // An add where there is an item says so with the same status as a cas that fails.
      case binaryStatus.exists:
        this.outcomes.push(this.#writes[this.outcomes.length]!.kind === 'add' ? 'present' : 'changed')
        break
      case binaryStatus.notStored:
        this.outcomes.push('present')
        break
      case binaryStatus.notFound:
        this.outcomes.push('gone')
        break
      case binaryStatus.tooLarge:
        this.outcomes.push('tooLarge')
        break
      case binaryStatus.outOfMemory:
        this.outcomes.push('noMemory')
        break
      default:
        this.refusal ??= value.toString('latin1')
        this.outcomes.push('refused')
    }
  }
}
