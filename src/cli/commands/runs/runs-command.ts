import type {RegisterCommand} from '../../app/context.js'
import {readInteger} from '../../options/option-readers.js'

const SHOWN = 20

export const registerRuns: RegisterCommand = (program, context) => {
  program
    .command('runs')
    .summary('list the runs that were kept')
    .description('List the newest runs of the history with their numbers, which repbench compare takes.')
    .option(
      '--last <N>',
      'how many',
      text => readInteger({text, what: 'a number of runs', min: 1, max: 100_000}),
      SHOWN,
    )
    .option('--json', 'print one JSON document')
    .action(
      context.action(async (options: {last: number; json?: true}) => {
        const {listRunsCommand} = await import('./list-runs-command.js')
        return listRunsCommand(options, context)
      }),
    )
}
