import {createInterface} from 'node:readline'
import {lookAtServer} from '../../../ask/look/look-at-server.js'
import {isNoMemcached, LookError} from '../../../ask/look/look-error.js'
import type {Address} from '../../../protocol/address.js'
import {printable} from '../../../protocol/printable.js'
import {ConsoleSession} from '../../../telnet/session/session.js'
import type {TranscriptEntry} from '../../../telnet/transcript/transcript.js'
import type {CliContext} from '../../app/context.js'
import {type ExitCode, exitCodes} from '../../app/exit-codes.js'
import {exitCodeOfSignal} from '../../app/shutdown.js'
import type {TextOutput} from '../../app/text-output.js'

const CTRL_RIGHT_BRACKET = '\x1d'
const LOOK_MS = 1000
const CLEAR_LINE = '\r\x1b[K'

/**
 * A session on a terminal, with line editing and history.
 * Exit 1 when the node could not be reached, or hung up because it is no memcached.
 */
export async function runInteractiveConsole({address, context}: InteractiveConsole): Promise<ExitCode | number> {
  const {stdin, stdout, stderr, shutdown} = context
  const ended = Promise.withResolvers<void>()
  const typing = createInterface({
    input: stdin,
    output: stdout.raw,
    prompt: '',
    historySize: 1000,
    removeHistoryDuplicates: true,
  })
  let wasConnected = false
  let wasAnswered = false
  const session = new ConsoleSession({
    address,
    onChange: fresh => {
      if (!show(fresh, stdout) && session.state() !== 'closed') {
        // A reply without an end comes faster than any terminal takes it.
        session.pause()
        stdout.raw.once('drain', () => session.resume())
      }
      if (session.state() === 'closed') ended.resolve()
      // Brings back what is being typed.
      else typing.prompt(true)
      wasConnected ||= session.state() === 'connected'
      wasAnswered ||= fresh.some(({kind}) => kind === 'received')
    },
  })
  stdin.on('keypress', (_, key?: {sequence?: string}) => {
    if (key?.sequence === CTRL_RIGHT_BRACKET) ended.resolve()
  })
  typing.on('line', line => session.send(line))
  typing.on('close', () => ended.resolve())
  shutdown.signal.addEventListener('abort', () => ended.resolve())
  await ended.promise
  const hungUp = wasConnected && !wasAnswered && session.state() === 'closed'
  session.close()
  typing.close()
  const problem = hungUp ? await whatIsThere(address, shutdown.signal) : null
  if (problem !== null) stderr.write(`repbench: ${problem}\n`)
  if (shutdown.received !== undefined) return exitCodeOfSignal(shutdown.received)
  return wasConnected && problem === null ? exitCodes.pass : exitCodes.fail
}

/** Instead of a memcached; null where there is one, or nobody can tell. */
async function whatIsThere(address: Address, signal: AbortSignal): Promise<string | null> {
  try {
    await lookAtServer(address, {timeoutMs: LOOK_MS, signal})
    return null
  } catch (error) {
    return error instanceof LookError && isNoMemcached(error) ? error.message : null
  }
}

interface InteractiveConsole {
  address: Address
  context: CliContext
}

/** Prints above the line that is being typed; what was sent stands there already. @returns false where that must wait */
function show(entries: readonly TranscriptEntry[], stdout: TextOutput): boolean {
  const lines = entries.filter(({kind}) => kind !== 'sent').map(toLine)
  return lines.length === 0 || stdout.raw.write(`${CLEAR_LINE}${lines.join('')}`)
}

function toLine({text, latencyUs}: TranscriptEntry): string {
  const shown = printable(text)
  return latencyUs === null ? `${shown}\n` : `${shown}  (${(latencyUs / 1000).toFixed(2)} ms)\n`
}
