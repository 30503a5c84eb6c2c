import type {NamedFinding} from '../../engine/check/ledger/ledger-findings.js'
import {formatJson} from '../app/json-text.js'
import {FindingsFile} from '../files/findings-file.js'
import {assertWritable, writeOutputFile} from '../files/output-file.js'

/** Paths of the files that are wanted beside the report. */
export interface ResultPaths {
  /** For the JSON document. */
  readonly out?: string | undefined
  /** For the response times, as an HdrHistogram percentile distribution. */
  readonly hgrm?: string | undefined
  /** For every wrong key, as JSON lines. */
  readonly findings?: string | undefined
}

interface ResultTexts {
  readonly document: object
  /** Absent where there is none. */
  readonly hgrm?: () => string
}

/** The files of a load or a drill: checked before it, so that hours of load are not wasted, and written after it. */
export class ResultFiles {
  readonly #paths: ResultPaths
  readonly #spell: (option: string) => string
  readonly #findings: FindingsFile | null

  private constructor(paths: ResultPaths, spell: (option: string) => string) {
    this.#paths = paths
    this.#spell = spell
    this.#findings = paths.findings === undefined ? null : new FindingsFile(paths.findings, spell('findings'))
  }

  /**
   * @param spell how an option is called where it was given: `--out` or `out`
   * @throws UsageError when one of them can't be written
   */
  static async open(paths: ResultPaths, spell: (option: string) => string): Promise<ResultFiles> {
    await assertWritable(spell('out'), paths.out)
    await assertWritable(spell('hgrm'), paths.hgrm)
    return new ResultFiles(paths, spell)
  }

  /** Writes a finding at once: millions of them do not fit into memory. Undefined where no file was asked for. */
  get onFinding(): ((finding: NamedFinding) => void) | undefined {
    const findings = this.#findings
    return findings === null ? undefined : finding => findings.add(finding)
  }

  /** Nothing was measured: what was there before stays. */
  abandon(): void {
    this.#findings?.abandon()
  }

  /** @returns why files could not be written, one error each */
  async write({document, hgrm}: ResultTexts): Promise<readonly Error[]> {
    const problems = [
      await this.#write('out', this.#paths.out, () => formatJson(document)),
      hgrm === undefined ? null : await this.#write('hgrm', this.#paths.hgrm, hgrm),
      (await this.#findings?.complete()) ?? null,
    ]
    return problems.filter(problem => problem !== null)
  }

  async #write(name: string, path: string | undefined, text: () => string): Promise<Error | null> {
    if (path === undefined) return null
    try {
      await writeOutputFile({option: this.#spell(name), path, text: text()})
      return null
    } catch (error) {
      return error as Error
    }
  }
}
