import {InvalidArgumentError} from 'commander'
import {seed} from '../../../engine/plan/profiles/seed.js'
import type {Backend} from '../../../server/node-api/cluster-node.js'
import type {RegisterCommand} from '../../app/context.js'
import {readInteger} from '../../options/option-readers.js'
import {refuseArguments} from '../../profiles/refuse-arguments.js'
import {baselineBackends} from './baseline-targets.js'
import type {BaselineOptions} from './run-baseline.js'

const REPETITIONS_MAX = 1000

export const registerBaseline: RegisterCommand = (program, context) => {
  const count = (what: string, max: number) => (text: string) => readInteger({text, what, min: 1, max})
  const command = program.command('baseline')
  command
    // Refused by ourselves, to say how a profile is chosen.
    .allowExcessArguments()
    .summary('the same load on native memcached, master and slave: what replication costs')
    .description(
      'Put the same load on a native memcached, on the master of a pair and on its slave, and compare. ' +
        'Every run has nodes of its own; the targets take turns.',
    )
    .option('--profile <name|file>', 'the load', seed.plan.name)
    .option('--backends <list>', `${baselineBackends.join(',')} (default: those that this machine has)`, readBackends)
    .option(
      '--repeat <N>',
      'runs of each target; the table has medians and spread',
      count('a number', REPETITIONS_MAX),
      1,
    )
    .option('--no-probe', 'write no probe keys: the lag is not measured, the link judged by logs and figures')
    .option('--memory <MB>', 'memory for items of each node (-m)', count('megabytes', 1_048_576))
    .option('--node-threads <N>', 'threads of a C program (-t)', count('a number of threads', 1024))
    .option('--max-conns <N>', 'connections of a node (-c)', count('a number of connections', 10_000_000))
    .option('--queue <N>', 'writes that may wait for the peer (-q)', count('a length', 100_000_000))
    .option('--memcached-bin <file>', 'the native memcached (default: MEMCACHED_BIN, then PATH)')
    .option('--repcached-bin <file>', 'the real repcached (default: REPCACHED_BIN, then PATH)')
    .option('--json', 'one JSON document: the table, and every run in full')
    .addHelpText(
      'after',
      `
Examples:
  repbench baseline
  repbench baseline --profile set-small --repeat 5
  repbench baseline --backends memcached,repcached --repcached-bin ./memcached --memory 1024 --queue 65536

Response times, from the intended start of each call. Cost is against the native memcached, by the medians.
Exit status: 0 all runs went well, 1 errors, time-outs or lost operations, 2 wrong options or a missing program,
130 interrupted, with a partial table. A lost link is a finding, not a failure: the table shows it.`,
    )
    .action(
      context.action(async (options: BaselineOptions) => {
        refuseArguments('baseline', command.args)
        // The engine's libraries are loaded when a load is wanted.
        const {runBaseline} = await import('./run-baseline.js')
        return runBaseline(options, context)
      }),
    )
}

function readBackends(text: string): readonly Backend[] {
  const names = text.split(',')
  const known: readonly string[] = baselineBackends
  const bad = names.find((name, index) => !known.includes(name) || names.indexOf(name) < index)
  if (bad === undefined) return names as Backend[]
  throw new InvalidArgumentError(`Expected some of ${baselineBackends.join(',')}, each once, got '${text}'`)
}
