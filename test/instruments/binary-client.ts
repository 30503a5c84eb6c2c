import {once} from 'node:events'
import net from 'node:net'

const HEADER_BYTES = 24
const REQUEST = 0x80
const RESPONSE = 0x81
const GET = 0x00
const SET = 0x01
const DELETE = 0x04

interface Response {
  readonly status: number
  readonly extras: Buffer
  readonly value: Buffer
}

/**
 * An instrument: a client of memcached's binary protocol with frames of its
 * own, which shares no code with what it checks. Keys are any bytes, those
 * that no line of the text protocol could carry among them.
 */
export class BinaryClient {
  readonly #socket: net.Socket
  #received = Buffer.alloc(0)

  private constructor(socket: net.Socket) {
    this.#socket = socket
  }

  static async open(address: {readonly host: string; readonly port: number}): Promise<BinaryClient> {
    const socket = net.connect({...address, noDelay: true})
    await once(socket, 'connect')
    return new BinaryClient(socket)
  }

  /** @throws when the server does not store it */
  async set(
    key: Buffer | string,
    value: Buffer | string,
    {flags = 0, exptime = 0}: {flags?: number; exptime?: number} = {},
  ): Promise<void> {
    const extras = Buffer.alloc(8)
    extras.writeUInt32BE(flags, 0)
    extras.writeUInt32BE(exptime, 4)
    const {status} = await this.#ask(SET, bytesOf(key), {extras, value: bytesOf(value)})
    if (status !== 0) throw new Error(`set: status ${status}`)
  }

  /** Null when there is none. */
  async get(key: Buffer | string): Promise<{readonly flags: number; readonly value: Buffer} | null> {
    const {status, extras, value} = await this.#ask(GET, bytesOf(key))
    return status === 0 ? {flags: extras.readUInt32BE(0), value} : null
  }

  async delete(key: Buffer | string): Promise<boolean> {
    return (await this.#ask(DELETE, bytesOf(key))).status === 0
  }

  close(): void {
    this.#socket.destroy()
  }

  async #ask(
    opcode: number,
    key: Buffer,
    {extras = Buffer.alloc(0), value = Buffer.alloc(0)}: {extras?: Buffer; value?: Buffer} = {},
  ): Promise<Response> {
    const header = Buffer.alloc(HEADER_BYTES)
    header[0] = REQUEST
    header[1] = opcode
    header.writeUInt16BE(key.length, 2)
    header[4] = extras.length
    header.writeUInt32BE(extras.length + key.length + value.length, 8)
    this.#socket.write(Buffer.concat([header, extras, key, value]))
    for (;;) {
      const response = this.#take()
      if (response !== null) return response
      const [chunk] = (await once(this.#socket, 'data')) as [Buffer]
      this.#received = Buffer.concat([this.#received, chunk])
    }
  }

  #take(): Response | null {
    const bytes = this.#received
    if (bytes.length < HEADER_BYTES) return null
    if (bytes[0] !== RESPONSE) throw new Error(`no response of the binary protocol: ${bytes.toString('hex', 0, 24)}`)
    const end = HEADER_BYTES + bytes.readUInt32BE(8)
    if (bytes.length < end) return null
    this.#received = bytes.subarray(end)
    const keyAt = HEADER_BYTES + bytes[4]!
    return {
      status: bytes.readUInt16BE(6),
      extras: bytes.subarray(HEADER_BYTES, keyAt),
      value: bytes.subarray(keyAt + bytes.readUInt16BE(2), end),
    }
  }
}

function bytesOf(text: Buffer | string): Buffer {
  return typeof text === 'string' ? Buffer.from(text, 'utf8') : text
}
