import type {NamedFinding} from '../../engine/check/ledger/ledger-findings.js'
import {jsonLine} from '../app/json-text.js'
import {OutputFile} from './output-file.js'

/** The file of `--findings`: one JSON line for every key that is not as it should be, however many they are. */
export class FindingsFile {
  readonly #file: OutputFile

  /** @throws UsageError when it can't be written */
  constructor(path: string) {
    this.#file = new OutputFile({option: '--findings', path})
  }

  add(finding: NamedFinding): void {
    this.#file.add(jsonLine(finding))
  }

  /**
   * The end: the file is put where it was asked for, or, where nothing was checked, none is left.
   * @returns why it can't be, which is told after what was measured
   */
  async settle({isChecked}: {isChecked: boolean}): Promise<Error | null> {
    if (!isChecked) {
      this.#file.abandon()
      return null
    }
    try {
      await this.#file.complete()
      return null
    } catch (error) {
      return error as Error
    }
  }
}
