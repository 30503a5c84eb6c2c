import {printableLines} from '../../protocol/printable.js'

/**
 * Where a command prints: stdout or stderr as text. What servers, files and other programs have said goes through here
 * too, so that everything but line ends that could change the terminal is escaped. Whoever draws on a terminal writes
 * its own control sequences to `raw`, with foreign text made safe by printable().
 */
export class TextOutput {
  /** The stream below: for control sequences of our own, and for bytes that no terminal gets. */
  readonly raw: NodeJS.WriteStream

  constructor(raw: NodeJS.WriteStream) {
    this.raw = raw
  }

  get isTTY(): boolean {
    return this.raw.isTTY === true
  }

  /** Cells of a line, where it is a terminal. */
  get columns(): number | undefined {
    return this.raw.columns
  }

  /** @param done called when the text has been handed to the system, or can't be */
  write(text: string, done?: (error?: Error | null) => void): boolean {
    return this.raw.write(printableLines(text), done)
  }
}
