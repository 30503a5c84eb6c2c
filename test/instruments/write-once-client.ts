import {once} from 'node:events'
import net from 'node:net'

const ON_ITS_WAY_MS = 300

interface Place {
  readonly host: string
  readonly port: number
}

/**
 * An instrument: a client of its own beside a load, which writes each of its
 * keys once and never again, and asks the survivor for them afterwards.
 */
export class WriteOnceClient {
  readonly #prefix: string
  readonly #socket: net.Socket
  readonly #timer: NodeJS.Timeout
  readonly #acknowledgedMs: number[] = []
  #sent = 0
  #ended = false

  private constructor(socket: net.Socket, {prefix, perSecond}: {prefix: string; perSecond: number}) {
    this.#prefix = prefix
    this.#socket = socket
    socket.on('error', () => {})
    socket.on('close', () => {
      this.#ended = true
    })
    socket.on('data', (bytes: Buffer) => {
      const now = performance.now()
      for (const byte of bytes) if (byte === 0x0a) this.#acknowledgedMs.push(now)
    })
    const startMs = performance.now()
    this.#timer = setInterval(() => {
      const due = Math.floor(((performance.now() - startMs) * perSecond) / 1000)
      for (; !this.#ended && this.#sent < due; this.#sent++) socket.write(`set ${prefix}${this.#sent} 0 0 1\r\nx\r\n`)
    }, 1)
  }

  static async open(options: Place & {readonly prefix: string; readonly perSecond: number}): Promise<WriteOnceClient> {
    const {host, port} = options
    const socket = net.connect({host, port, noDelay: true})
    await once(socket, 'connect')
    return new WriteOnceClient(socket, options)
  }

  /** The server of the writes is gone. */
  get ended(): boolean {
    return this.#ended
  }

  /** What became of the acknowledged writes. @returns how many are not there, and from the oldest of them to the newest acknowledged */
  async missingOn(
    place: Place,
  ): Promise<{readonly missing: number; readonly acknowledged: number; readonly spanMs: number}> {
    // What was on its way may still arrive.
    await new Promise(resolve => setTimeout(resolve, ON_ITS_WAY_MS))
    const acknowledged = this.#acknowledgedMs.length
    const found = await readAll(
      place,
      Array.from({length: acknowledged}, (_, number) => `${this.#prefix}${number}`),
    )
    const missing = Array.from({length: acknowledged}, (_, number) => number).filter(
      number => !found.has(`${this.#prefix}${number}`),
    )
    const spanMs = missing.length === 0 ? 0 : this.#acknowledgedMs.at(-1)! - this.#acknowledgedMs[missing[0]!]!
    return {missing: missing.length, acknowledged, spanMs}
  }

  close(): void {
    clearInterval(this.#timer)
    this.#socket.destroy()
  }
}

async function readAll({host, port}: Place, keys: readonly string[]): Promise<Set<string>> {
  const socket = net.connect({host, port, noDelay: true})
  const found = new Set<string>()
  const done = Promise.withResolvers<void>()
  let ends = Math.ceil(keys.length / 100)
  let rest = ''
  socket.on('error', done.reject)
  socket.on('data', (bytes: Buffer) => {
    const lines = (rest + bytes.toString('latin1')).split('\r\n')
    rest = lines.pop()!
    for (const line of lines) {
      if (line.startsWith('VALUE ')) found.add(line.split(' ')[1]!)
      if (line === 'END' && --ends === 0) done.resolve()
    }
  })
  for (let at = 0; at < keys.length; at += 100) socket.write(`get ${keys.slice(at, at + 100).join(' ')}\r\n`)
  if (keys.length > 0) await done.promise
  socket.destroy()
  return found
}
