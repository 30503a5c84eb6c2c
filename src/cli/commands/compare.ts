import type {RegisterCommand} from '../context.js'
import {UsageError} from '../errors.js'

const RUNS_MAX = 26

export const registerCompare: RegisterCommand = (program, context) => {
  program
    .command('compare')
    .summary('put runs side by side')
    .description(
      'Put runs side by side: each with its change from the first, and what is noise where runs were repeated.',
    )
    .argument('<run...>', 'a file, a number that repbench runs lists, last, last-1 and so on')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      `
Examples:
  repbench compare last-1 last
  repbench compare before.json after.json

Every later run is held against the first. Exit status: 0, whatever came of it; 2 when a run cannot be read.`,
    )
    .action(
      context.action(async (runs: readonly string[], options: {json?: true}) => {
        if (runs.length < 2 || runs.length > RUNS_MAX) {
          throw new UsageError(`Expected from 2 to ${RUNS_MAX} runs, got ${runs.length}`)
        }
        const {runCompareCommand} = await import('../compare/run-compare-command.js')
        return runCompareCommand(runs, options, context)
      }),
    )
}
