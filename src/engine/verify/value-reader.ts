import {
  checksumOf,
  fieldAt,
  fillerStart,
  MAGIC,
  NO_WRITER,
  shortFieldAt,
  VALUE_MIN_BYTES,
  type ValueFields,
  WHOLE_MIN_BYTES,
} from '../data/value-format.js'

/**
 * Reads self-describing values in pieces as they come: begin(), then push()
 * until all is there, then isWellFormed.
 */
export class ValueReader {
  /** Fields of the value, once its head has come; of a short value those that ours would have. */
  readonly fields: ValueFields = {runId: 0, key: 0, version: 0, writer: 0, size: 0}
  readonly #runId: number
  readonly #filler: Buffer
  readonly #head = new DataView(new ArrayBuffer(WHOLE_MIN_BYTES))
  readonly #headBytes = new Uint8Array(this.#head.buffer)
  #headSize = 0
  #taken = 0
  #intact = false
  #fillerAt = 0

  /** @param filler from makeFiller(), long enough for the largest value of this run */
  constructor({runId, filler}: {runId: number; filler: Buffer}) {
    this.#runId = runId
    this.#filler = filler
  }

  /** A value begins. @param key that was asked for: the checksum of a short value covers it */
  begin(key: number, size: number): void {
    this.fields.key = key
    this.fields.size = size
    this.#headSize = size >= WHOLE_MIN_BYTES ? WHOLE_MIN_BYTES : VALUE_MIN_BYTES
    this.#taken = 0
    this.#intact = false
  }

  push(bytes: Uint8Array, start: number, end: number): void {
    let at = start
    if (this.#taken < this.#headSize) {
      at = this.#takeHead(bytes, start, end)
      if (this.#taken < this.#headSize) return
      this.#intact = this.#headSize === WHOLE_MIN_BYTES ? this.#readWhole() : this.#readShort()
    }
    if (this.#intact && at < end) this.#compareFiller(bytes, at, end)
  }

  /** Whether the complete value is as some run wrote it. */
  get isWellFormed(): boolean {
    return this.#intact
  }

  #takeHead(bytes: Uint8Array, start: number, end: number): number {
    let at = start
    let taken = this.#taken
    while (at < end && taken < this.#headSize) this.#headBytes[taken++] = bytes[at++]!
    this.#taken = taken
    return at
  }

  #readWhole(): boolean {
    const {fields} = this
    const head = this.#head
    fields.runId = head.getUint32(fieldAt.run, true)
    fields.key = head.getUint32(fieldAt.key, true)
    fields.version = head.getUint32(fieldAt.version, true)
    fields.writer = head.getUint16(fieldAt.writer, true)
    return (
      head.getUint16(fieldAt.magic, true) === MAGIC &&
      head.getUint32(fieldAt.length, true) === fields.size &&
      this.#matches(head.getUint32(fieldAt.checksum, true))
    )
  }

  #readShort(): boolean {
    const {fields} = this
    fields.runId = this.#runId
    fields.writer = NO_WRITER
    fields.version = this.#head.getUint32(shortFieldAt.version, true)
    return this.#matches(this.#head.getUint32(shortFieldAt.checksum, true))
  }

  #matches(checksum: number): boolean {
    this.#fillerAt = fillerStart(checksum)
    return checksum === checksumOf(this.fields)
  }

  #compareFiller(bytes: Uint8Array, start: number, end: number): void {
    const fillerAt = this.#fillerAt
    // A value of another run may be larger than our filler: then only its first part is compared.
    const length = Math.min(end - start, this.#filler.length - fillerAt)
    this.#fillerAt += length
    if (length > 0 && this.#filler.compare(bytes, start, start + length, fillerAt, fillerAt + length) !== 0) {
      this.#intact = false
    }
  }
}
