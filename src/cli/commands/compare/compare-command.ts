import {type Command, InvalidArgumentError, Option} from 'commander'
import {profileNames} from '../../../engine/plan/profiles/registry.js'
import {topologyPlans} from '../../../server/topology/topology-plans.js'
import type {RegisterCommand} from '../../app/context.js'
import {UsageError} from '../../app/errors.js'
import {readLimits, readMeasures} from '../../compare/slowdown-limits.js'
import {readLength} from '../../load-settings/readers.js'
import {suggest} from '../../options/command-options.js'
import {addNodeOptions} from '../../options/node-options.js'
import {addServer, readInteger} from '../../options/option-readers.js'
import type {PairsOptions} from './run-compare-command.js'

const PAIRS_MAX = 1000

type ParsedOptions = Omit<PairsOptions, 'pairs' | 'profiles'> & {readonly pairs?: number}

export const registerCompare: RegisterCommand = (program, context) => {
  const command = program
    .command('compare')
    .summary('put runs side by side, or run two configurations in turns')
    .description(
      'Put runs side by side: each with its change from the first, and whether that is more than noise. ' +
        'With --pairs, run two loads, or one on two servers, in turns (A B B A …) and compare them.',
    )
    .argument(
      '[what...]',
      'runs (a file, a number that repbench runs lists, last, last-1 …); with --pairs two profiles',
    )
  addPairOptions(command)
  addReportOptions(command)
  addNodeOptions(command)
  command.addHelpText('after', examples).action(
    context.action(async (what: readonly string[], {pairs, ...options}: ParsedOptions) => {
      const {compareInPairs, compareSavedRuns} = await import('./run-compare-command.js')
      if (pairs !== undefined) return compareInPairs({...options, profiles: what, pairs}, context)
      const alien = (['profile', 'server', 'topology', 'duration'] as const).find(name => options[name] !== undefined)
      if (alien !== undefined) throw new UsageError(`Expected --${alien} with --pairs, got it without`)
      return compareSavedRuns(what, options, context)
    }),
  )
}

const topologyNames = topologyPlans.map(({name}) => name)

function addPairOptions(command: Command): void {
  command
    .option('--pairs <N>', 'make N runs of each, in turns', text =>
      readInteger({text, what: 'a number of pairs', min: 2, max: PAIRS_MAX}),
    )
    .addOption(
      new Option('--server <host:port>', 'where the loads go; twice: the two that are compared')
        .argParser(addServer)
        .conflicts('topology'),
    )
    .addOption(
      suggest(
        new Option(
          '--topology <name>',
          'start these nodes for each run; twice: the two that are compared (default: pair, unless --server is given)',
        ).argParser(addTopology),
        topologyNames,
      ),
    )
    .addOption(
      suggest(
        new Option('--profile <name|file>', `the load for both servers (default: ${profileNames[0]})`),
        profileNames,
      ),
    )
    .option('--duration <D>', 'of each run, instead of the profiles’ own', readLength)
}

function addReportOptions(command: Command): void {
  command
    .option('--measure <list>', 'judge these, such as p50,p99.9, instead of rate, p50 and p99', readMeasures)
    .option('--max-slowdown <limit>', 'fail where it is worse by more, such as p50=5% (repeatable)', readLimits)
    .option('--json', 'print one JSON document')
}

function addTopology(text: string, before: readonly string[] = []): readonly string[] {
  if (topologyNames.includes(text)) return [...before, text]
  throw new InvalidArgumentError(`Expected one of ${topologyNames.join(', ')}, got '${text}'`)
}

const examples = `
Examples:
  repbench compare last-1 last
  repbench compare before.json after.json --max-slowdown p50=5%,p99=20%
  repbench compare a.yaml b.yaml --pairs 10 --server 127.0.0.1:11211
  repbench compare --server 127.0.0.1:11211 --server 127.0.0.1:11212 --pairs 10 --profile mixed-90-10 --duration 5s
  repbench compare --topology memcached --topology single --pairs 10

Every later run is held against the first. Nothing is judged from fewer than 4 runs each, or 6 pairs.
Exit status: 1 --max-slowdown is exceeded or a run with --pairs failed; 2 a run cannot be read; 3 unknown whether
--max-slowdown is exceeded; 130 interrupted, with a partial report; else 0.`
