import type {ProgramName} from '../../../server/programs/backends/registry.js'
import type {CliContext} from '../../app/context.js'

/** What one look at this machine has found. */
export interface CheckResult {
  readonly name: string
  /** note: repbench works without it, but something can't be done, or is to be known. */
  readonly status: 'ok' | 'note' | 'missing'
  /** What is there, in one line. */
  readonly found: string
  /** What to do; null where nothing has to be done. */
  readonly advice: string | null
  /** For programs. */
  readonly facts: Readonly<Record<string, unknown>>
}

/** One look. Adding one = one function + one line in checks.ts. */
export type Check = (context: CheckContext) => Promise<CheckResult> | CheckResult

interface CheckContext extends Pick<CliContext, 'env' | 'version'> {
  /** Files that were named on the command line. */
  readonly programs: Readonly<Partial<Record<ProgramName, string | undefined>>>
  /** What does not answer need not be waited for. */
  readonly signal?: AbortSignal | undefined
}
