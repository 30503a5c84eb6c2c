import {InvalidArgumentError, Option} from 'commander'
import {profileNames} from '../../../engine/plan/profiles/registry.js'
import {seed} from '../../../engine/plan/profiles/seed.js'
import type {Backend} from '../../../server/programs/backends/registry.js'
import type {RegisterCommand} from '../../app/context.js'
import {addOptions, suggest} from '../../options/command-options.js'
import {nodeOptions} from '../../options/node-options.js'
import {readInteger} from '../../options/option-readers.js'
import {refuseArguments} from '../../profiles/refuse-arguments.js'
import {baselineBackends} from './baseline-targets.js'
import type {BaselineOptions} from './run-baseline.js'

const REPETITIONS_MAX = 1000

export const registerBaseline: RegisterCommand = (program, context) => {
  const command = program.command('baseline')
  command
    // Refused by ourselves, to say how a profile is chosen.
    .allowExcessArguments()
    .summary('the same load on native memcached, master and slave: what replication costs')
    .description(
      'Put the same load on a native memcached, on the master of a pair and on its slave, and compare. ' +
        'Every run has nodes of its own; the targets take turns.',
    )
    .addOption(suggest(new Option('--profile <name|file>', 'the load').default(seed.plan.name), profileNames))
    .option('--backends <list>', `${baselineBackends.join(',')} (default: those that this machine has)`, readBackends)
    .option(
      '--repeat <N>',
      'runs of each target; the table has medians and spread',
      text => readInteger({text, what: 'a number', min: 1, max: REPETITIONS_MAX}),
      1,
    )
    .option('--no-probe', 'write no probe keys: the lag is not measured, the link judged by logs and figures')
    .option('--json', 'one JSON document: the table, and every run in full')
  addOptions(command, ownNodes)
  command
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

/** Nodes of its own have places of their own. */
const {memory, 'node-threads': threads, 'max-conns': maxConns, queue} = nodeOptions
const {'memcached-bin': memcachedBin, 'repcached-bin': repcachedBin} = nodeOptions
const ownNodes = {
  memory,
  'node-threads': threads,
  'max-conns': maxConns,
  queue,
  'memcached-bin': memcachedBin,
  'repcached-bin': repcachedBin,
}

function readBackends(text: string): readonly Backend[] {
  const names = text.split(',')
  const known: readonly string[] = baselineBackends
  const bad = names.find((name, index) => !known.includes(name) || names.indexOf(name) < index)
  if (bad === undefined) return names as Backend[]
  throw new InvalidArgumentError(`Expected some of ${baselineBackends.join(',')}, each once, got '${text}'`)
}
