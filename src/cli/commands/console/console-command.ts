import {Writable} from 'node:stream'
import {StringDecoder} from 'node:string_decoder'
import {Argument, Option} from 'commander'
import {lookAtServer} from '../../../ask/look/look-at-server.js'
import {LookError} from '../../../ask/look/look-error.js'
import type {Address} from '../../../protocol/address.js'
import {runPipeSession} from '../../../telnet/pipe/pipe-session.js'
import type {RegisterCommand} from '../../app/context.js'
import {UsageError} from '../../app/errors.js'
import {exitCodes} from '../../app/exit-codes.js'
import {exitCodeOfSignal} from '../../app/shutdown.js'
import type {TextOutput} from '../../app/text-output.js'
import {addServer, readDuration} from '../../options/option-readers.js'
import {runInteractiveConsole} from './interactive-console.js'

const DEFAULT_TIMEOUT_SECONDS = 5

interface ConsoleOptions {
  readonly timeout?: number
  readonly replay?: string
}

const LOOK_MS = 1000

export const registerConsole: RegisterCommand = (program, context) => {
  program
    .command('console')
    .summary('talk to a node as with telnet, or through a pipe')
    .description('Talk to a node as with telnet; commands may also come through a pipe.')
    .addArgument(new Argument('<server...>', 'HOST:PORT; several only with --replay').argParser(addServer))
    .option(
      '--timeout <duration>',
      'give up on a server that is silent for so long, through a pipe (default: 5s)',
      readDuration,
    )
    .addOption(
      new Option('--replay <file>', 'send a transcript (or a list of commands) again, and say where replies differ'),
    )
    .addHelpText(
      'after',
      `
Examples:
  repbench console 127.0.0.1:11211
  printf 'set key1 0 0 3\\r\\n111\\r\\nget key1\\r\\n' | repbench console 127.0.0.1:11211
  repbench console 127.0.0.1:11211 < commands.txt
  repbench console 127.0.0.1:11211 127.0.0.2:11213 --replay repbench-console-20261124-120431.txt

On a terminal, Ctrl-] or Ctrl-D ends the session. Through a pipe, replies go to stdout
as they come, telnet's own lines to stderr; the session ends when the input has ended
and every reply has come.

With --replay, the file is one that w saved in the Console of the terminal UI, its nodes are the given
servers in the order in which the file names them, and replies are held against those in the file
(not those of stats and version). A read that differs is asked again for a second: what was written
on the other node needs its time. Exit status 1 when a reply differs.`,
    )
    .action(
      context.action(async (addresses: readonly Address[], options: ConsoleOptions) => {
        const {stdin, stdout, stderr, shutdown, outputs} = context
        const {timeout = DEFAULT_TIMEOUT_SECONDS, replay: file} = options
        if (file !== undefined) {
          const {replayConsole} = await import('./replay-console.js')
          return replayConsole({addresses, file, timeoutMs: timeout * 1000}, context)
        }
        const [address, ...more] = addresses
        if (address === undefined || more.length > 0) {
          throw new UsageError(`Expected one server without --replay, got ${addresses.length}`)
        }
        if (stdin.isTTY && stdout.isTTY) return runInteractiveConsole({address, context})
        await lookBefore(address, {timeoutMs: timeout * 1000, signal: shutdown.signal})
        const session = runPipeSession({
          address,
          input: stdin,
          // A program gets the bytes as they are.
          output: stdout.isTTY ? replyText(stdout) : stdout.raw,
          onNotice: line => stderr.write(`${line}\n`),
          timeoutMs: timeout * 1000,
          signal: AbortSignal.any([shutdown.signal, outputs.stdout.failed]),
        })
        try {
          await session
        } catch (error) {
          // Ended because nothing more can be printed, of which the server is innocent.
          if (outputs.stdout.failure === null) throw error
        }
        return shutdown.received === undefined ? exitCodes.pass : exitCodeOfSignal(shutdown.received)
      }),
    )
}

/**
 * What cannot be reached or says nothing is told by the session, in telnet's words, and a password may be what it sends.
 * @throws LookError where there is no memcached: it is sent nothing
 */
async function lookBefore(address: Address, {timeoutMs, signal}: {timeoutMs: number; signal: AbortSignal}) {
  try {
    await lookAtServer(address, {timeoutMs: Math.min(timeoutMs, LOOK_MS), signal})
  } catch (error) {
    if (
      error instanceof LookError &&
      (error.code === 'ERR_NO_MEMCACHED' || error.code === 'ERR_TOO_MANY_CONNECTIONS')
    ) {
      throw error
    }
  }
}

/** Shows what a server has sent on a terminal: as text, with all that could change the terminal escaped. */
function replyText(output: TextOutput): Writable {
  const decoder = new StringDecoder('utf8')
  // The first half of a line end, until the other has come.
  let held = ''
  return new Writable({
    write(bytes: Buffer, _encoding, done) {
      const text = held + decoder.write(bytes)
      held = text.endsWith('\r') ? '\r' : ''
      output.write(text.slice(0, text.length - held.length).replaceAll('\r\n', '\n'), done)
    },
    final(done) {
      output.write(held + decoder.end(), done)
    },
  })
}
