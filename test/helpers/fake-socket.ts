import {EventEmitter} from 'node:events'
import type {Socket} from 'node:net'

interface Unsent {
  readonly bytes: Uint8Array
  readonly onWritten: (() => void) | undefined
}

/** A socket without a network: a test says what it takes, what comes and when it ends. Has no timers. */
export class FakeSocket extends EventEmitter {
  readonly remoteAddress: string | undefined
  readonly _handle: {fd: number}
  writable = true
  /** Whether it sends at once what it is given. */
  takes = true
  bytesWritten = 0
  writableLength = 0
  /** What has been sent. */
  sent = ''
  /** The calls besides writes. */
  readonly told: string[] = []
  readonly #unsent: Unsent[] = []

  constructor({remoteAddress, fd = -1}: {remoteAddress?: string | undefined; fd?: number} = {}) {
    super()
    this.remoteAddress = remoteAddress
    this._handle = {fd}
  }

  /** As what it stands for. */
  get socket(): Socket {
    return this as unknown as Socket
  }

  write(bytes: Uint8Array | string, onWritten?: () => void): boolean {
    if (!this.writable) throw new Error('Expected no write after the end')
    const unsent = {bytes: typeof bytes === 'string' ? Buffer.from(bytes) : bytes, onWritten}
    this.bytesWritten += unsent.bytes.length
    if (this.takes) this.#send(unsent)
    else {
      this.writableLength += unsent.bytes.length
      this.#unsent.push(unsent)
    }
    return this.takes
  }

  /** Takes what it was given, as it is now. */
  drain(): void {
    this.writableLength = 0
    for (const unsent of this.#unsent.splice(0)) this.#send(unsent)
    this.emit('drain')
  }

  /** What it sent since this was last asked. */
  take(): string {
    const {sent} = this
    this.sent = ''
    return sent
  }

  receive(text: string): void {
    this.emit('data', Buffer.from(text, 'latin1'))
  }

  end(): void {
    this.told.push('end')
    this.writable = false
  }

  destroy(): void {
    this.#gone('destroy')
  }

  resetAndDestroy(): void {
    this.#gone('reset')
  }

  pause(): void {
    this.told.push('pause')
  }

  resume(): void {
    this.told.push('resume')
  }

  setKeepAlive(on: boolean, afterMs: number): void {
    this.told.push(`keep alive ${on} ${afterMs}`)
  }

  #gone(how: string): void {
    if (this.told.includes('destroy') || this.told.includes('reset')) return
    this.told.push(how)
    this.writable = false
    this.emit('close')
  }

  #send({bytes, onWritten}: Unsent): void {
    this.sent += Buffer.from(bytes).toString('latin1')
    // Node.js tells of a write in a later turn, too.
    if (onWritten !== undefined) queueMicrotask(onWritten)
  }
}
