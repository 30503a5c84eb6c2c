import {execFileSync} from 'node:child_process'
import {closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync, writeSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {setTimeout as delay} from 'node:timers/promises'
import {onTestFinished} from 'vitest'

const PIPE_BYTES = 64 * 1024

/** Whether reads and writes of a descriptor return at once, which all who share what it leads to have in common. */
export function isNonBlocking(pid: number | 'self', fd: number): boolean {
  const [, flags] = /^flags:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'utf8'))!
  return (Number.parseInt(flags!, 8) & constants.O_NONBLOCK) !== 0
}

/** A pipe whose ends are given to programs, as a shell does, and that is read when the test wants it. */
export class SharedPipe {
  /** For `stdio` of a child that writes. */
  readonly writeFd: number
  /** For `stdio` of a child that reads. */
  readonly inputFd: number
  readonly #readFd: number
  #hasReader = true

  constructor() {
    const directory = mkdtempSync(join(tmpdir(), 'shared-pipe-'))
    const path = join(directory, 'pipe')
    execFileSync('mkfifo', [path])
    this.#readFd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    this.writeFd = openSync(path, constants.O_WRONLY)
    this.inputFd = openSync(path, constants.O_RDONLY)
    rmSync(directory, {recursive: true})
    onTestFinished(() => {
      this.closeReader()
      closeSync(this.writeFd)
    })
  }

  write(text: string): void {
    writeSync(this.writeFd, text)
  }

  /** No byte more fits in. */
  fill(): void {
    writeSync(this.writeFd, Buffer.alloc(PIPE_BYTES, '.'))
  }

  /** The reader goes away. */
  closeReader(): void {
    if (!this.#hasReader) return
    closeSync(this.#readFd)
    closeSync(this.inputFd)
    this.#hasReader = false
  }

  /** What lies in it now. */
  read(mostBytes = PIPE_BYTES): Buffer {
    const bytes = Buffer.alloc(mostBytes)
    try {
      return bytes.subarray(0, readSync(this.#readFd, bytes))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return Buffer.alloc(0)
      throw error
    }
  }

  /** Reads a little at a time for as long as it is told to; at the end what is left. */
  async readSlowly(until: Promise<unknown>, {mostBytes = PIPE_BYTES, pauseMs = 1} = {}): Promise<Buffer> {
    const pieces: Buffer[] = []
    let isOver = false
    void until.then(() => {
      isOver = true
    })
    for (;;) {
      const wasOver = isOver
      const piece = this.read(mostBytes)
      pieces.push(piece)
      if (piece.length === 0 && wasOver) return Buffer.concat(pieces)
      await delay(pauseMs)
    }
  }
}
