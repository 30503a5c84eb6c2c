import type {Address} from '../../../protocol/address.js'
import type {RegisterCommand} from '../../app/context.js'
import {readDuration, readServer} from '../../options/option-readers.js'
import type {DiffCommandOptions} from './run-diff-command.js'

export const registerDiff: RegisterCommand = (program, context) => {
  program
    .command('diff')
    .summary('compare what two nodes hold, key by key')
    .description(
      'Compare two nodes key by key: value, flags and, where both can list their keys, exptime. Nothing is changed.',
    )
    .argument('<A>', 'a running node, HOST:PORT', readServer)
    .argument('<B>', 'the other one', readServer)
    .option('--keys <file>', 'compare these keys, one a line, instead of those that the nodes list; - for stdin')
    .option('--settle <duration>', 'how long a difference must last to count (default: 1s)', readDuration)
    .option('--out <file>', 'write every difference to a file, one JSON line each')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      `
Examples:
  repbench diff 10.0.0.1:11211 10.0.0.2:11211
  repbench diff 127.0.0.1:11211 127.0.0.2:11211 --keys keys.txt --out differences.jsonl

Keys come from lru_crawler metadump, which memcached has from 1.5 on, or else from stats cachedump, which repcached has
and which lists 2 MB of each slab class. One node that lists its keys is enough to find what the other lacks or has
otherwise; what only the other has is not seen, unless it counts no more items than were compared.
Exit status: 0 no difference, 1 differences, 2 wrong options, 3 unknown: no difference in what was compared, but a node
may hold more, or one does not answer.`,
    )
    .action(
      context.action(async (a: Address, b: Address, options: DiffCommandOptions) => {
        const {runDiffCommand} = await import('./run-diff-command.js')
        return await runDiffCommand({a, b, options, context})
      }),
    )
}
