import {Argument} from 'commander'
import type {RegisterCommand} from '../../app/context.js'
import {exitCodes} from '../../app/exit-codes.js'
import {commandShapes} from './command-shapes.js'
import {completionScript, type Shell, shells} from './completion-script.js'

export const registerCompletion: RegisterCommand = (program, context) => {
  program
    .command('completion')
    .summary('print a script that completes repbench in bash, zsh or fish')
    .description('Print the script with which a shell completes commands, options, drills, profiles and other values.')
    .addArgument(new Argument('<shell>', 'for which shell').choices(shells))
    .addHelpText(
      'after',
      `
Examples:
  source <(repbench completion bash)                                            in this shell
  repbench completion bash > ~/.local/share/bash-completion/completions/repbench
  repbench completion zsh > ~/.zfunc/_repbench                                   a directory of $fpath
  repbench completion fish > ~/.config/fish/completions/repbench.fish`,
    )
    .action(
      context.action(async (shell: Shell) => {
        context.stdout.write(completionScript(shell, commandShapes(program)))
        return exitCodes.pass
      }),
    )
}
