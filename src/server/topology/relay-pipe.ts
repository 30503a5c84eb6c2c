import type {Socket} from 'node:net'

/** Changes what goes through one direction of one connection; made anew for each. */
export type RelayFilter = (bytes: Buffer) => Buffer

/** The reader is stopped at this many bytes held back: a slow link has a short memory too. */
const HELD_MAX_BYTES = 256 * 1024
/** Larger pieces would go through a slow link in one burst. */
const PIECE_BYTES = 16 * 1024

interface Pace {
  readonly delayMs: number
  readonly bytesPerSecond: number
}

interface HeldPiece {
  readonly bytes: Buffer
  readonly dueMs: number
}

/** One direction of a relayed connection: bytes wait their delay, and for their turn. */
export class RelayPipe {
  pace: Pace
  readonly #from: Socket
  readonly #to: Socket
  readonly #held: HeldPiece[] = []
  #heldBytes = 0
  /** When the link has carried all that it was given. */
  #freeMs = 0
  #timer: NodeJS.Timeout | undefined
  #ended = false

  constructor(parts: {from: Socket; to: Socket; pace: Pace; filter: RelayFilter | undefined}) {
    this.pace = parts.pace
    this.#from = parts.from
    this.#to = parts.to
    const filter = parts.filter ?? (bytes => bytes)
    this.#from.on('data', (chunk: Buffer) => this.#take(filter(chunk)))
    this.#from.on('end', () => {
      this.#ended = true
      this.#endIfDone()
    })
    this.#to.on('drain', () => this.#from.resume())
    this.#to.on('close', () => clearTimeout(this.#timer))
  }

  /** Its sender has sent all that it will: what is held goes on its way still. */
  get ended(): boolean {
    return this.#ended
  }

  #take(bytes: Buffer): void {
    const {delayMs, bytesPerSecond} = this.pace
    if (delayMs === 0 && bytesPerSecond === Number.POSITIVE_INFINITY && this.#held.length === 0) {
      if (!this.#to.write(bytes)) this.#from.pause()
      return
    }
    const nowMs = performance.now()
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      const piece = bytes.subarray(at, at + PIECE_BYTES)
      this.#freeMs = Math.max(this.#freeMs, nowMs) + (piece.length / bytesPerSecond) * 1000
      this.#held.push({bytes: piece, dueMs: this.#freeMs + delayMs})
      this.#heldBytes += piece.length
    }
    if (this.#heldBytes > HELD_MAX_BYTES) this.#from.pause()
    this.#schedule()
  }

  #schedule(): void {
    const [first] = this.#held
    if (first === undefined || this.#timer !== undefined) return
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined
        this.#release()
      },
      Math.max(0, first.dueMs - performance.now()),
    )
  }

  #release(): void {
    const nowMs = performance.now()
    while (this.#held.length > 0 && this.#held[0]!.dueMs <= nowMs) {
      const {bytes} = this.#held.shift()!
      this.#heldBytes -= bytes.length
      this.#to.write(bytes)
    }
    if (this.#heldBytes <= HELD_MAX_BYTES && !this.#to.writableNeedDrain) this.#from.resume()
    this.#schedule()
    this.#endIfDone()
  }

  #endIfDone(): void {
    if (this.#ended && this.#held.length === 0) this.#to.end()
  }
}
