import {ConsoleError} from '../errors.js'
import {type ConsoleCommand, readCommandLine} from './console-line.js'

/** What goes to the server next. */
export interface RequestPiece {
  readonly bytes: Buffer
  /** The command that these bytes complete, data block included; null when more must follow. */
  readonly completes: ConsoleCommand | null
}

// No server takes such a line: it goes out in parts, so that endless input costs no memory.
const LINE_MAX_BYTES = 1024 * 1024
const LF = 0x0a
const CR = 0x0d
const crlf = Buffer.from('\r\n')

/**
 * Follows what is typed or piped in: which bytes are command lines, which are a
 * data block. Line ends may be CRLF or LF and become CRLF; the bytes of a data
 * block stay as they are. Resumable at every byte.
 */
export class RequestSplitter {
  /** Bytes of an unfinished line. */
  #line: Buffer[] = []
  #lineBytes = 0
  /** The command whose data block is open. */
  #open: ConsoleCommand | null = null
  #dataLeft = 0
  /** Bytes that stand where the data block's line end belongs. */
  #tail: number[] = []

  /** Bytes of the data block still to come (0: only its line end), or null. */
  get dataBytesExpected(): number | null {
    return this.#open === null ? null : this.#dataLeft
  }

  push(chunk: Uint8Array): RequestPiece[] {
    const pieces: RequestPiece[] = []
    let rest: Buffer = Buffer.from(chunk)
    while (rest.length > 0) {
      if (this.#open === null) rest = this.#takeLine(rest, pieces)
      else if (this.#dataLeft > 0) rest = this.#takeData(rest, pieces)
      else rest = this.#takeDataEnd(this.#open, rest, pieces)
    }
    return pieces
  }

  /**
   * The end of the input also ends a line or a complete data block.
   * @throws ConsoleError when data bytes are missing.
   */
  end(): RequestPiece[] {
    if (this.#dataLeft > 0) {
      throw new ConsoleError(
        'ERR_CONSOLE_INPUT',
        `Expected ${this.#dataLeft} more data bytes for '${this.#open?.verb}', got the end of the input`,
      )
    }
    return this.#open !== null || this.#lineBytes > 0 ? this.push(crlf.subarray(1)) : []
  }

  #takeLine(chunk: Buffer, pieces: RequestPiece[]): Buffer {
    const at = chunk.indexOf(LF)
    this.#line.push(at < 0 ? chunk : chunk.subarray(0, at))
    this.#lineBytes += at < 0 ? chunk.length : at
    if (at < 0) {
      if (this.#lineBytes > LINE_MAX_BYTES) pieces.push({bytes: this.#cutLine(), completes: null})
      return chunk.subarray(chunk.length)
    }
    const line = this.#cutLine()
    const text = line.subarray(0, line.at(-1) === CR ? -1 : line.length)
    const command = readCommandLine(text.toString('latin1'))
    const bytes = Buffer.concat([text, crlf])
    this.#dataLeft = command.dataBytes ?? 0
    this.#open = command.dataBytes === null ? null : command
    pieces.push({bytes, completes: this.#open === null ? command : null})
    return chunk.subarray(at + 1)
  }

  #cutLine(): Buffer {
    const line = Buffer.concat(this.#line)
    this.#line = []
    this.#lineBytes = 0
    return line
  }

  #takeData(chunk: Buffer, pieces: RequestPiece[]): Buffer {
    const bytes = chunk.subarray(0, this.#dataLeft)
    this.#dataLeft -= bytes.length
    pieces.push({bytes, completes: null})
    return chunk.subarray(bytes.length)
  }

  /** The server takes two bytes, whatever they are; other bytes than CRLF make it answer `bad data chunk`. */
  #takeDataEnd(command: ConsoleCommand, chunk: Buffer, pieces: RequestPiece[]): Buffer {
    const byte = chunk[0]!
    const isLineFeed = byte === LF && this.#tail.length === 0
    this.#tail.push(byte)
    if (isLineFeed || this.#tail.length === crlf.length) {
      pieces.push({bytes: isLineFeed ? crlf : Buffer.from(this.#tail), completes: command})
      this.#tail = []
      this.#open = null
    }
    return chunk.subarray(1)
  }
}
