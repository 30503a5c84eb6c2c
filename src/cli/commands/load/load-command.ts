import {type Command, Option} from 'commander'
import type {Assertion} from '../../../engine/assertions/assertion.js'
import {profileNames} from '../../../engine/plan/profiles/registry.js'
import type {RunResult} from '../../../engine/result/run-result.js'
import {topologyPlans} from '../../../server/topology/topology-plans.js'
import type {RegisterCommand} from '../../app/context.js'
import {type Side, sides} from '../../load/targets.js'
import {loadOptions} from '../../load-settings/load-options.js'
import {reportOptions} from '../../load-settings/report-options.js'
import {addOptions, suggest} from '../../options/command-options.js'
import {addNodeOptions} from '../../options/node-options.js'
import {addServer} from '../../options/option-readers.js'
import {givenOf} from '../../options/option-spec.js'
import {refuseArguments} from '../../profiles/refuse-arguments.js'
import type {LoadCommandOptions} from './run-load-command.js'

type ParsedOptions = Omit<LoadCommandOptions, 'given' | 'assertions' | 'repeat'> & {
  readonly assert?: readonly Assertion<RunResult>[]
  readonly repeat?: number
} & Readonly<Record<string, unknown>>

export const registerLoad: RegisterCommand = (program, context) => {
  const command = program
    .command('load')
    .description(
      "Run a load against a node and report latency. Response time is measured from each call's scheduled start.",
    )
  addTargetOptions(command)
  addOptions(command, loadOptions)
  addOptions(command, reportOptions)
  command
    .option('--json', 'the report as one JSON document')
    .option('--out <file>', 'write the JSON document to a file as well')
  addNodeOptions(command)
  // Refused by ourselves, to say how a profile is chosen.
  command.allowExcessArguments()
  command.addHelpText('after', examples).action(
    context.action(async ({assert = [], repeat = 1, ...options}: ParsedOptions) => {
      refuseArguments('load', command.args)
      // The engine's libraries are loaded when a load is wanted.
      const {runLoadCommand} = await import('./run-load-command.js')
      return runLoadCommand({...options, given: givenOf(loadOptions, options), assertions: assert, repeat}, context)
    }),
  )
}

function addTargetOptions(command: Command): void {
  command
    .addOption(
      suggest(
        new Option('--profile <name|file>', `a ready-made load (${profileNames.join(', ')}) or a file in YAML`).default(
          profileNames[0],
        ),
        profileNames,
      ),
    )
    .addOption(
      new Option('--server <host:port>', 'a running server; of a pair both: give it twice, the master first')
        .argParser(addServer)
        .conflicts('topology'),
    )
    .addOption(
      new Option(
        '--topology <name>',
        'start these nodes for the run (default: pair, unless --server is given)',
      ).choices(topologyPlans.map(({name}) => name)),
    )
    .addOption(
      new Option(
        '--to <node>',
        'the node that the load goes to; both: half of the connections each (default: master)',
      ).choices(sides satisfies readonly Side[]),
    )
    .option('--lag-probe', 'measure how far each of the two nodes lags behind the other')
}

const examples = `
Examples:
  repbench load                                        smoke test of an embedded pair
  repbench load --profile seed --server 127.0.0.1:11211
  repbench load --server 127.0.0.1:11211 --rate 0 --method set --sizes d32 --conns 50 --duration 10s
  repbench load --server 127.0.0.1:11211 --rate 20k --mix get:90,set:10 --keys 100k --key-dist zipf:0.99
  repbench load --profile mine.yaml --assert 'p99<2ms' --assert 'errors==0' --repeat 5

repbench profiles lists and explains the profiles. --no-verify and its like take back what a profile turns on.
What is not given is as in the profile; a default is what a profile has that says nothing of it.
Exit status: 0 all went well, 1 errors, time-outs, lost operations or a failed assertion, 2 wrong options,
3 unknown: an assertion could not be judged, or a run of several not be made, 130 interrupted.`
