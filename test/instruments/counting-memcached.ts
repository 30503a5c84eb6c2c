import net from 'node:net'

/** What the node counts in a second, evenly; `get` and `hit` of reads. */
interface CountingRates {
  readonly gets: number
  readonly hits: number
  readonly sets: number
}

/**
 * An instrument: says of itself what a memcached says, with counters that grow
 * at known rates by its own clock. Shares no code with what it measures.
 */
export class CountingMemcached {
  /** When each `stats` was answered, ms of performance.now(). */
  readonly askedAtMs: number[] = []
  readonly #server: net.Server
  readonly #sockets = new Set<net.Socket>()
  readonly #rates: () => CountingRates
  readonly #counted = {gets: 0, hits: 0, sets: 0}
  #countedAtMs = performance.now()

  private constructor(rates: () => CountingRates) {
    this.#rates = rates
    this.#server = net.createServer({noDelay: true}, socket => this.#serve(socket))
  }

  /** @param rates asked each time: it may change */
  static async open(rates: () => CountingRates): Promise<CountingMemcached> {
    const node = new CountingMemcached(rates)
    await new Promise<void>((resolve, reject) => {
      node.#server.once('error', reject)
      node.#server.listen(0, '127.0.0.1', resolve)
    })
    return node
  }

  get port(): number {
    return (this.#server.address() as net.AddressInfo).port
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise<void>(resolve => {
      this.#server.close(() => resolve())
    })
  }

  #serve(socket: net.Socket): void {
    this.#sockets.add(socket)
    let left = ''
    socket.on('error', () => {})
    socket.on('close', () => this.#sockets.delete(socket))
    socket.on('data', chunk => {
      const lines = (left + chunk.toString('latin1')).split('\r\n')
      left = lines.pop()!
      for (const line of lines) socket.write(line === 'stats' ? this.#stats() : 'ERROR\r\n')
    })
  }

  #stats(): string {
    const nowMs = performance.now()
    const seconds = (nowMs - this.#countedAtMs) / 1000
    this.#countedAtMs = nowMs
    const rates = this.#rates()
    for (const name of ['gets', 'hits', 'sets'] as const) this.#counted[name] += rates[name] * seconds
    this.askedAtMs.push(nowMs)
    const {gets, hits, sets} = this.#counted
    const figures = {
      pid: process.pid,
      uptime: Math.floor(nowMs / 1000),
      cmd_get: Math.floor(gets),
      get_hits: Math.floor(hits),
      get_misses: Math.floor(gets) - Math.floor(hits),
      cmd_set: Math.floor(sets),
      curr_connections: this.#sockets.size,
      curr_items: 1,
      total_items: Math.floor(sets),
      bytes: 50,
      limit_maxbytes: 67_108_864,
    }
    const lines = Object.entries(figures).map(([name, value]) => `STAT ${name} ${value}\r\n`)
    return `${lines.join('')}END\r\n`
  }
}
