import type {Address} from '../../../protocol/address.js'
import type {RegisterCommand} from '../../app/context.js'
import {readServer} from '../../options/option-readers.js'
import {addWriteOptions} from '../../transfer/transfer-options.js'
import type {RestoreCommandOptions} from './run-restore-command.js'

export const registerRestore: RegisterCommand = (program, context) => {
  const command = program
    .command('restore')
    .summary('write the items of a dump to a server')
    .description(
      'Write the items of a dump to a server, with flags and exptimes. What the server has under their keys is left as it is.',
    )
    .argument('<FILE>', 'what repbench dump has written; - for stdin')
    .argument('<SERVER>', 'a running server, HOST:PORT', readServer)
    .option('--overwrite', 'write over what the server has under the same keys')
    .option('--keep-ttl', 'count the life that items had left from now on, instead of the time at which they expire')
  addWriteOptions(command)
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      `
Examples:
  repbench restore items.dump 10.0.0.2:11211
  ssh backup 'cat items.dump' | repbench restore - 10.0.0.2:11211
  repbench restore last-week.dump 127.0.0.1:11211 --keep-ttl

A damaged or cut file is restored up to there. However a restore ends, the server has whole items only, and running it
again finishes it. Where the server drops items to make room, it stops (--despite-evictions goes on).
Exit status: 0 all items are there, or have expired; 1 some were refused, or others dropped to make room; 2 wrong options;
3 not all: the file is damaged, or the server does not answer.`,
    )
    .action(
      context.action(async (file: string, server: Address, options: RestoreCommandOptions) => {
        const {runRestoreCommand} = await import('./run-restore-command.js')
        return await runRestoreCommand({file, server, options, context})
      }),
    )
}
