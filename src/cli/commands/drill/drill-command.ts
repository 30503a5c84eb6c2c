import {Argument} from 'commander'
import {drills} from '../../../engine/drills/each/registry.js'
import type {RegisterCommand} from '../../app/context.js'
import {drillOptions} from '../../drill-settings/drill-options.js'
import {addOptions, suggest} from '../../options/command-options.js'
import {addNodeOptions} from '../../options/node-options.js'
import type {DrillOptions} from './run-drill-command.js'

export const registerDrill: RegisterCommand = (program, context) => {
  const names = drills.map(({name}) => name)
  const command = program
    .command('drill')
    .summary('run a failure drill on a pair under load and give a verdict')
    .description(
      'Run a failure drill on a pair under load: RTO, RPO, where the nodes differ, and whether the pair recovers.',
    )
    .addArgument(suggest(new Argument('[name]', 'which failure; see --list'), names))
  addOptions(command, drillOptions)
  addNodeOptions(command)
  command.addHelpText('after', help).action(
    context.action(async (name: string | undefined, options: DrillOptions) => {
      const {runDrillCommand} = await import('./run-drill-command.js')
      return await runDrillCommand(name, options, context)
    }),
  )
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
