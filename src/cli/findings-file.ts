import {closeSync, openSync, writeSync} from 'node:fs'
import type {NamedFinding} from '../engine/checks/ledger-findings.js'
import {messageOf, RepbenchError} from '../protocol/errors.js'
import {UsageError} from './errors.js'
import {describeOutsideError} from './outside-error.js'

const BATCH_CHARS = 64 * 1024

/** The file of `--findings`: one JSON line for every key that is not as it should be, however many they are. */
export class FindingsFile {
  readonly #descriptor: number
  #waiting = ''
  #failure: unknown

  /** @throws UsageError when it can't be written */
  constructor(path: string) {
    try {
      this.#descriptor = openSync(path, 'w')
    } catch (error) {
      const reason = messageOf(error)
      throw new UsageError(`Expected a writable --findings file, got ${reason}`, {cause: error})
    }
  }

  /** Written at once, in blocks: what millions of findings say does not fit into memory. */
  add(finding: NamedFinding): void {
    this.#waiting += `${JSON.stringify(finding)}\n`
    if (this.#waiting.length >= BATCH_CHARS) this.#write()
  }

  /** @returns why not all is in it, if so */
  close(): RepbenchError | null {
    this.#write()
    closeSync(this.#descriptor)
    if (this.#failure === undefined) return null
    const reason = describeOutsideError(this.#failure) ?? messageOf(this.#failure)
    return new RepbenchError('ERR_OUT_FILE', `Expected a writable --findings file, got ${reason}`, {
      cause: this.#failure,
    })
  }

  /** A full disk does not take the run with it that is being checked. */
  #write(): void {
    try {
      for (let rest = Buffer.from(this.#waiting); rest.length > 0 && this.#failure === undefined; ) {
        rest = rest.subarray(writeSync(this.#descriptor, rest))
      }
    } catch (error) {
      this.#failure = error
    }
    this.#waiting = ''
  }
}
