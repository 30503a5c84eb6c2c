import {messageOf, oneLine} from '../../protocol/errors.js'
import {printableLines} from '../../protocol/printable.js'
import {leave} from '../stdio/end-process.js'
import type {Outputs} from '../stdio/outputs.js'
import type {ExitCode} from './exit-codes.js'
import {exitCodes} from './exit-codes.js'
import {describeOutsideError} from './outside-error.js'

type Cleanup = () => Promise<void> | void

const signalNumbers = {SIGHUP: 1, SIGINT: 2, SIGTERM: 15} as const
export type StopSignal = keyof typeof signalNumbers

/** Conventional status of a program that a signal ended: 128 + its number. */
export function exitCodeOfSignal(name: StopSignal): number {
  return 128 + signalNumbers[name]
}

/** Time limit for the cleanups after an uncaught error. */
const END_AT_MOST_MS = 5000

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
  readonly #outputs: Outputs
  #closing: Promise<void> | undefined
  #received: StopSignal | undefined
  /** The exit status, once it is known. */
  #outcome: number | undefined

  constructor({outputs}: {outputs: Outputs}) {
    this.#outputs = outputs
  }

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
    const {stdout, stderr} = this.#outputs
    for (const output of [stdout, stderr]) {
      output.failed.addEventListener('abort', () => {
        if (output.stream.isTTY && output.failure?.code === 'EIO') this.hangUp()
      })
    }
  }

  /** Asks the running command to wind down, as the signal would. */
  request(name: StopSignal): void {
    if (name === 'SIGHUP' && this.#received === 'SIGHUP') return
    // A cleanup that hangs must not hold the operator; the nodes' watchdog kills what is left.
    if (this.#closing !== undefined) leave(exitCodeOfSignal(name), this.#outputs, {atOnce: true})
    this.#outputs.hurry()
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

  /** Ends the program when the cleanups have run and all that was printed is out. */
  async exit(code: ExitCode | number): Promise<void> {
    this.#outcome ??= code
    await this.close()
    await this.#outputs.written()
    leave(await this.#judgeOutput(code), this.#outputs)
  }

  /** Ends the program after an uncaught error; an exit status that is already known stays. */
  async fail(error: unknown): Promise<void> {
    if (process.env.REPBENCH_DEBUG && error instanceof Error) {
      process.stderr.write(`${printableLines(String(error.stack))}\n`)
    }
    const outcome = this.#outcome
    if (outcome !== undefined) {
      setTimeout(() => leave(outcome, this.#outputs), END_AT_MOST_MS).unref()
      return
    }
    // What fails after Ctrl-C fails because of it.
    if (this.#received !== undefined) return this.exit(exitCodeOfSignal(this.#received))
    const outside = describeOutsideError(error)
    const text = outside ?? `internal error: ${messageOf(error)} (REPBENCH_DEBUG=1 shows where)`
    process.stderr.write(`repbench: ${oneLine(text)}\n`)
    await this.exit(outside === null ? exitCodes.internal : exitCodes.fail)
  }

  /** What could not be printed is no success. */
  async #judgeOutput(code: number): Promise<number> {
    const {problem} = this.#outputs
    if (problem === null || this.#outputs.stdout.stream.isTTY) return code
    const reason = describeOutsideError(problem) ?? messageOf(problem)
    process.stderr.write(`repbench: cannot write to stdout: ${oneLine(reason)}\n`)
    await this.#outputs.written()
    return code === exitCodes.pass ? exitCodes.fail : code
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
