import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type {IPty} from '@lydell/node-pty'
import headless from '@xterm/headless'
// With its true ending, so that benchmarks and scripts can use it without a compiler.
import {hangUp, openPty} from './open-pty.ts'
import {binPath} from './run-repbench.ts'
import {WholePictures} from './whole-pictures.ts'

/** No screen takes so long, on a slow and busy machine either: the limit only catches a hang. */
const WAIT_LIMIT_MS = 60_000

/** Keys by the bytes that a terminal sends for them. */
export const keys = {
  enter: '\r',
  esc: '\u001B',
  tab: '\t',
  up: '\u001B[A',
  down: '\u001B[B',
  right: '\u001B[C',
  pageUp: '\u001B[5~',
  pageDown: '\u001B[6~',
  ctrl: (letter: string) => String.fromCharCode(letter.toUpperCase().charCodeAt(0) - 64),
  paste: (text: string) => `\u001B[200~${text}\u001B[201~`,
} as const

export interface TerminalOptions {
  readonly args?: readonly string[]
  readonly columns?: number
  readonly rows?: number
  readonly env?: NodeJS.ProcessEnv
  /** Working directory; this process's own unless given. */
  readonly cwd?: string
  /** Cells of the screen to the right and below that the program is not told of: it must leave them blank. */
  readonly spare?: number
  /** Program and arguments instead of repbench. */
  readonly command?: readonly [string, ...string[]]
}

/** How a program ended. */
export interface TerminalExit {
  readonly exitCode: number
  readonly signal: number | undefined
}

/** What until() waits for. */
interface Waiting {
  readonly matches: (text: string) => boolean
  readonly resolve: (text: string) => void
}

/** The real program on a real pseudo-terminal, with a terminal emulator that shows what a person would see. */
export class Terminal {
  readonly pid: number
  /** Resolves when the program has ended and all that it wrote is on the screen. */
  readonly exit: Promise<TerminalExit>
  readonly #pty: IPty
  readonly #screen: headless.Terminal
  readonly #pictures = new WholePictures()
  readonly #stateDirectory = mkdtempSync(join(tmpdir(), 'repbench-test-'))
  readonly #waiting = new Set<Waiting>()
  readonly #spare: number
  readonly #beside: string[] = []
  #written = ''
  #exited = false
  #lookedAway = false

  constructor({args = [], columns = 100, rows = 30, env = {}, cwd, spare = 0, command}: TerminalOptions = {}) {
    this.#spare = spare
    const [program, ...programArgs] = command ?? [process.execPath, binPath, ...args]
    const {CI: _, NO_COLOR: __, FORCE_COLOR: ___, ...inherited} = process.env
    this.#screen = new headless.Terminal({
      cols: columns + spare,
      rows: rows + spare,
      allowProposedApi: true,
      scrollback: 500,
    })
    this.#pty = openPty(program, programArgs, {
      name: env.TERM ?? 'xterm-256color',
      cols: columns,
      rows,
      ...(cwd === undefined ? {} : {cwd}),
      env: {...inherited, LC_ALL: 'C.UTF-8', XDG_STATE_HOME: this.#stateDirectory, ...env} as Record<string, string>,
    })
    this.pid = this.#pty.pid
    this.#pty.onData(data => {
      if (this.#lookedAway) return
      this.#written += data
      for (const picture of this.#pictures.push(data)) this.#show(picture)
    })
    this.exit = new Promise(resolve => {
      this.#pty.onExit(({exitCode, signal}) => {
        this.#exited = true
        this.#screen.write(this.#pictures.rest(), () => {
          this.#lookAgain()
          resolve({exitCode, signal})
        })
      })
    })
  }

  /** Everything that the program wrote so far. */
  get written(): string {
    return this.#written
  }

  /** Whether the alternate screen is shown, which a full-screen program must leave at its end. */
  get inAlternateScreen(): boolean {
    return this.#screen.buffer.active.type === 'alternate'
  }

  /** Whether the terminal would mark pasted text. */
  get inBracketedPaste(): boolean {
    return this.#screen.modes.bracketedPasteMode
  }

  /** The rows of the screen, without the blanks at their ends. */
  lines(): string[] {
    const buffer = this.#screen.buffer.active
    return Array.from(
      {length: this.#screen.rows},
      (_, row) => buffer.getLine(buffer.viewportY + row)?.translateToString(true) ?? '',
    )
  }

  text(): string {
    return this.lines().join('\n')
  }

  /** What the terminal shows, cell by cell. */
  get buffer(): headless.IBuffer {
    return this.#screen.buffer.active
  }

  /** What any picture has had outside the window that the program was told of. */
  get beside(): readonly string[] {
    return this.#beside
  }

  /** From now on what the program writes is thrown away: showing it costs as much as making it. */
  lookAway(): void {
    this.#lookedAway = true
  }

  type(text: string): void {
    this.#pty.write(text)
  }

  resize(columns: number, rows: number): void {
    this.#pty.resize(columns, rows)
    this.#screen.resize(columns, rows)
  }

  /** Takes the terminal away, as a closed window or a lost connection does. */
  hangUp(): void {
    hangUp(this.#pty)
  }

  signal(name: NodeJS.Signals): void {
    process.kill(this.pid, name)
  }

  /** Resolves with the screen as soon as it shows this, if only for one picture. */
  async until(shown: string | RegExp | ((text: string) => boolean), timeoutMs = WAIT_LIMIT_MS): Promise<string> {
    const matches =
      typeof shown === 'function'
        ? shown
        : (text: string) => (typeof shown === 'string' ? text.includes(shown) : shown.test(text))
    const {promise, resolve} = Promise.withResolvers<string>()
    const waiting = {matches, resolve}
    this.#waiting.add(waiting)
    this.#lookAgain()
    const late = Promise.withResolvers<string>()
    const timer = setTimeout(() => late.resolve(`${timeoutMs} ms passed`), timeoutMs)
    const why = await Promise.race([promise.then(() => null), late.promise, this.exit.then(() => 'the program ended')])
    clearTimeout(timer)
    this.#waiting.delete(waiting)
    if (why !== null) throw new Error(`Expected the screen to show ${shown}, but ${why}:\n${this.text()}`)
    return promise
  }

  /** Each picture is looked at by itself, also where many have come at once. */
  #show(picture: string): void {
    this.#screen.write(picture, () => {
      if (this.#spare > 0) this.#lookBeside()
      this.#lookAgain()
    })
  }

  #lookBeside(): void {
    const [columns, rows] = [this.#screen.cols - this.#spare, this.#screen.rows - this.#spare]
    this.#beside.push(...this.lines().flatMap((line, row) => (row < rows ? line.slice(columns) : line) || []))
  }

  #lookAgain(): void {
    if (this.#waiting.size === 0) return
    const text = this.text()
    for (const {matches, resolve} of this.#waiting) if (matches(text)) resolve(text)
  }

  /** To be called in finally: ends the program if it still runs. */
  async close(): Promise<void> {
    if (!this.#exited) this.#pty.kill('SIGKILL')
    await this.exit
    this.#screen.dispose()
    rmSync(this.#stateDirectory, {recursive: true, force: true})
  }
}
