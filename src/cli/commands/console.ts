import {Argument} from 'commander'
import type {Address} from '../../protocol/address.js'
import {runPipeSession} from '../../telnet/pipe-session.js'
import type {RegisterCommand} from '../context.js'
import {exitCodes} from '../exit-codes.js'
import {runInteractiveConsole} from '../interactive-console.js'
import {readDuration, readServer} from '../options.js'

const DEFAULT_TIMEOUT_SECONDS = 5

export const registerConsole: RegisterCommand = (program, context) => {
  program
    .command('console')
    .summary('talk to a node as with telnet, or through a pipe')
    .description('Talk to a node as with telnet; commands may also come through a pipe.')
    .addArgument(new Argument('<server>', 'HOST:PORT').argParser(readServer))
    .option(
      '--timeout <duration>',
      'give up on a server that is silent for so long, through a pipe (default: 5s)',
      readDuration,
    )
    .addHelpText(
      'after',
      `
Examples:
  repbench console 127.0.0.1:11211
  printf 'set key1 0 0 3\\r\\n111\\r\\nget key1\\r\\n' | repbench console 127.0.0.1:11211
  repbench console 127.0.0.1:11211 < commands.txt

On a terminal, Ctrl-] or Ctrl-D ends the session. Through a pipe, replies go to stdout
as they come, telnet's own lines to stderr; the session ends when the input has ended
and every reply has come.`,
    )
    .action(
      context.action(async (address: Address, {timeout = DEFAULT_TIMEOUT_SECONDS}: {timeout?: number}) => {
        const {stdin, stdout, stderr, shutdown} = context
        if (stdin.isTTY && stdout.isTTY) return runInteractiveConsole({address, context})
        await runPipeSession({
          address,
          input: stdin,
          output: stdout,
          onNotice: line => stderr.write(`${line}\n`),
          timeoutMs: timeout * 1000,
          signal: shutdown.signal,
        })
        return exitCodes.pass
      }),
    )
}
