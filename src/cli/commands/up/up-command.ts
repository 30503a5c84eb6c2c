import {Argument} from 'commander'
import {topologyPlans} from '../../../server/topology/topology-plans.js'
import type {RegisterCommand} from '../../app/context.js'
import {addOptions} from '../../options/command-options.js'
import {addNodeOptions, thirdOption} from '../../options/node-options.js'
import type {UpOptions} from './run-up.js'

export const registerUp: RegisterCommand = (program, context) => {
  const command = program
    .command('up')
    .summary('launch nodes, say how to reach them, and tell what happens to them')
    .description('Launch a topology, say how to reach its nodes, and tell what happens to them, until Ctrl-C.')
    .addArgument(new Argument('[topology]', 'which nodes').choices(topologyPlans.map(({name}) => name)).default('pair'))
    .option('--commands', 'take commands on stdin: kill s1, restart s1, freeze, thaw, stop, start, status')
    .option('--no-probe', 'write no probe keys; the link is then judged by logs and statistics alone')
    .option('--json', 'one line of JSON when all is up; events as JSON lines on stderr')
  addOptions(command, thirdOption)
  addNodeOptions(command)
  command.addHelpText('after', help).action(
    context.action(async (topology: string, options: UpOptions) => {
      const {runUp} = await import('./run-up.js')
      return runUp(topology, options, context)
    }),
  )
}

const width = Math.max(...topologyPlans.map(({name}) => name.length))

const help = `
Topologies:
${topologyPlans.map(({name, summary}) => `  ${name.padEnd(width)}  ${summary}`).join('\n')}

Ports are 11211, 11213 … and 11212 for the link if they are free, else others; with --port they must be free.

Examples:
  repbench up
  repbench up pair --backend repcached --repcached-bin ./memcached
  repbench up memcached+repcached --memory 1024 --max-conns 4096
  repbench up pair --third
  repbench up pair --one-address --queue 65536 --node-args '-I 2m' --node-args s1=-vv
  printf 'kill s1\\nrestart s1\\n' | repbench up repcached --commands

Exit status: that of the signal that ends it (130 after Ctrl-C), 1 when a node could not start, 2 wrong options or a missing program.`
