import type {WriteStream} from 'node:tty'

/** One of stdout and stderr. */
export interface Output {
  readonly stream: WriteStream
  /** Why a write failed; null when none has. */
  readonly failure: NodeJS.ErrnoException | null
  /** Aborted when a write has failed. */
  readonly failed: AbortSignal
  /** Changes as bytes are taken. */
  readonly taken: number
  /** A write is under way that keeps this process from exiting. */
  readonly holdsProcess: boolean
}

/** Once the program is asked to end, a reader that takes nothing for so long is not waited for. */
const PATIENCE_MS = 1000
const LOOK_EVERY_MS = 100

/** stdout and stderr of the program: who waits until all is out asks here. */
export class Outputs {
  readonly stdout: Output
  readonly stderr: Output
  readonly #hurry = new AbortController()
  /** No longer waited for, unless more than so much has been taken since. */
  readonly #givenUp = new Map<Output, number>()

  constructor({stdout, stderr}: {stdout: Output; stderr: Output}) {
    this.stdout = stdout
    this.stderr = stderr
  }

  get holdsProcess(): boolean {
    return this.#all().some(output => output.holdsProcess)
  }

  /** Why something that belongs on stdout is not there. A reader that has seen enough (`repbench … | head`) is no reason. */
  get problem(): NodeJS.ErrnoException | null {
    const {failure} = this.stdout
    return failure?.code === 'EPIPE' || failure?.code === 'ECONNRESET' ? null : failure
  }

  /** From now on only a reader that takes something is waited for. */
  hurry(): void {
    this.#hurry.abort()
  }

  /** Resolves when all that was printed is out, when it can't be any more, or when it is no longer waited for. */
  async written(outputs: readonly Output[] = this.#all()): Promise<void> {
    await Promise.all(outputs.map(output => this.#written(output)))
  }

  #all(): readonly Output[] {
    return this.stdout === this.stderr ? [this.stdout] : [this.stdout, this.stderr]
  }

  async #written(output: Output): Promise<void> {
    if (output.stream.writableLength === 0 || output.stream.destroyed) return
    if (this.#givenUp.get(output) === output.taken) return
    const {promise, resolve} = Promise.withResolvers<void>()
    const ended = new AbortController()
    const giveUp = async () => {
      await this.#lookForProgress(output, ended.signal)
      if (!ended.signal.aborted) this.#givenUp.set(output, output.taken)
      resolve()
    }
    output.stream.write('', () => resolve())
    if (this.#hurry.signal.aborted) void giveUp()
    else this.#hurry.signal.addEventListener('abort', () => void giveUp(), {once: true, signal: ended.signal})
    await promise
    ended.abort()
  }

  /** Resolves when nothing was taken for long enough. */
  #lookForProgress(output: Output, signal: AbortSignal): Promise<void> {
    let {taken} = output
    let sinceMs = performance.now()
    return new Promise(resolve => {
      const timer = setInterval(() => {
        const nowMs = performance.now()
        if (output.taken !== taken) sinceMs = nowMs
        taken = output.taken
        if (nowMs - sinceMs >= PATIENCE_MS) stop()
      }, LOOK_EVERY_MS)
      const stop = () => {
        clearInterval(timer)
        resolve()
      }
      signal.addEventListener('abort', stop, {once: true})
    })
  }
}
