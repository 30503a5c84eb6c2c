import {InvalidArgumentError} from 'commander'
import type {Address} from '../../../protocol/address.js'
import {DEFAULT_CLIENT_PORT} from '../../../protocol/limits.js'
import type {RegisterCommand} from '../../app/context.js'
import {addServer, readDuration} from '../../options/option-readers.js'
import type {TopOptions} from './run-top.js'

const defaultServers: readonly Address[] = [{host: '127.0.0.1', port: DEFAULT_CLIENT_PORT}]

const MIN_INTERVAL_SECONDS = 0.1
const MIN_BUDGET_SECONDS = 0.01

export const registerTop: RegisterCommand = (program, context) => {
  program
    .command('top')
    .summary('watch running nodes: memcache-top’s table, slab classes, and whether a pair replicates')
    .description('Show what running nodes do, once a second. repbench’s own connection and commands are not counted.')
    .argument('[servers...]', 'running nodes, HOST:PORT (default: 127.0.0.1:11211)', addServer)
    .option('--once', 'print one table and end; rates are those of one interval')
    .option('--json', 'a JSON document a line, one each interval; with --once a single one')
    .option('--interval <duration>', 'from one table to the next, and what rates are of', readInterval, 1)
    .option('--slabs', 'the slab classes of each node instead, as memcached-tool shows them')
    .option('--pair', 'the two servers are meant to replicate to each other: say whether they really do')
    .option('--no-probe', 'with --pair: write no probe keys (repbench:probe:…), go by what the nodes tell')
    .option('--lag-budget <duration>', 'with --pair: a write under way for longer does not cross', readBudget, 1)
    .addHelpText(
      'after',
      `
USAGE memory of items · HIT % of all gets since the start · CONN clients · TIME of a round trip ·
READ/s, WRITE/s bytes from and to clients · QUEUE of replication: waiting now, or repcached's lowest number of free slots

Examples:
  repbench top 10.0.0.1:11211 10.0.0.2:11211
  repbench top --once --json 10.0.0.1:11211
  repbench top --json --interval 10s 10.0.0.1:11211 | jq .total.operationsPerSecond
  repbench top --pair 10.0.0.1:11211 10.0.0.2:11211

q or Ctrl-C ends it.
Exit status: 0 every node answered, and with --pair they replicate: probe writes cross both ways;
1 one did not answer, or with --pair they do not replicate or do not hold the same; 3 with --pair: that they replicate could not be found out.`,
    )
    .action(
      context.action(async (servers: readonly Address[] | undefined, options: TopOptions) => {
        const {runTop} = await import('./run-top.js')
        return runTop(servers ?? defaultServers, options, context)
      }),
    )
}

function readInterval(text: string): number {
  const seconds = readDuration(text)
  if (seconds < MIN_INTERVAL_SECONDS)
    throw new InvalidArgumentError(`Expected an interval of 100ms or more, got '${text}'`)
  return seconds
}

function readBudget(text: string): number {
  const seconds = readDuration(text)
  if (seconds < MIN_BUDGET_SECONDS) throw new InvalidArgumentError(`Expected a budget of 10ms or more, got '${text}'`)
  return seconds
}
