import type {RegisterCommand} from '../../app/context.js'

export const registerMcperf: RegisterCommand = (program, context) => {
  program
    .command('mcperf')
    .summary('run a load with mcperf’s options, generators and report')
    .description('The load that mcperf 0.1.1 makes with the same options, and its report.')
    // Commander can't read all that getopt can, so the words go on to our own reader.
    .allowUnknownOption()
    .allowExcessArguments()
    .helpOption(false)
    .argument('[flags...]', 'mcperf’s options; see repbench mcperf -h')
    .action(
      context.action(async (words: readonly string[]) => {
        // Loaded when it is wanted: its files would delay every other command.
        const {runMcperfCommand} = await import('./run-mcperf.js')
        return await runMcperfCommand(words, context)
      }),
    )
}
