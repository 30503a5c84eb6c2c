import type {Address} from '../../../protocol/address.js'
import type {RegisterCommand} from '../../app/context.js'
import {readServer} from '../../options/option-readers.js'
import {addWriteOptions} from '../../transfer/transfer-options.js'
import type {CopyCommandOptions} from './run-copy-command.js'

export const registerCopy: RegisterCommand = (program, context) => {
  const command = program
    .command('copy')
    .summary('copy all items of a server to another')
    .description(
      'Copy all items of a server to another, with flags and exptimes. What the other has under their keys is left as it is.',
    )
    .argument('<FROM>', 'a running server, HOST:PORT; it is only read', readServer)
    .argument('<TO>', 'the one that gets the items', readServer)
    .option('--overwrite', 'write over what TO has under the same keys')
    .option('--keys <file>', 'copy these keys, one a line, instead of those that FROM lists; - for stdin')
  addWriteOptions(command)
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      `
Examples:
  repbench copy 10.0.0.1:11211 10.0.0.2:11211
  repbench copy 10.0.0.1:11211 10.0.0.2:11211 --rate unlimited --bytes-per-second unlimited

Every item is one consistent read. However a copy ends, TO has whole items only, and running it again finishes it. Where TO
drops items to make room, it stops (--despite-evictions goes on).
Exit status: 0 all items are there, or have expired; 1 some were refused, or others dropped to make room; 2 wrong options;
3 not all: FROM holds items that it does not list, or a server does not answer.`,
    )
    .action(
      context.action(async (from: Address, to: Address, options: CopyCommandOptions) => {
        const {runCopyCommand} = await import('./run-copy-command.js')
        return await runCopyCommand({from, to, options, context})
      }),
    )
}
