import type {RegisterCommand} from '../../app/context.js'

export const registerNode: RegisterCommand = (program, context) => {
  program
    .command('node')
    .summary('run one embedded node in the foreground, with repcached’s flags')
    .description('Run one embedded node: memcached’s protocols and repcached’s replication.')
    // Commander can't read all that getopt can, so the words go on to our own reader.
    .allowUnknownOption()
    .allowExcessArguments()
    .helpOption(false)
    .argument('[flags...]', 'memcached’s options; see repbench node -h')
    .action(
      context.action(async (words: readonly string[]) => {
        // The node is loaded when one is wanted: its files would delay every other command.
        const {runNode} = await import('./run-node.js')
        return await runNode(words, context)
      }),
    )
}
