import {messageOf, oneLine} from '../protocol/errors.js'
import {printableLines} from '../protocol/printable.js'
import type {ExitCode} from './exit-codes.js'
import {exitCodes} from './exit-codes.js'

type Cleanup = () => Promise<void> | void

const signalNumbers = {SIGHUP: 1, SIGINT: 2, SIGTERM: 15} as const
export type StopSignal = keyof typeof signalNumbers

/** Conventional status of a program that a signal ended: 128 + its number. */
export function exitCodeOfSignal(name: StopSignal): number {
  return 128 + signalNumbers[name]
}

/** A pipe takes 64 kB at a time, and process.exit() forgets what waits for its reader. */
async function written(stream: NodeJS.WriteStream): Promise<void> {
  if (stream.writableLength === 0 || stream.destroyed) return
  await new Promise<void>(resolve => stream.write('', () => resolve()))
}

/**
 * The one place that ends the program. The first SIGINT, SIGTERM or SIGHUP
 * aborts `signal`, so that the running command winds down and reports; a second
 * one runs the cleanups at once and exits; one more no longer waits for them.
 * A second SIGHUP is the first: shell, kernel and tmux each send one when a terminal goes.
 * Cleanups run last-added first, once.
 */
export class Shutdown {
  readonly #controller = new AbortController()
  readonly #cleanups: Cleanup[] = []
  #closing: Promise<void> | undefined
  #received: StopSignal | undefined

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** The signal that asked us to stop, if one did. */
  get received(): StopSignal | undefined {
    return this.#received
  }

  install(): void {
    for (const name of Object.keys(signalNumbers) as StopSignal[]) process.on(name, () => this.request(name))
    process.on('uncaughtException', error => void this.fail(error))
    process.on('unhandledRejection', error => void this.fail(error))
    // A reader that went away (`repbench … | head`) is no error of ours.
    process.stdout.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') void this.exit(exitCodes.pass)
      else if (error.code === 'EIO') this.hangUp()
      else void this.fail(error)
    })
  }

  /** Asks the running command to wind down, as the signal would. */
  request(name: StopSignal): void {
    if (name === 'SIGHUP' && this.#received === 'SIGHUP') return
    // A cleanup that hangs must not hold the operator; the nodes' watchdog kills what is left.
    if (this.#closing !== undefined) process.exit(exitCodeOfSignal(name))
    if (this.#received !== undefined) {
      void this.exit(exitCodeOfSignal(name))
      return
    }
    this.#received = name
    this.#controller.abort(name)
  }

  /** The terminal is gone; its SIGHUP may come too, so this is never the second request. */
  hangUp(): void {
    if (this.#received === undefined && this.#closing === undefined) this.request('SIGHUP')
  }

  /** A daemon has no terminal that could hang up. */
  ignoreHangUp(): void {
    process.removeAllListeners('SIGHUP')
    process.on('SIGHUP', () => {})
  }

  /** Adds a cleanup; the returned function takes it back. */
  add(cleanup: Cleanup): () => void {
    this.#cleanups.push(cleanup)
    return () => {
      const index = this.#cleanups.indexOf(cleanup)
      if (index >= 0) this.#cleanups.splice(index, 1)
    }
  }

  /** Runs every cleanup; one that fails does not keep the others from running. */
  close(): Promise<void> {
    this.#closing ??= this.#runCleanups()
    return this.#closing
  }

  async exit(code: ExitCode | number): Promise<never> {
    await this.close()
    await Promise.all([process.stdout, process.stderr].map(written))
    process.exit(code)
  }

  async fail(error: unknown): Promise<never> {
    await this.close()
    const stack = process.env.REPBENCH_DEBUG && error instanceof Error ? `\n${error.stack}` : ''
    const text = oneLine(messageOf(error))
    const line = `repbench: internal error: ${text} (REPBENCH_DEBUG=1 shows where)${stack}\n`
    process.stderr.write(printableLines(line))
    process.exit(exitCodes.internal)
  }

  async #runCleanups(): Promise<void> {
    for (;;) {
      const cleanup = this.#cleanups.pop()
      if (cleanup === undefined) return
      try {
        await cleanup()
      } catch (error) {
        process.stderr.write(`repbench: cleanup failed: ${oneLine(messageOf(error))}\n`)
      }
    }
  }
}
