import type {IPty} from '@lydell/node-pty'
import {openPty} from './open-pty.js'
import {binPath} from './run-repbench.js'

/** The built program on a pseudo-terminal. The caller sees to its end. */
export class TerminalRun {
  readonly pty: IPty
  readonly exited: Promise<number>
  #output = ''

  constructor(args: readonly string[]) {
    this.pty = openPty(process.execPath, [binPath, ...args], {cols: 100, rows: 30})
    this.pty.onData(text => {
      this.#output += text
    })
    this.exited = new Promise(resolve => this.pty.onExit(({exitCode}) => resolve(exitCode)))
  }

  /** Everything printed so far, without the sequences that move the cursor. */
  text(): string {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
    return this.#output.replaceAll(/\x1b\[[\d;?]*[A-Za-z]/g, '').replaceAll('\r', '')
  }

  type(text: string): void {
    this.pty.write(text)
  }

  kill(): void {
    try {
      this.pty.kill('SIGKILL')
    } catch {
      // Gone already.
    }
  }
}
