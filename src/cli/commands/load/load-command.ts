import {type Command, InvalidArgumentError, Option} from 'commander'
import {type Assertion, parseAssertion} from '../../../engine/assertions/assertion.js'
import {runMeasures} from '../../../engine/assertions/run-measures.js'
import {AssertionSyntaxError} from '../../../engine/errors.js'
import {profiles} from '../../../engine/plan/profiles/registry.js'
import type {RunResult} from '../../../engine/result/run-result.js'
import type {Address} from '../../../protocol/address.js'
import {topologyPlans} from '../../../server/topology/topology-plans.js'
import type {RegisterCommand} from '../../app/context.js'
import {type Side, sides} from '../../load/targets.js'
import {readRepeat} from '../../load-settings/readers.js'
import {type LoadSettings, settingNamed, settingNames} from '../../load-settings/settings.js'
import {propertyOfOption, readServer} from '../../options/option-readers.js'
import {addTopologyOptions} from '../../options/topology-options.js'
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
  addSettingOptions(command)
  addReportOptions(command)
  addTopologyOptions(command)
  // Refused by ourselves, to say how a profile is chosen.
  command.allowExcessArguments()
  command.addHelpText('after', examples).action(
    context.action(async ({assert = [], repeat = 1, ...options}: ParsedOptions) => {
      refuseArguments('load', command.args)
      // The engine's libraries are loaded when a load is wanted.
      const {runLoadCommand} = await import('./run-load-command.js')
      return runLoadCommand({...options, given: givenSettings(options), assertions: assert, repeat}, context)
    }),
  )
}

function addTargetOptions(command: Command): void {
  command
    .option(
      '--profile <name|file>',
      `a ready-made load (${profiles.map(({plan}) => plan.name).join(', ')}) or a file in YAML`,
      profiles[0]!.plan.name,
    )
    .addOption(
      new Option('--server <host:port>', 'a running server; of a pair both: give it twice, the master first')
        .argParser(collectServers)
        .conflicts('topology'),
    )
    .addOption(
      new Option('--topology <name>', 'start these nodes for the run')
        .choices(topologyPlans.map(({name}) => name))
        .default(undefined, 'pair, unless --server is given'),
    )
    .addOption(
      new Option('--to <node>', 'the node that the load goes to; both: half of the connections each')
        .choices(sides satisfies readonly Side[])
        .default(undefined, 'master'),
    )
    .option('--lag-probe', 'measure how far each of the two nodes lags behind the other')
}

/** What a profile turns on, `--no-…` turns off. */
function addSettingOptions(command: Command): void {
  for (const name of settingNames) {
    const {value, summary, read} = settingNamed(name)
    const option = new Option(value === undefined ? `--${name}` : `--${name} ${value}`, summary)
    if (read !== undefined) option.argParser(read)
    command.addOption(option)
    if (read === undefined) command.addOption(new Option(`--no-${name}`).hideHelp())
  }
}

function addReportOptions(command: Command): void {
  command
    .option('--assert <expr>', 'fail unless it holds, such as "p99<2ms" (repeatable)', collectAssertions)
    .option('--repeat <N>', 'run it so often; the report has medians and spread', readRepeat)
    .option('--json', 'the report as one JSON document')
    .option('--out <file>', 'write the JSON document to a file as well')
    .option('--findings <file>', 'with --verify: write every key that is not as it should be, one JSON line each')
    .option('--no-check', 'with --verify: do not read every key from the nodes after the load')
    .option('--hgrm <file>', 'write the response times as an HdrHistogram percentile distribution, in ms')
}

function givenSettings(options: Readonly<Record<string, unknown>>): LoadSettings {
  // commander has lost the types of the readers, which the settings' own type has.
  return Object.fromEntries(settingNames.map(name => [name, options[propertyOfOption(name)]])) as LoadSettings
}

function collectServers(text: string, before: readonly Address[] = []): readonly Address[] {
  return [...before, readServer(text)]
}

function collectAssertions(
  text: string,
  before: readonly Assertion<RunResult>[] = [],
): readonly Assertion<RunResult>[] {
  try {
    return [...before, parseAssertion(text, runMeasures)]
  } catch (error) {
    if (error instanceof AssertionSyntaxError) throw new InvalidArgumentError(error.message)
    throw error
  }
}

const examples = `
Examples:
  repbench load                                        smoke test of an embedded pair
  repbench load --profile seed --server 127.0.0.1:11211
  repbench load --server 127.0.0.1:11211 --rate 0 --method set --sizes d32 --conns 50 --duration 10s
  repbench load --server 127.0.0.1:11211 --rate 20k --mix get:90,set:10 --keys 100k --key-dist zipf:0.99
  repbench load --profile mine.yaml --assert 'p99<2ms' --assert 'errors==0' --repeat 5

repbench profiles lists and explains the profiles. --no-verify and its like take back what a profile turns on.
Exit status: 0 all went well, 1 errors, time-outs, lost operations or a failed assertion, 2 wrong options,
3 unknown: an assertion could not be judged, or a run of several not be made, 130 interrupted.`
