import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {setTimeout as wait} from 'node:timers/promises'
import {fileURLToPath} from 'node:url'
import {Terminal} from '../../test/helpers/tui-terminal.ts'
import {svgToPng} from './svg-png.ts'
import {terminalSvg} from './terminal-svg.ts'

/** Where the pictures go. */
export const directory = fileURLToPath(new URL('../../docs/pictures', import.meta.url))
const LIMIT_MS = 90_000
/** Less than from one picture to the next. */
const STILL_MS = 60
const COLUMNS = 100
const ROWS = 30

/** The real program in a home of its own, as a newcomer has it, and a camera. */
export class PictureSession {
  readonly terminal: Terminal
  readonly #home = mkdtempSync(join(tmpdir(), 'home-'))

  constructor(args: readonly string[] = []) {
    this.terminal = new Terminal({args, columns: COLUMNS, rows: ROWS, env: {HOME: this.#home, XDG_STATE_HOME: ''}})
  }

  /** Waits until the screen shows something, and takes its picture. */
  async take(name: string, {title, shown}: {title: string; shown: string | RegExp}): Promise<void> {
    await this.#untilWhole(shown)
    const svg = terminalSvg(this.terminal.buffer, {columns: COLUMNS, rows: ROWS, title})
    const png = svgToPng(svg)
    writeFileSync(join(directory, `${name}.svg`), svg)
    writeFileSync(join(directory, `${name}.png`), png)
    process.stdout.write(`${name}: ${kilobytes(svg.length)} SVG, ${kilobytes(png.length)} PNG\n`)
  }

  /** Waits until the screen shows something and stands still: a picture may come in pieces. */
  async #untilWhole(shown: string | RegExp): Promise<void> {
    for (;;) {
      const text = await this.terminal.until(shown, LIMIT_MS)
      await wait(STILL_MS)
      if (this.terminal.text() === text) return
    }
  }

  async close(): Promise<void> {
    await this.terminal.close()
    rmSync(this.#home, {recursive: true, force: true})
  }
}

function kilobytes(bytes: number): string {
  return `${Math.ceil(bytes / 1000)} kB`
}
