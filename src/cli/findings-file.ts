import {closeSync, openSync, writeSync} from 'node:fs'
import type {NamedFinding} from '../engine/checks/ledger-findings.js'
import {messageOf} from '../protocol/errors.js'
import {UsageError} from './errors.js'
import {jsonLine} from './reports/json-text.js'

const BATCH_CHARS = 64 * 1024

/** The file of `--findings`: one JSON line for every key that is not as it should be, however many they are. */
export class FindingsFile {
  readonly #descriptor: number
  #waiting = ''

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
    this.#waiting += jsonLine(finding)
    if (this.#waiting.length >= BATCH_CHARS) this.#write()
  }

  close(): void {
    this.#write()
    closeSync(this.#descriptor)
  }

  #write(): void {
    writeSync(this.#descriptor, this.#waiting)
    this.#waiting = ''
  }
}
