import {Option} from 'commander'
import type {Address} from '../../../protocol/address.js'
import type {RegisterCommand} from '../../app/context.js'
import {readServer} from '../../options/option-readers.js'
import {addWriteOptions} from '../../transfer/transfer-options.js'
import type {SyncCommandOptions} from './run-sync-command.js'

export const registerSync: RegisterCommand = (program, context) => {
  const command = program
    .command('sync')
    .summary('make a server have what another has')
    .description(
      'Make TO have what FROM has: what is missing on TO is added, with flags and exptimes. The plan is shown first, and ' +
        'nothing is written before you agree.',
    )
    .argument('<FROM>', 'a running server, HOST:PORT', readServer)
    .argument('<TO>', 'the one that is to have the same items', readServer)
    .option('--overwrite', 'also replace what has another value, other flags or another exptime on TO')
    .option('--delete', 'also delete what FROM does not have')
    .option('--both', 'add to each what only the other has')
    .addOption(
      new Option('--prefer <which>', 'with --both, which item wins where both have one').choices([
        'from',
        'to',
        'later',
      ]),
    )
    .option('--keys <file>', 'only these keys, one a line; - for stdin')
    .option('--only <file>', 'only the keys of these findings, as load, drill and diff write them; - for stdin')
    .option('--dry-run', 'show what would be done, and end')
    .option('--yes', 'do not ask')
  addWriteOptions(command)
    .option('--out <file>', 'write every difference to a file, one JSON line each, with what is done about it')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      `
Examples:
  repbench sync 10.0.0.1:11211 10.0.0.2:11211
  repbench sync 10.0.0.1:11211 10.0.0.2:11211 --overwrite --delete --yes
  repbench sync 10.0.0.1:11211 10.0.0.2:11211 --both --prefer later --yes
  repbench sync 10.0.0.1:11211 10.0.0.2:11211 --only findings.ndjson --overwrite --yes

Every write is guarded: add where there was nothing, cas where there was something. A key that somebody else changes
meanwhile is left, and counted. However a sync ends, both have whole items only, and running it again finishes it.
--prefer later: the item that expires later wins; where neither does, both stay as they are.
Exit status: 0 done, or nothing to do; 1 something refused, evicted or, of a plan, to be done; 2 wrong options; 3 unknown:
a server does not answer, or holds items that it does not list.`,
    )
    .action(
      context.action(async (from: Address, to: Address, options: SyncCommandOptions) => {
        const {runSyncCommand} = await import('./run-sync-command.js')
        return await runSyncCommand({from, to, options, context})
      }),
    )
}
