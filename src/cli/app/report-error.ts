import {CommanderError} from 'commander'
import type {Verdict} from '../../engine/measure/verdict.js'
import {messageOf, oneLine, RepbenchError} from '../../protocol/errors.js'
import type {CliContext} from './context.js'
import {type ExitCode, exitCodeOfVerdict, exitCodes} from './exit-codes.js'
import {describeOutsideError} from './outside-error.js'

/** Errors of the command line or of what must be installed first: exit 2. */
const usageCodes = new Set([
  'ERR_USAGE',
  'ERR_ADDRESS',
  'ERR_TOPOLOGY',
  'ERR_PROGRAM_MISSING',
  'ERR_OPEN_FILE_LIMIT',
  'ERR_ADDRESS_UNAVAILABLE',
])

/** Prints an error as one line on stderr. @returns the exit status it stands for */
export function reportError(error: unknown, {stderr, env}: Pick<CliContext, 'stderr' | 'env'>): ExitCode {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return exitCodes.pass
    stderr.write(`repbench: ${oneLine(error.message.replace(/^error: |\.$/g, ''))}; see repbench --help\n`)
    return exitCodes.usage
  }
  if (error instanceof RepbenchError) {
    stderr.write(`repbench: ${oneLine(error.message)}\n`)
    if (env.REPBENCH_DEBUG) stderr.write(`${error.stack}\n`)
    return usageCodes.has(error.code) ? exitCodes.usage : exitCodes.fail
  }
  const outside = describeOutsideError(error)
  const text = outside ?? `internal error: ${messageOf(error)} (REPBENCH_DEBUG=1 shows where)`
  stderr.write(`repbench: ${oneLine(text)}\n`)
  if (env.REPBENCH_DEBUG && error instanceof Error) stderr.write(`${error.stack}\n`)
  return outside === null ? exitCodes.internal : exitCodes.fail
}

/**
 * The exit status of rounds, of which some may be missing: that of their verdict. An internal error of repbench stays
 * exit 70.
 * @param verdict of the rounds, unknown at best where some are missing
 * @param failure why they are missing; undefined where none are
 */
export function exitCodeOfRounds(
  verdict: Verdict,
  failure: unknown,
  context: Pick<CliContext, 'stderr' | 'env'>,
): ExitCode {
  const code = failure === undefined ? exitCodes.pass : reportError(failure, context)
  return code === exitCodes.internal ? code : exitCodeOfVerdict(verdict)
}
