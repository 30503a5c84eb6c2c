import {AskError} from '../../../ask/ask-error.js'
import {bulkLimits, VALUE_MAX_BYTES} from '../../../ask/ask-limits.js'
import {RawConnection, type TakeAnswer} from '../../../ask/raw-connection.js'
import type {Address} from '../../../protocol/address.js'
import {
  BinaryHeader,
  binaryStatus,
  HEADER_BYTES,
  REQUEST_MAGIC,
  RESPONSE_MAGIC,
} from '../../../protocol/binary/binary-frame.js'
import type {ItemConnectionOptions} from './item-connection.js'
import type {Item} from './item-reply.js'

/** What a node holds under an odd key, which no line of text can name. */
export type OddItem = Item | null | 'unreadable'

type Way = 'binary' | 'meta' | 'none'

const OPCODE_GET = 0x00
const OPCODE_NOOP = 0x0a
const FLAGS_BYTES = 4
/** A server that speaks only text may wait for a line end that never comes. */
const NO_BINARY_MS = 2000

/**
 * Reads items with odd keys, which have blanks, line ends or control bytes and
 * are written by the binary protocol or by meta commands: by the binary
 * protocol when the node has it, else by `mg` with the key in base64.
 */
export class OddKeyReader {
  readonly #address: Address
  readonly #options: ItemConnectionOptions
  #connection: RawConnection | undefined
  #way: Way | undefined

  constructor(address: Address, options: ItemConnectionOptions) {
    this.#address = address
    this.#options = options
  }

  /** In the order of the keys. @throws AskError when the node does not answer */
  async read(keys: readonly string[]): Promise<OddItem[]> {
    this.#way ??= await this.#findWay()
    switch (this.#way) {
      case 'binary':
        return await this.#connection!.ask(Buffer.concat(keys.map(binaryGet)), takeFrames(keys.length))
      case 'meta':
        return await this.#connection!.ask(Buffer.from(keys.map(metaGet).join('')), takeMetaReplies(keys.length))
      case 'none':
        return keys.map(() => 'unreadable')
    }
  }

  close(): void {
    this.#connection?.close()
  }

  /** A key is sent only when the node is known not to read it as commands. */
  async #findWay(): Promise<Way> {
    if (await this.#answers({request: frame(OPCODE_NOOP), timeoutMs: NO_BINARY_MS}, RESPONSE_MAGIC)) return 'binary'
    return (await this.#answers({request: Buffer.from('mn\r\n')}, 'M'.charCodeAt(0))) ? 'meta' : 'none'
  }

  /** Whether the answer begins with the expected byte; then the connection stays open. */
  async #answers({request, timeoutMs}: {request: Buffer; timeoutMs?: number}, firstByte: number): Promise<boolean> {
    const {signal} = this.#options
    const {bytesPerSecondMin} = bulkLimits
    const limits = {timeoutMs: timeoutMs ?? this.#options.timeoutMs, bytesPerSecondMin, maxBytes: VALUE_MAX_BYTES}
    const connection = new RawConnection({address: this.#address, expected: 'items', limits, signal})
    const length = request[0] === REQUEST_MAGIC ? HEADER_BYTES : 'MN\r\n'.length
    try {
      const isRight = await connection.ask(request, received => {
        if (received.length === 0) return null
        const right = received[0] === firstByte
        return right && received.length < length ? null : {answer: right, bytes: received.length}
      })
      if (isRight) this.#connection = connection
      else connection.close()
      return isRight
    } catch (error) {
      this.#options.signal?.throwIfAborted()
      if (error instanceof AskError) return false
      throw error
    }
  }
}

function binaryGet(key: string): Buffer {
  return frame(OPCODE_GET, Buffer.from(key, 'latin1'))
}

function frame(opcode: number, key: Buffer = Buffer.alloc(0)): Buffer {
  const header = new BinaryHeader()
  header.opcode = opcode
  header.keyBytes = header.bodyBytes = key.length
  const bytes = Buffer.alloc(HEADER_BYTES)
  header.write(bytes, 0, REQUEST_MAGIC)
  return Buffer.concat([bytes, key])
}

/** Responses come in the order of the requests. */
function takeFrames(count: number): TakeAnswer<OddItem[]> {
  const items: OddItem[] = []
  const header = new BinaryHeader()
  let at = 0
  return received => {
    while (items.length < count && received.length >= at + HEADER_BYTES) {
      header.read(received, at)
      const bodyAt = at + HEADER_BYTES
      if (received.length < bodyAt + header.bodyBytes) break
      const valueAt = bodyAt + header.extrasBytes + header.keyBytes
      items.push(itemOf(header, received.subarray(bodyAt, bodyAt + header.bodyBytes), valueAt - bodyAt))
      at = bodyAt + header.bodyBytes
    }
    return items.length < count ? null : {answer: items, bytes: at}
  }
}

/** @param body with the flags at its beginning */
function itemOf({status}: BinaryHeader, body: Buffer, valueAt: number): OddItem {
  if (status === binaryStatus.ok && valueAt >= FLAGS_BYTES && valueAt <= body.length)
    return {flags: body.readUInt32BE(0), value: Buffer.from(body.subarray(valueAt))}
  return status === binaryStatus.notFound ? null : 'unreadable'
}

function metaGet(key: string): string {
  return `mg ${Buffer.from(key, 'latin1').toString('base64')} b f v\r\n`
}

/** `VA <bytes> f<flags>` with the value behind it, or `EN`. */
function takeMetaReplies(count: number): TakeAnswer<OddItem[]> {
  const items: OddItem[] = []
  let at = 0
  return received => {
    while (items.length < count) {
      const lineEnd = received.indexOf('\r\n', at)
      if (lineEnd < 0) break
      const line = received.toString('latin1', at, lineEnd)
      const [, bytes, flags] = /^VA (\d+) .*\bf(\d+)/.exec(line) ?? []
      const valueAt = lineEnd + 2
      if (bytes === undefined) {
        items.push(line === 'EN' ? null : 'unreadable')
        at = valueAt
        continue
      }
      const valueEnd = valueAt + Number(bytes)
      if (received.length < valueEnd + 2) break
      items.push({flags: Number(flags), value: Buffer.from(received.subarray(valueAt, valueEnd))})
      at = valueEnd + 2
    }
    return items.length < count ? null : {answer: items, bytes: at}
  }
}
