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

/** Renders self-describing values of one run. */
export class ValueWriter {
  readonly #fields: ValueFields
  readonly #filler: Buffer

  /** @param filler from makeFiller(), long enough for the largest value that is asked for */
  constructor({runId, filler}: {runId: number; filler: Buffer}) {
    this.#fields = {runId, key: 0, version: 0, writer: 0, size: 0}
    this.#filler = filler
  }

  /**
   * Renders a value into a buffer.
   * @param value of at least VALUE_MIN_BYTES
   * @returns the position after it
   */
  render(buffer: Buffer, at: number, value: Readonly<Omit<ValueFields, 'runId'>>): number {
    const fields = this.#fields
    fields.key = value.key
    fields.version = value.version
    fields.size = value.size
    const isWhole = fields.size >= WHOLE_MIN_BYTES
    fields.writer = isWhole ? value.writer : NO_WRITER
    const checksum = checksumOf(fields)
    const fillerAt = isWhole ? putWhole(buffer, at, fields, checksum) : putShort(buffer, at, fields, checksum)
    const end = at + fields.size
    const start = fillerStart(checksum)
    this.#filler.copy(buffer, fillerAt, start, start + end - fillerAt)
    return end
  }
}

function putWhole(buffer: Buffer, at: number, fields: ValueFields, checksum: number): number {
  put32(buffer, at + fieldAt.magic, MAGIC | (fields.writer << 16))
  put32(buffer, at + fieldAt.run, fields.runId)
  put32(buffer, at + fieldAt.key, fields.key)
  put32(buffer, at + fieldAt.version, fields.version)
  put32(buffer, at + fieldAt.length, fields.size)
  put32(buffer, at + fieldAt.checksum, checksum)
  return at + WHOLE_MIN_BYTES
}

function putShort(buffer: Buffer, at: number, {version}: ValueFields, checksum: number): number {
  put32(buffer, at + shortFieldAt.version, version)
  put32(buffer, at + shortFieldAt.checksum, checksum)
  return at + VALUE_MIN_BYTES
}

/** By hand: Buffer's method checks its arguments each time. */
function put32(buffer: Buffer, at: number, value: number): void {
  buffer[at] = value
  buffer[at + 1] = value >>> 8
  buffer[at + 2] = value >>> 16
  buffer[at + 3] = value >>> 24
}
