import type {NamedFinding} from '../../engine/check/ledger/ledger-findings.js'
import {jsonLine} from '../app/json-text.js'
import {OutputFile} from './output-file.js'

/** The file of `--findings`: one JSON line for every wrong key, however many they are. */
export class FindingsFile {
  readonly #file: OutputFile

  /**
   * @param option what it is asked for by
   * @throws UsageError when it can't be written
   */
  constructor(path: string, option = '--findings') {
    this.#file = new OutputFile({option, path})
  }

  add(finding: NamedFinding): void {
    this.#file.add(jsonLine(finding))
  }

  /** Nothing was checked: no file is left, and what was there before stays. */
  abandon(): void {
    this.#file.abandon()
  }

  /** Puts the file where it was asked for. @returns why it can't be, which is told after what was measured */
  async complete(): Promise<Error | null> {
    try {
      await this.#file.complete()
      return null
    } catch (error) {
      return error as Error
    }
  }
}
