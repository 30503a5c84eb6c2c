import {createHash} from 'node:crypto'
import net from 'node:net'

interface Place {
  readonly host: string
  readonly port: number
}

/** A read that did not find what was acknowledged when it was asked. */
export interface WrongRead {
  readonly kind: 'stale' | 'missing'
  readonly key: string
  /** The server that answered. */
  readonly port: number
  readonly atMs: number
  /** Writes behind. */
  readonly behind: number
}

/** A value is told by its bytes alone; null is a delete. */
interface Write {
  readonly value: string | null
  acknowledged: boolean
}

const LF = 0x0a

/** What was written under each key, in the order in which its only writer asked for it. */
class History {
  readonly #writes = new Map<string, Write[]>()

  sent(key: string, value: string | null): Write {
    const write = {value, acknowledged: false}
    const writes = this.#writes.get(key)
    if (writes === undefined) this.#writes.set(key, [write])
    else writes.push(write)
    return write
  }

  /** How many writes of the key were asked for up to its newest acknowledged one; 0 for none. */
  acknowledged(key: string): number {
    return (this.#writes.get(key)?.findLastIndex(({acknowledged}) => acknowledged) ?? -1) + 1
  }

  /** The wrong is what is older than the one that was acknowledged, unless a write without an answer explains it. */
  judge(key: string, value: string | null, expected: number): Pick<WrongRead, 'kind' | 'behind'> | null {
    const writes = this.#writes.get(key) ?? []
    if (expected === 0) return null
    const place = writes.findLastIndex(write => write.value === value)
    if (place >= expected - 1 || (place >= 0 && !writes[place]!.acknowledged)) return null
    if (value === null) return {kind: 'missing', behind: expected}
    return place < 0 ? null : {kind: 'stale', behind: expected - 1 - place}
  }
}

/**
 * An instrument: a relay in front of servers that sees every write, its
 * acknowledgement and every read in their order, and says which reads were
 * wrong. Where its server is gone, it is gone too. Reads of many keys, and
 * those that a write of the same key follows in one packet, are left out.
 */
export class ReadTap {
  readonly wrong: WrongRead[] = []
  reads = 0
  readonly #history = new History()
  readonly #doors: Door[] = []

  /** @param listen where clients come to */
  async open(listen: Place, to: Place): Promise<void> {
    const door = new Door({listen, to, onConnection: (client, server) => this.#join(client, server, listen.port)})
    this.#doors.push(door)
    await door.opened
  }

  close(): void {
    for (const door of this.#doors) door.close()
  }

  #join(client: net.Socket, server: net.Socket, port: number): void {
    /** What waits for its reply, oldest first. */
    const pending: (((line: string, value: string | null) => void) | null)[] = []
    const requests = new Blocks((line, block) => {
      const [verb = '', key = '', ...more] = line.split(' ')
      if (verb === 'set' || verb === 'delete') {
        const write = this.#history.sent(key, block)
        pending.push(reply => {
          write.acknowledged = reply === 'STORED' || (verb === 'delete' && /^(DELETED|NOT_FOUND)/.test(reply))
        })
      } else if (verb === 'get' && more.length === 0) {
        const expected = this.#history.acknowledged(key)
        pending.push((reply, value) => this.#read({key, value, expected, port, reply}))
      } else pending.push(null)
      return `${verb} ${key}`
    }, requestBlock)
    let value: string | null = null
    const replies = new Blocks((line, block) => {
      if (line.startsWith('VALUE ')) value = block
      else {
        pending.shift()?.(line, value)
        value = null
      }
      return ''
    }, replyBlock)
    client.on('data', (bytes: Buffer) => {
      requests.push(bytes, told => {
        // A get that a set of the same key follows at once is a look before a write.
        for (let at = 1; at < told.length; at++) {
          const isLook = told[at - 1] === `get ${told[at]!.slice('set '.length)}`
          if (isLook) pending[pending.length - told.length + at - 1] = null
        }
      })
      server.write(bytes)
    })
    server.on('data', (bytes: Buffer) => {
      replies.push(bytes)
      client.write(bytes)
    })
  }

  #read(read: {key: string; value: string | null; expected: number; port: number; reply: string}): void {
    const {key, value, expected, port, reply} = read
    if (reply !== 'END') return
    this.reads++
    const wrong = this.#history.judge(key, value, expected)
    if (wrong !== null) this.wrong.push({...wrong, key, port, atMs: performance.now()})
  }
}

function requestBlock(line: string): number | null {
  const words = line.split(' ')
  return words[0] === 'set' ? Number(words[4]) : null
}

function replyBlock(line: string): number | null {
  return line.startsWith('VALUE ') ? Number(line.split(' ')[3]) : null
}

/** Cuts a stream into lines, each with its data block where it has one; of the block a hash is kept. */
class Blocks {
  readonly #onLine: (line: string, block: string | null) => string
  readonly #blockOf: (line: string) => number | null
  #rest = Buffer.alloc(0)

  constructor(onLine: (line: string, block: string | null) => string, blockOf: (line: string) => number | null) {
    this.#onLine = onLine
    this.#blockOf = blockOf
  }

  /** @param onWhole told of what the lines of these bytes were */
  push(bytes: Buffer, onWhole?: (told: string[]) => void): void {
    let rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes])
    const told: string[] = []
    for (let end = rest.indexOf(LF); end >= 0; end = rest.indexOf(LF)) {
      const line = rest.toString('latin1', 0, end).trimEnd()
      const size = this.#blockOf(line)
      if (size !== null && rest.length < end + 1 + size + 2) break
      const block =
        size === null
          ? null
          : createHash('sha1')
              .update(rest.subarray(end + 1, end + 1 + size))
              .digest('hex')
      rest = rest.subarray(end + 1 + (size === null ? 0 : size + 2))
      told.push(this.#onLine(line, block))
    }
    // A copy: the chunk's memory is not ours.
    this.#rest = Buffer.from(rest)
    onWhole?.(told)
  }
}

const KNOCK_MS = 10

/** Listens while the server behind it does. */
class Door {
  readonly opened: Promise<void>
  readonly #parts: {listen: Place; to: Place; onConnection: (client: net.Socket, server: net.Socket) => void}
  readonly #sockets = new Set<net.Socket>()
  #listener: net.Server | undefined
  #closed = false
  #timer: NodeJS.Timeout | undefined

  constructor(parts: {listen: Place; to: Place; onConnection: (client: net.Socket, server: net.Socket) => void}) {
    this.#parts = parts
    const {promise, resolve} = Promise.withResolvers<void>()
    this.opened = promise
    this.#knock(resolve)
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    this.#shut()
  }

  /** Until the server answers. */
  #knock(onOpen: () => void = () => {}): void {
    if (this.#closed) return
    const socket = net.connect({...this.#parts.to})
    socket.on('connect', () => {
      socket.destroy()
      this.#listen(onOpen)
    })
    socket.on('error', () => {
      this.#timer = setTimeout(() => this.#knock(onOpen), KNOCK_MS)
    })
  }

  #listen(onOpen: () => void): void {
    if (this.#closed) return
    this.#listener = net.createServer({noDelay: true}, client => {
      const server = net.connect({...this.#parts.to, noDelay: true})
      for (const [one, other] of [
        [client, server],
        [server, client],
      ] as const) {
        this.#sockets.add(one)
        one.on('error', error => {
          other.destroy()
          if (one === server && (error as NodeJS.ErrnoException).code === 'ECONNREFUSED') this.#gone()
        })
        one.on('close', () => {
          this.#sockets.delete(one)
          other.destroy()
          if (one === server) this.#look()
        })
      }
      this.#parts.onConnection(client, server)
    })
    this.#listener.listen(this.#parts.listen, onOpen)
  }

  /** Whether the server is still there. */
  #look(): void {
    const socket = net.connect({...this.#parts.to})
    socket.on('connect', () => socket.destroy())
    socket.on('error', () => this.#gone())
  }

  #gone(): void {
    if (this.#listener === undefined || this.#closed) return
    this.#shut()
    this.#knock()
  }

  #shut(): void {
    this.#listener?.close()
    this.#listener = undefined
    for (const socket of this.#sockets) socket.destroy()
  }
}
