import type {BinaryCommand} from '../../../protocol/binary/binary-command.js'
import {
  BinaryHeader,
  type BinaryStatus,
  binaryStatus,
  HEADER_BYTES,
  RESPONSE_MAGIC,
  statusTexts,
  writeUint32,
} from '../../../protocol/binary/binary-frame.js'
import type {NodeContext} from '../node/node-context.js'
import type {ReplyWriter} from '../replies/reply-writer.js'
import {logBinaryReply} from './binary-log.js'

const FLAGS_BYTES = 4
const COUNTER_BYTES = 8

/** Renders one client's replies in the binary protocol, each to the request in {@link request}. */
export class BinaryReplies {
  readonly #context: NodeContext
  readonly #writer: ReplyWriter
  readonly #id: number
  readonly #response = new BinaryHeader()
  /** The request that is being answered; the reply repeats its opcode and opaque. */
  readonly request = new BinaryHeader()

  constructor({context, writer, id}: {context: NodeContext; writer: ReplyWriter; id: number}) {
    this.#context = context
    this.#writer = writer
    this.#id = id
  }

  /** Success without a body, with the item's cas unique if there is an item. */
  done(item = 0): void {
    this.#begin(item, 0)
    this.#header()
  }

  refuse(status: Exclude<BinaryStatus, 'ok'>): void {
    const {log} = this.#context
    const text = statusTexts[status]
    if (log.shows(2)) log.line(2, `>${this.#id} Writing an error: ${text}`)
    this.#begin(0, text.length)
    this.#response.status = binaryStatus[status]
    this.#header()
    this.#writer.text(text)
  }

  /** A miss of a command whose reply repeats the key, which begins at `keyStart`. */
  notFoundWithKey(bytes: Buffer, keyStart: number): void {
    const {keyBytes} = this.request
    this.#begin(0, keyBytes)
    this.#response.keyBytes = keyBytes
    this.#response.status = binaryStatus.notFound
    this.#header()
    this.#writer.bytes(bytes, keyStart, keyStart + keyBytes)
  }

  /** An item's flags, its key if the command repeats it, and its value unless the command is touch. */
  item(item: number, {verb, withKey}: BinaryCommand): void {
    const {store} = this.#context
    const {columns} = store
    const keyBytes = withKey ? columns.keyBytesOf(item) : 0
    const valueBytes = verb === 'touch' ? 0 : columns.valueBytes[item]!
    this.#begin(item, FLAGS_BYTES + keyBytes + valueBytes)
    this.#response.extrasBytes = FLAGS_BYTES
    this.#response.keyBytes = keyBytes
    this.#header()
    const writer = this.#writer
    writer.length = writeUint32(writer.buffer, writer.length, columns.flags[item]!)
    const source = store.bytesOf(item)
    const keyStart = store.offsetOf(item)
    const valueStart = store.valueOffsetOf(item)
    writer.bytes(source, keyStart, keyStart + keyBytes)
    writer.bytes(source, valueStart, valueStart + valueBytes)
  }

  /** A counter's new value. */
  counter(item: number, value: bigint): void {
    this.#begin(item, COUNTER_BYTES)
    this.#header()
    const writer = this.#writer
    writer.length = writer.buffer.writeBigUInt64BE(value, writer.length)
  }

  /** A body of ASCII text. */
  text(text: string): void {
    this.#begin(0, text.length)
    this.#header()
    this.#writer.text(text)
  }

  /** One frame of the reply to `stat`; an empty one ends it. */
  stat(name: string, value: string): void {
    this.#begin(0, name.length + value.length)
    this.#response.keyBytes = name.length
    this.#header()
    this.#writer.text(name)
    this.#writer.text(value)
  }

  #begin(item: number, bodyBytes: number): void {
    const response = this.#response
    const {store, settings} = this.#context
    const {columns} = store
    const shown = item !== 0 && settings.useCas
    response.opcode = this.request.opcode
    response.opaque = this.request.opaque
    response.status = binaryStatus.ok
    response.keyBytes = 0
    response.extrasBytes = 0
    response.bodyBytes = bodyBytes
    response.casHigh = shown ? columns.casHigh[item]! : 0
    response.casLow = shown ? columns.casLow[item]! : 0
  }

  /** Writes the header after making room for the whole frame. */
  #header(): void {
    const writer = this.#writer
    writer.reserve(HEADER_BYTES + this.#response.bodyBytes)
    const start = writer.length
    writer.length = this.#response.write(writer.buffer, start, RESPONSE_MAGIC)
    const {log} = this.#context
    if (log.shows(2)) logBinaryReply(log, this.#id, writer.buffer, start)
  }
}
