import {Argument} from 'commander'
import {profileNames} from '../../../engine/plan/profiles/registry.js'
import type {RegisterCommand} from '../../app/context.js'
import {suggest} from '../../options/command-options.js'

export const registerProfiles: RegisterCommand = (program, context) => {
  program
    .command('profiles')
    .summary('list and explain the ready-made loads')
    .description('List the ready-made loads, or explain one: what it is for, and its settings as a profile file.')
    .addArgument(suggest(new Argument('[name|file]', 'the profile to explain'), profileNames))
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      `
Examples:
  repbench profiles
  repbench profiles mixed-90-10 > mine.yaml     a start for a profile of your own`,
    )
    .action(
      context.action(async (name: string | undefined, options: {json?: true}) => {
        const {runProfilesCommand} = await import('./run-profiles-command.js')
        return runProfilesCommand({name, ...options}, context)
      }),
    )
}
