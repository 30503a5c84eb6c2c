import net from 'node:net'

/** How a link treats the bytes of one direction. */
interface LinkBehaviour {
  /** Each byte comes out so much later than it went in. */
  readonly delayMs: number
  /** No more than so many a second come out; the sender is held back once a buffer of `bufferBytes` is full. */
  readonly bytesPerSecond: number
  /** What the link takes in before it holds the sender back. */
  readonly bufferBytes: number
  /** When the sending end dies, what is still on its way is lost, as on a host that goes dark; else it still arrives. */
  readonly forgets: boolean
  /** Of repcached's stream: writes of such keys never arrive, while all else does. To be given when the link is opened. */
  readonly dropsKey: ((key: string) => boolean) | null
}

interface Held {
  readonly bytes: Buffer
  readonly dueMs: number
}

/** Told of every byte of a direction. */
interface LinkTap {
  took(bytes: Buffer): void
  passed(byteCount: number): void
}

/** By whether the direction begins at the end that dialled. */
type MakeTap = (fromDialler: boolean) => LinkTap

const plainLink: LinkBehaviour = {
  delayMs: 0,
  bytesPerSecond: Number.POSITIVE_INFINITY,
  bufferBytes: Number.POSITIVE_INFINITY,
  forgets: false,
  dropsKey: null,
}

const TICK_MS = 1

/**
 * An instrument: a TCP link with known behaviour, which shares no code with
 * what it measures. Both directions behave alike; a change counts from now on.
 */
export class LinkProxy {
  readonly #server: net.Server
  readonly #to: net.TcpNetConnectOpts
  readonly #makeTap: MakeTap | undefined
  readonly #lanes = new Set<Lane>()
  readonly #sockets = new Set<net.Socket>()
  #behaviour: LinkBehaviour
  #stalled = false

  private constructor(to: net.TcpNetConnectOpts, behaviour: Partial<LinkBehaviour>, makeTap: MakeTap | undefined) {
    this.#to = to
    this.#makeTap = makeTap
    this.#behaviour = {...plainLink, ...behaviour}
    this.#server = net.createServer({noDelay: true, allowHalfOpen: true}, client => this.#join(client))
  }

  /** @param listen port 0 takes a free one */
  static async open(options: {
    readonly listen: {readonly host: string; readonly port: number}
    readonly to: {readonly host: string; readonly port: number}
    readonly behaviour?: Partial<LinkBehaviour>
    /** Called for both directions of each link. */
    readonly tap?: MakeTap
  }): Promise<LinkProxy> {
    const to = {...options.to, noDelay: true, allowHalfOpen: true}
    const proxy = new LinkProxy(to, options.behaviour ?? {}, options.tap)
    await new Promise<void>((resolve, reject) => {
      proxy.#server.once('error', reject)
      proxy.#server.listen(options.listen, resolve)
    })
    return proxy
  }

  get port(): number {
    return (this.#server.address() as net.AddressInfo).port
  }

  /** Bytes that went in and have not come out, both directions together. */
  get heldBytes(): number {
    return [...this.#lanes].reduce((sum, lane) => sum + lane.heldBytes, 0)
  }

  behave(changes: Partial<LinkBehaviour>): void {
    this.#behaviour = {...this.#behaviour, ...changes}
  }

  /** Nothing comes out any more, and nobody is told; what goes in is held. */
  stall(): void {
    this.#stalled = true
  }

  /** What was held comes out, each byte not before its time. */
  resume(): void {
    this.#stalled = false
  }

  /** Both ends see the link break; what was on its way is lost. New links are let through. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  async close(): Promise<void> {
    const closed = new Promise<void>(resolve => {
      this.#server.close(() => resolve())
    })
    this.cut()
    await closed
  }

  #join(client: net.Socket): void {
    const server = net.connect(this.#to)
    const lanes = [
      this.#lane(client, server, this.#makeTap?.(true)),
      this.#lane(server, client, this.#makeTap?.(false)),
    ]
    const timer = setInterval(() => {
      for (const lane of lanes) lane.pass(performance.now())
    }, TICK_MS)
    const end = (): void => {
      clearInterval(timer)
      for (const lane of lanes) this.#lanes.delete(lane)
      for (const socket of [client, server]) {
        this.#sockets.delete(socket)
        socket.destroy()
      }
    }
    for (const socket of [client, server]) {
      this.#sockets.add(socket)
      socket.on('error', end)
      socket.on('close', end)
    }
  }

  #lane(from: net.Socket, to: net.Socket, tap: LinkTap | undefined): Lane {
    const lane = new Lane({from, to, tap, behaviour: () => this.#behaviour, isStalled: () => this.#stalled})
    this.#lanes.add(lane)
    return lane
  }
}

/** One direction of one link. */
class Lane {
  heldBytes = 0
  readonly #from: net.Socket
  readonly #to: net.Socket
  readonly #tap: LinkTap | undefined
  readonly #behaviour: () => LinkBehaviour
  readonly #isStalled: () => boolean
  #held: Held[] = []
  #ended = false
  #passedMs = performance.now()
  #creditBytes = 0

  constructor(parts: {
    from: net.Socket
    to: net.Socket
    tap: LinkTap | undefined
    behaviour: () => LinkBehaviour
    isStalled: () => boolean
  }) {
    this.#from = parts.from
    this.#to = parts.to
    this.#tap = parts.tap
    this.#behaviour = parts.behaviour
    this.#isStalled = parts.isStalled
    const {dropsKey} = this.#behaviour()
    const filter = dropsKey === null ? null : new FrameFilter(dropsKey)
    this.#from.on('data', bytes => this.#take(filter === null ? (bytes as Buffer) : filter.pass(bytes as Buffer)))
    this.#from.on('end', () => {
      this.#ended = true
      if (this.#behaviour().forgets) this.#to.destroy()
      else this.pass(performance.now())
    })
  }

  /** Lets out what is due. */
  pass(nowMs: number): void {
    const {bytesPerSecond, bufferBytes} = this.#behaviour()
    const elapsedMs = nowMs - this.#passedMs
    this.#passedMs = nowMs
    if (this.#isStalled()) return
    // What a link did not carry while it was idle it cannot carry later, but for a tick that came late.
    this.#creditBytes = Number.isFinite(bytesPerSecond)
      ? Math.min(this.#creditBytes + (bytesPerSecond * elapsedMs) / 1000, bytesPerSecond / 20)
      : bytesPerSecond
    while (this.#held.length > 0 && this.#held[0]!.dueMs <= nowMs) {
      const {bytes, dueMs} = this.#held[0]!
      const count = Math.min(bytes.length, Math.floor(this.#creditBytes))
      if (count === 0) break
      this.#to.write(bytes.subarray(0, count))
      this.#tap?.passed(count)
      this.#creditBytes -= count
      this.heldBytes -= count
      if (count === bytes.length) this.#held.shift()
      else this.#held[0] = {bytes: bytes.subarray(count), dueMs}
    }
    if (this.heldBytes < bufferBytes) this.#from.resume()
    if (this.#ended && this.#held.length === 0) this.#to.end()
  }

  #take(bytes: Buffer): void {
    if (bytes.length === 0) return
    const {delayMs, bufferBytes} = this.#behaviour()
    const nowMs = performance.now()
    this.#tap?.took(bytes)
    // The memory of the stream's chunk is its own: it may be kept.
    this.#held.push({bytes, dueMs: nowMs + delayMs})
    this.heldBytes += bytes.length
    if (this.heldBytes >= bufferBytes) this.#from.pause()
    if (delayMs === 0) this.pass(nowMs)
  }
}

/** Leaves `rep <key> <flags> <exptime> <bytes> <cas>` with its data out of a replication stream. */
class FrameFilter {
  readonly #dropsKey: (key: string) => boolean
  #left: Buffer = Buffer.alloc(0)

  constructor(dropsKey: (key: string) => boolean) {
    this.#dropsKey = dropsKey
  }

  /** @returns the whole frames that have come and pass */
  pass(bytes: Buffer): Buffer {
    this.#left = Buffer.concat([this.#left, bytes])
    const passed: Buffer[] = []
    for (;;) {
      const lineEnd = this.#left.indexOf('\r\n')
      if (lineEnd < 0) break
      const [verb, key = '', , , size] = this.#left.toString('latin1', 0, lineEnd).split(' ')
      const length = lineEnd + 2 + (verb === 'rep' ? Number(size) + 2 : 0)
      if (this.#left.length < length) break
      if (verb !== 'rep' || !this.#dropsKey(key)) passed.push(Buffer.from(this.#left.subarray(0, length)))
      this.#left = this.#left.subarray(length)
    }
    return Buffer.concat(passed)
  }
}
