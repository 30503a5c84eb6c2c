import {type Command, InvalidArgumentError, Option} from 'commander'
import {type Assertion, parseAssertion} from '../../../engine/assertions/assertion.js'
import {drills} from '../../../engine/drills/each/registry.js'
import {drillMeasures} from '../../../engine/drills/judge/drill-measures.js'
import type {DrillResult} from '../../../engine/drills/judge/drill-result.js'
import {AssertionSyntaxError} from '../../../engine/errors.js'
import {policyNames} from '../../../engine/plan/client-policies.js'
import {pairTopologies} from '../../../server/topology/topology-plans.js'
import type {RegisterCommand} from '../../app/context.js'
import {ALL_POLICIES, drillReaders} from '../../drill-settings/drill-readers.js'
import {addServer} from '../../options/option-readers.js'
import {addTopologyOptions} from '../../options/topology-options.js'
import type {DrillOptions} from './run-drill-command.js'

export const registerDrill: RegisterCommand = (program, context) => {
  const command = program
    .command('drill')
    .summary('run a failure drill on a pair under load and give a verdict')
    .description(
      'Run a failure drill on a pair under load: RTO, RPO, where the nodes differ, and whether the pair recovers.',
    )
    .argument('[name]', 'which failure; see --list')
    .option('--list', 'list the drills')
    .addOption(
      new Option('--topology <name>', 'the pair to drill (default: pair)').choices(pairTopologies).conflicts('server'),
    )
    .option(
      '--server <host:port>',
      'a running server instead; twice, for both: only drills that do nothing to them',
      addServer,
    )
  addLoadOptions(command)
  addFailoverOptions(command)
  addTimingOptions(command)
  command
    .option(
      '--assert <expr>',
      'a budget, such as "rto<2s", "lost==0" or "paired"; replaces the drill’s own (repeatable)',
      collectAssertions,
    )
    .option('--repeat <N>', 'run it so often, each time with new nodes', drillReaders.repeat)
    .option('--findings <file>', 'write every key that is not as it should be to a file, one JSON line each')
    .option('--json', 'the report as one JSON document')
    .option('--out <file>', 'write the JSON document to a file as well')
  addTopologyOptions(command)
  command.addHelpText('after', help).action(
    context.action(async (name: string | undefined, options: DrillOptions) => {
      const {runDrillCommand} = await import('./run-drill-command.js')
      return await runDrillCommand(name, options, context)
    }),
  )
}

function addLoadOptions(command: Command): void {
  command
    .option('--rate <R>', 'operations per second of the load (default: 2000)', drillReaders.rate)
    .option('--conns <N>', 'its connections (default: 20)', drillReaders.conns)
    .option('--keys <N>', 'its keys (default: 10000)', drillReaders.keys)
    .option('--sizes <R>', 'bytes of its values (default: u100,1000)', drillReaders.sizes)
    .option('--mix <M:W,…>', 'its commands (default: set:1,get:1)', drillReaders.mix)
    .option('--timeout <D>', 'of a call; the connection is given up then (default: 1s)', drillReaders.timeout)
    .option('--seed <N>', 'of all that is drawn, the faults of soak too', drillReaders.seed)
}

function addFailoverOptions(command: Command): void {
  command
    .addOption(
      new Option(
        '--client-policy <name>',
        'what clients do by default; the options below change it (default: repbench); all: the drill once with each',
      ).choices([...policyNames, ALL_POLICIES]),
    )
    .option('--connect-timeout <D>', 'of opening a connection (default: as --timeout)', drillReaders['connect-timeout'])
    .option('--retries <N>', 'attempts more at the same node before the other one (default: 0)', drillReaders.retries)
    .option(
      '--retry-delay <D>',
      'between attempts at one node (default: 10ms, then longer and longer, up to 500ms)',
      drillReaders['retry-delay'],
    )
    .option(
      '--switch-back <D>',
      'once the first node has answered for so long, or never (default: 0s, at once)',
      drillReaders['switch-back'],
    )
}

function addTimingOptions(command: Command): void {
  command
    .option('--before <D>', 'load before the fault (default: 3s)', drillReaders.before)
    .option('--hold <D>', 'how long the fault lasts, until the operator acts (default: 2s)', drillReaders.hold)
    .option('--settle <D>', 'how long the pair may take to be whole again (default: 15s)', drillReaders.settle)
    .option('--after <D>', 'load after that (default: 2s)', drillReaders.after)
    .option('--duration <D>', 'soak: how long faults follow each other, such as 10m', drillReaders.duration)
    .option('--faults <N>', 'soak: how many faults (default: 5, unless there is a duration)', drillReaders.faults)
}

function collectAssertions(
  text: string,
  before: readonly Assertion<DrillResult>[] = [],
): readonly Assertion<DrillResult>[] {
  try {
    return [...before, parseAssertion(text, drillMeasures)]
  } catch (error) {
    if (error instanceof AssertionSyntaxError) throw new InvalidArgumentError(error.message)
    throw error
  }
}

const width = Math.max(...drills.map(({name}) => name.length))

const help = `
Drills:
${drills.map(({name, summary}) => `  ${name.padEnd(width)}  ${summary}`).join('\n')}

Examples:
  repbench drill kill-master
  repbench drill kill-master --topology repcached --rate 20k --assert 'rto<2s' --assert 'lost==0'
  repbench drill overflow --resilient --json
  repbench drill soak --duration 10m --seed 7
  repbench drill kill-master --client-policy all
  repbench drill write-burst --server 10.0.0.1:11211 --server 10.0.0.2:11211

Exit status: 0 all assertions passed, 1 an assertion failed, 2 wrong options or a missing program, 3 unknown: the fault
could not be injected, its outcome not be determined, or a drill of several not be run.`
