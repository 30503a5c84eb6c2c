import type {Writable} from 'node:stream'

/** A node's log where it is written faster than somebody reads it. */
interface LogOutputOptions {
  readonly stream: Pick<Writable, 'write' | 'writableNeedDrain' | 'on'>
  /** What may wait for the reader; more is left out. @default 16 MiB */
  readonly limitBytes?: number
  /** From so much on clients are served at the reader's pace. @default 1 MiB */
  readonly holdFromBytes?: number
  /** A reader that takes nothing for so long no longer slows clients down. @default 1000 */
  readonly patienceMs?: number
}

const BLOCK_BYTES = 64 * 1024

/**
 * The log of a node. What its reader does not take yet waits here, and clients are slowed down to the reader's pace:
 * nothing is lost to a slow one. One that takes nothing holds up nobody; what then does not fit is counted, and the
 * log says so where it is missing.
 */
export class LogOutput {
  readonly #stream: LogOutputOptions['stream']
  readonly #limitBytes: number
  readonly #holdFromBytes: number
  readonly #patienceMs: number
  readonly #blocks: string[] = []
  /** In characters: the log is ASCII but for keys. */
  #waiting = 0
  #lostLines = 0
  #listeners: (() => void)[] | null = null
  #timer: NodeJS.Timeout | undefined
  /** The reader has taken nothing for too long, and nothing since. */
  #gaveUp = false

  constructor(options: LogOutputOptions) {
    this.#stream = options.stream
    this.#limitBytes = options.limitBytes ?? 16 * 1024 * 1024
    this.#holdFromBytes = options.holdFromBytes ?? 1024 * 1024
    this.#patienceMs = options.patienceMs ?? 1000
    this.#stream.on('drain', () => this.#drained())
  }

  /** @param text whole lines */
  readonly write = (text: string): void => {
    if (this.#waiting === 0 && this.#lostLines === 0 && !this.#stream.writableNeedDrain) this.#stream.write(text)
    else if (this.#lostLines > 0 || this.#waiting + text.length > this.#limitBytes) this.#lostLines += 1
    else this.#keep(text)
  }

  /** Whether clients should wait for the reader of the log. */
  get holding(): boolean {
    return this.#listeners !== null
  }

  /** Calls back once, as soon as clients may be served again. */
  whenReleased(listener: () => void): void {
    if (this.#listeners === null) listener()
    else this.#listeners.push(listener)
  }

  /** Gives all that waits to the stream: nothing comes after it. */
  end(): void {
    this.#release()
    for (const block of this.#blocks.splice(0)) this.#stream.write(block)
    this.#waiting = 0
    this.#tellLoss()
  }

  #keep(text: string): void {
    const last = this.#blocks.length - 1
    if (last >= 0 && this.#blocks[last]!.length < BLOCK_BYTES) this.#blocks[last] += text
    else this.#blocks.push(text)
    this.#waiting += text.length
    if (this.#waiting < this.#holdFromBytes || this.holding || this.#gaveUp) return
    this.#listeners = []
    this.#expectProgress()
  }

  #drained(): void {
    this.#gaveUp = false
    while (this.#blocks.length > 0 && !this.#stream.writableNeedDrain) {
      const block = this.#blocks.shift()!
      this.#waiting -= block.length
      this.#stream.write(block)
    }
    if (this.#blocks.length === 0) this.#tellLoss()
    if (!this.holding) return
    if (this.#waiting < this.#holdFromBytes / 2) this.#release()
    else this.#expectProgress()
  }

  #tellLoss(): void {
    if (this.#lostLines === 0) return
    this.#stream.write(`repbench: ${this.#lostLines} log lines lost here: the reader was too slow\n`)
    this.#lostLines = 0
  }

  #expectProgress(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#gaveUp = true
      this.#release()
    }, this.#patienceMs)
  }

  #release(): void {
    clearTimeout(this.#timer)
    const listeners = this.#listeners ?? []
    this.#listeners = null
    // Never at once: whoever writes may be in the middle of another client's commands.
    if (listeners.length === 0) return
    setImmediate(() => {
      for (const listener of listeners) listener()
    })
  }
}
