/** Topics of `watch`, as bits. */
export const watchTopics = {
  fetchers: 1,
  mutations: 2,
  evictions: 4,
  connevents: 8,
  deletions: 16,
  rawcmds: 32,
  // Accepted as in memcached; no line here belongs to them.
  sysevents: 64,
  proxyreqs: 128,
  proxyevents: 256,
  proxyuser: 512,
} as const

export type WatchTopic = keyof typeof watchTopics

/** memcached's limit. */
const WATCHERS_MAX = 20

/** The connection of a watcher. */
export interface WatcherSocket {
  /** Replies to its commands of this turn are not sent yet. */
  readonly hasUnsentReplies: boolean
  /** Bytes that its socket still holds. */
  readonly unsentBytes: number
  /** @param onTaken called when the socket has taken all of it, or is gone */
  sendLog(text: string, onTaken: () => void): void
}

interface Watcher {
  readonly topics: number
  readonly socket: WatcherSocket
  lines: string[]
  lineBytes: number
  skipped: number
}

/**
 * The connections that `watch` (memcached 1.6), each with its topics. A watcher
 * that does not keep up misses lines and gets their number instead.
 */
export class Watchers {
  readonly #bufferBytes: number
  readonly #watchers = new Set<Watcher>()
  #topics = 0
  #lines = 0
  #scheduled = false
  /** Lines sent and skipped, in total. */
  readonly counters = {sent: 0, skipped: 0}
  /** File descriptor of the client whose command is being run. */
  client = 0

  /** @param bufferBytes bytes that each may leave unread */
  constructor(bufferBytes: number) {
    this.#bufferBytes = bufferBytes
  }

  get count(): number {
    return this.#watchers.size
  }

  /** Whether there is any watcher; if not, lines must not even be made. */
  get active(): boolean {
    return this.#topics !== 0
  }

  follows(topic: WatchTopic): boolean {
    return (this.#topics & watchTopics[topic]) !== 0
  }

  /** Makes a connection a watcher; returns a function that ends it, or null when there are too many. */
  add(socket: WatcherSocket, topics: number): (() => void) | null {
    if (this.#watchers.size >= WATCHERS_MAX) return null
    const watcher: Watcher = {topics, socket, lines: [], lineBytes: 0, skipped: 0}
    this.#watchers.add(watcher)
    this.#unite()
    return () => {
      this.#watchers.delete(watcher)
      this.#unite()
    }
  }

  /** Sends a line to all watchers of the topic; `text` is the line from `type=` on, in Latin-1. */
  tell(topic: WatchTopic, text: string): void {
    const nowMs = Date.now()
    const micros = String((nowMs % 1000) * 1000).padStart(6, '0')
    const line = `ts=${Math.floor(nowMs / 1000)}.${micros} gid=${++this.#lines} ${text}\n`
    for (const watcher of this.#watchers) {
      if ((watcher.topics & watchTopics[topic]) !== 0) this.#queue(watcher, line)
    }
  }

  #queue(watcher: Watcher, line: string): void {
    const {socket} = watcher
    if (watcher.lineBytes + socket.unsentBytes + line.length > this.#bufferBytes) {
      watcher.skipped++
      this.counters.skipped++
      return
    }
    this.#queueSkipped(watcher)
    watcher.lines.push(line)
    watcher.lineBytes += line.length
    this.counters.sent++
    this.#schedule()
  }

  #queueSkipped(watcher: Watcher): void {
    if (watcher.skipped === 0) return
    const skipped = `skipped=${watcher.skipped}\n`
    watcher.skipped = 0
    watcher.lines.push(skipped)
    watcher.lineBytes += skipped.length
  }

  /** Sends the number of skipped lines as soon as there is room: the next line may be long in coming. */
  #caughtUp(watcher: Watcher): void {
    if (watcher.skipped === 0 || watcher.socket.unsentBytes > 0 || !this.#watchers.has(watcher)) return
    this.#queueSkipped(watcher)
    this.#schedule()
  }

  /** Sends the lines of one turn of the event loop together. */
  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      for (const watcher of this.#watchers) {
        if (watcher.lines.length === 0) continue
        const text = watcher.lines.join('')
        watcher.lines = []
        watcher.lineBytes = 0
        watcher.socket.sendLog(text, () => this.#caughtUp(watcher))
      }
    })
  }

  #unite(): void {
    this.#topics = 0
    for (const {topics} of this.#watchers) this.#topics |= topics
  }
}
