import {Option} from 'commander'
import type {Address} from '../../../protocol/address.js'
import type {RegisterCommand} from '../../app/context.js'
import {readServer} from '../../options/option-readers.js'
import {addPaceOptions} from '../../transfer/transfer-options.js'
import type {DumpCommandOptions} from './run-dump-command.js'

export const registerDump: RegisterCommand = (program, context) => {
  const command = program
    .command('dump')
    .summary('write all items of a server to a file')
    .description('Write all items of a server to a file: keys, values, flags and exptimes. The server is only read.')
    .argument('<SERVER>', 'a running server, HOST:PORT', readServer)
    .requiredOption('-o, --out <file>', 'the file; - for stdout')
    .option('--text', 'one item a line, for reading; restore does not take it')
    .addOption(
      new Option('--compression <how>', 'of the file (default: zstd where Node.js has it)').choices(['zstd', 'none']),
    )
    .option('--keys <file>', 'read these keys, one a line, instead of those that the server lists; - for stdin')
  addPaceOptions(command)
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      `
Examples:
  repbench dump 10.0.0.1:11211 -o items.dump
  repbench dump 10.0.0.1:11211 -o - | ssh backup 'cat > items.dump'
  repbench dump 10.0.0.1:11211 --text -o - | less

Every item is one consistent read, whatever is written meanwhile. The file appears when it is complete; an interrupted dump
is kept in FILE.part, which restore reads up to its end. docs/data.md describes the format.
Exit status: 0 complete, 1 the file could not be written, 2 wrong options, 3 not all: the server holds items that it does
not list, or does not answer.`,
    )
    .action(
      context.action(async (server: Address, options: DumpCommandOptions) => {
        const {runDumpCommand} = await import('./run-dump-command.js')
        return await runDumpCommand({server, options, context})
      }),
    )
}
