import {printableLines} from '../../protocol/printable.js'
import type {AppProps} from './ink.js'
import type {Painter} from './painter.js'

/** A text for the clipboard. */
export interface Copied {
  readonly text: string
  /** Name of the text, for the operator. */
  readonly what: string
  /** The end kept of a text that is too long. @default 'start' */
  readonly keep?: 'start' | 'end'
}

type SuspendTerminal = AppProps['suspendTerminal']

/** Terminals drop longer sequences, or cut them. */
const COPIED_BYTES_MOST = 72_000
const ERASE_SCREEN = '\u001B[H\u001B[2J'

export interface TerminalControlOptions {
  readonly stdout: Pick<NodeJS.WriteStream, 'write'>
  readonly painter: Pick<Painter, 'hold'>
  /** Stops this process until the shell continues it; false where nobody would. */
  readonly stopProcess: () => Promise<boolean>
}

/** What the program does to its terminal besides drawing: clipboard, back to the shell and again. */
export class TerminalControl {
  readonly #options: TerminalControlOptions
  #suspendTerminal: SuspendTerminal | undefined
  #suspended = false

  constructor(options: TerminalControlOptions) {
    this.#options = options
  }

  /** Ink gives its terminal away from within a component only. */
  attach(suspendTerminal: SuspendTerminal): () => void {
    this.#suspendTerminal = suspendTerminal
    return () => {
      this.#suspendTerminal = undefined
    }
  }

  /** An empty screen, to begin anew on. */
  erase(): void {
    this.#options.stdout.write(ERASE_SCREEN)
  }

  /** Gives the terminal to the shell. @returns false when there was none to give it to */
  async suspend(): Promise<boolean> {
    if (this.#suspended || this.#suspendTerminal === undefined) return true
    this.#suspended = true
    const goOn = this.#options.painter.hold()
    let stopped = false
    try {
      await this.#suspendTerminal(async () => {
        stopped = await this.#options.stopProcess()
      })
    } finally {
      this.#suspended = false
      goOn()
    }
    return stopped
  }

  /** Asks the terminal to put a text into its clipboard (OSC 52). @returns what to tell the operator */
  copy({text, what, keep = 'start'}: Copied): string {
    // Pasted into a shell, a control character would act.
    const bytes = Buffer.from(printableLines(text))
    const copied = keep === 'start' ? bytes.subarray(0, COPIED_BYTES_MOST) : bytes.subarray(-COPIED_BYTES_MOST)
    this.#options.stdout.write(`\u001B]52;c;${copied.toString('base64')}\u0007`)
    const cut =
      copied.length < bytes.length ? `, the ${keep === 'start' ? 'first' : 'last'} ${COPIED_BYTES_MOST / 1000} KB` : ''
    return `Copied ${what}${cut} by OSC 52, where the terminal permits it (tmux: set-clipboard on)`
  }
}
