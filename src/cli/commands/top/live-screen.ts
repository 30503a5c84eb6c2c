import {printable} from '../../../protocol/printable.js'
import type {TextOutput} from '../../app/text-output.js'

const ENTER = '\x1b[?1049h\x1b[?25l'
const LEAVE = '\x1b[?25h\x1b[?1049l'
const HOME = '\x1b[H'
const CLEAR_LINE = '\x1b[K'
const CLEAR_BELOW = '\x1b[J'
const CTRL_C = '\x03'

/** A screen of lines that is drawn over, on a terminal's alternate screen; gives the keyboard's `q` and Ctrl-C. */
export class LiveScreen {
  readonly #stdout: TextOutput['raw']
  readonly #stdin: NodeJS.ReadStream
  readonly #onQuit: () => void
  #open = false

  constructor({stdout, stdin, onQuit}: {stdout: TextOutput; stdin: NodeJS.ReadStream; onQuit: () => void}) {
    this.#stdout = stdout.raw
    this.#stdin = stdin
    this.#onQuit = onQuit
  }

  open(): void {
    this.#open = true
    this.#stdout.write(ENTER)
    if (!this.#stdin.isTTY) return
    this.#stdin.setRawMode(true)
    this.#stdin.on('data', this.#onKeys)
    this.#stdin.resume()
  }

  /** Lines and columns that do not fit are left out. */
  draw(lines: readonly string[]): void {
    // A terminal that takes nothing (Ctrl-S) gets the next table, not all that there were.
    if (!this.#open || this.#stdout.writableNeedDrain) return
    const {columns = 80, rows = 24} = this.#stdout
    const shown = lines.slice(0, rows - 1).map(line => `${printable(line).slice(0, columns)}${CLEAR_LINE}`)
    this.#stdout.write(`${HOME}${shown.join('\r\n')}\r\n${CLEAR_BELOW}`)
  }

  /** Gives the terminal back as it was. */
  close(): void {
    if (!this.#open) return
    this.#open = false
    this.#stdout.write(LEAVE)
    if (!this.#stdin.isTTY) return
    this.#stdin.off('data', this.#onKeys)
    this.#stdin.setRawMode(false)
    this.#stdin.pause()
  }

  readonly #onKeys = (keys: Buffer): void => {
    const text = keys.toString('latin1')
    if (text.includes('q') || text.includes(CTRL_C)) this.#onQuit()
  }
}
