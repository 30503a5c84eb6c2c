import {randomBytes} from 'node:crypto'
import net from 'node:net'

interface End {
  readonly host: string
  readonly port: number
}

interface Write {
  readonly key: string
  /** When the node said STORED. */
  storedMs: number | null
  seenMs: number | null
}

/** One write that was acknowledged. */
export interface MeteredWrite {
  /** When it was, in ms since the epoch. */
  readonly storedAtMs: number
  /** Until it was seen; of one that never was, its age at the end. */
  readonly lagMs: number
  readonly seen: boolean
}

/**
 * An instrument: the lag from one node to another by an open loop. A key of its own is set each 50 ms whatever was seen
 * of those before, and the other node is asked without a pause for the oldest that it has not shown; a link keeps the
 * order of writes. Has sockets and a parser of its own, and shares no code with what it checks.
 */
export class LagMeter {
  readonly #writer: net.Socket
  readonly #reader: net.Socket
  readonly #writes: Write[] = []
  readonly #pending: Write[] = []
  readonly #prefix = `meter:${randomBytes(4).toString('hex')}:`
  readonly #startMs = performance.now()
  readonly #timer: NodeJS.Timeout
  readonly #intervalMs: number
  #oldest = 0
  #stopped = false

  private constructor({writer, reader, intervalMs}: {writer: net.Socket; reader: net.Socket; intervalMs: number}) {
    this.#writer = writer
    this.#reader = reader
    this.#intervalMs = intervalMs
    let stored = ''
    writer.on('data', chunk => {
      stored += chunk.toString('latin1')
      for (let end = stored.indexOf('\r\n'); end >= 0; end = stored.indexOf('\r\n')) {
        const line = stored.slice(0, end)
        stored = stored.slice(end + 2)
        const write = this.#pending.shift()
        if (line === 'STORED' && write !== undefined) write.storedMs = performance.now()
      }
    })
    let shown = ''
    reader.on('data', chunk => {
      shown += chunk.toString('latin1')
      if (!shown.endsWith('END\r\n')) return
      const write = this.#writes[this.#oldest]
      if (shown.startsWith('VALUE ') && write !== undefined) {
        write.seenMs = performance.now()
        this.#oldest += 1
      }
      shown = ''
      this.#ask()
    })
    this.#timer = setInterval(() => this.#write(), 1)
    this.#ask()
  }

  static async open({from, to, intervalMs = 50}: {from: End; to: End; intervalMs?: number}): Promise<LagMeter> {
    const dial = ({host, port}: End) =>
      new Promise<net.Socket>((resolve, reject) => {
        const socket = net.connect({host, port, noDelay: true}, () => resolve(socket))
        socket.on('error', reject)
      })
    const [writer, reader] = await Promise.all([dial(from), dial(to)])
    return new LagMeter({writer: writer!, reader: reader!, intervalMs})
  }

  /** Writes no more; waits for what is on its way, but no longer than that. */
  async stop({drainMs}: {drainMs: number}): Promise<readonly MeteredWrite[]> {
    clearInterval(this.#timer)
    const untilMs = performance.now() + drainMs
    while (this.#oldest < this.#writes.length && performance.now() < untilMs) {
      await new Promise(resolve => setTimeout(resolve, 2))
    }
    this.#stopped = true
    const endMs = performance.now()
    this.#writer.destroy()
    this.#reader.destroy()
    return this.#writes
      .filter(({storedMs}) => storedMs !== null)
      .map(({storedMs, seenMs}) => ({
        storedAtMs: performance.timeOrigin + storedMs!,
        lagMs: Math.max(0, (seenMs ?? endMs) - storedMs!),
        seen: seenMs !== null,
      }))
  }

  #write(): void {
    while (this.#startMs + this.#writes.length * this.#intervalMs <= performance.now()) {
      const write: Write = {key: `${this.#prefix}${this.#writes.length}`, storedMs: null, seenMs: null}
      this.#writes.push(write)
      this.#pending.push(write)
      this.#writer.write(`set ${write.key} 0 600 1\r\nx\r\n`)
    }
  }

  #ask(): void {
    if (this.#stopped) return
    const write = this.#writes[this.#oldest]
    if (write === undefined) setTimeout(() => this.#ask(), 0.5)
    else this.#reader.write(`get ${write.key}\r\n`)
  }
}

/** The smallest lag that so many percent of the writes do not exceed, in ms. */
export function percentileOf(writes: readonly MeteredWrite[], percent: number): number {
  const sorted = writes.map(({lagMs}) => lagMs).toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN
}
