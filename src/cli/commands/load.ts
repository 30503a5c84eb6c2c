import {Option} from 'commander'
import {profiles} from '../../engine/profiles/registry.js'
import {topologyPlans} from '../../server/topology-plans.js'
import type {RegisterCommand} from '../context.js'
import {
  readCalls,
  readConnections,
  readKeys,
  readMethod,
  readMix,
  readProfile,
  readRate,
  readSeed,
  readSizes,
  readThreads,
} from '../load-options.js'
import {readDuration, readServer} from '../options.js'
import type {LoadCommandOptions} from '../run-load-command.js'

const defaultProfile = profiles[0]!

export const registerLoad: RegisterCommand = (program, context) => {
  const command = program
    .command('load')
    .description(
      'Put load on a node and say how it bore it. The latency is that of what was intended, not only of what was sent.',
    )
  const profile = new Option(
    '--profile <name>',
    `a ready-made load (${profiles.map(({plan}) => plan.name).join(', ')})`,
  )
  command
    .addOption(profile.argParser(readProfile).default(defaultProfile, defaultProfile.plan.name))
    .addOption(new Option('--server <host:port>', 'a running server').argParser(readServer).conflicts('topology'))
    .addOption(
      new Option('--topology <name>', 'start these nodes for the run; the load goes to the first')
        .choices(topologyPlans.map(({name}) => name))
        .default(undefined, 'pair, unless --server is given'),
    )
    .option(
      '--rate <R>',
      'operations per second in all, such as 50k; 0 = closed loop, as fast as replies come',
      readRate,
    )
    .option('--conns <N>', 'connections', readConnections)
    .option('--conn-rate <R>', 'connections opened per second; 0 = all before the load starts', readRate)
    .addOption(new Option('--calls <N>', 'calls on each connection').argParser(readCalls).conflicts('duration'))
    .option('--duration <D>', 'how long, such as 500ms, 10s or 2m', readDuration)
    .option(
      '--sizes <R>',
      'bytes of a value: dX, eMEAN or uMIN,MAX as in mcperf; a bare X is X bytes (in mcperf 1/X)',
      readSizes,
    )
    .addOption(new Option('--method <M>', 'the one command to send').argParser(readMethod).conflicts('mix'))
    .option('--mix <M:W,…>', 'commands by weight, such as get:90,set:10', readMix)
    .option('--keys <N>', 'different keys', readKeys)
    .option('--prefix <S>', 'start of every key')
    .option('--timeout <D>', 'of a call; the connection is given up then', readDuration)
    .option('--threads <N>', 'load threads, or auto', readThreads)
    .option('--seed <N>', 'of sizes and mix: the same seed gives the same load', readSeed)
    .option('--json', 'the report as one JSON document')
    .option('--out <file>', 'write the JSON document to a file as well')
    .addHelpText('after', examples)
    .action(
      context.action(async (options: LoadCommandOptions) => {
        // The engine's libraries are loaded when a load is wanted.
        const {runLoadCommand} = await import('../run-load-command.js')
        return runLoadCommand(options, context)
      }),
    )
}

const examples = `
Profiles:
${profiles.map(({plan, summary}) => `  ${plan.name.padEnd(8)} ${summary}`).join('\n')}

Examples:
  repbench load                                        smoke test of an embedded pair
  repbench load --profile seed --server 127.0.0.1:11211
  repbench load --server 127.0.0.1:11211 --rate 0 --method set --sizes d32 --conns 50 --duration 10s
  repbench load --server 127.0.0.1:11211 --rate 20k --mix get:90,set:10 --keys 100000 --json

Exit status: 0 all went well, 1 errors, time-outs or lost operations, 2 wrong options, 130 interrupted.`
