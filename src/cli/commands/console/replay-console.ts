import {lookAtServers} from '../../../ask/look/look-at-server.js'
import {type Address, formatAddress} from '../../../protocol/address.js'
import {ConsoleError} from '../../../telnet/errors.js'
import {planReplay} from '../../../telnet/replay/replay-plan.js'
import {describeReplayed, isAsBefore, summarizeReplay} from '../../../telnet/replay/replay-report.js'
import {runReplay} from '../../../telnet/replay/run-replay.js'
import {ConsoleSession} from '../../../telnet/session/session.js'
import {readTranscript} from '../../../telnet/transcript/transcript-file.js'
import type {CliContext} from '../../app/context.js'
import {UsageError} from '../../app/errors.js'
import {type ExitCode, exitCodes} from '../../app/exit-codes.js'
import {exitCodeOfSignal} from '../../app/shutdown.js'
import {readInputFile} from '../../files/input-file.js'

const TRANSCRIPT_MAX_BYTES = 64 * 1024 * 1024

export interface ReplayConsole {
  /** The nodes of the file in the order in which they appear there. */
  readonly addresses: readonly Address[]
  readonly file: string
  readonly timeoutMs: number
}

/** Sends a transcript again, and says where the replies differ. Exit 1 when one does, or does not come. */
export async function replayConsole(options: ReplayConsole, context: CliContext): Promise<ExitCode | number> {
  const {addresses, file, timeoutMs} = options
  const {stdout, shutdown} = context
  const first = formatAddress(addresses[0]!)
  const steps = planReplay(readTranscript(await readText(file)), first)
  const names = [...new Set(steps.map(({node}) => node))]
  if (names.length > addresses.length) {
    throw new UsageError(
      `Expected an address for each node of ${file} (${names.join(', ')}), got ${addresses.map(formatAddress).join(', ')}`,
    )
  }
  await lookAtServers(addresses.slice(0, names.length), {timeoutMs, signal: shutdown.signal})
  const sessions = new Map(names.map((name, index) => [name, new ConsoleSession({address: addresses[index]!})]))
  try {
    await Promise.all(
      Array.from(sessions.values(), session => connected(session, {timeoutMs, signal: shutdown.signal})),
    )
    const replayed = await runReplay({
      steps,
      sessions,
      signal: shutdown.signal,
      onStep: step => {
        for (const line of describeReplayed(step)) stdout.write(`${step.step.node}  ${line}\n`)
      },
    })
    stdout.write(`${summarizeReplay(replayed)}\n`)
    if (shutdown.received !== undefined) return exitCodeOfSignal(shutdown.received)
    return isAsBefore(replayed) ? exitCodes.pass : exitCodes.fail
  } finally {
    for (const session of sessions.values()) session.close()
  }
}

async function readText(file: string): Promise<string> {
  try {
    return (await readInputFile(file, {maxBytes: TRANSCRIPT_MAX_BYTES})).toString('utf8')
  } catch (error) {
    throw new UsageError(`Expected a transcript or a list of commands, got ${(error as Error).message}`)
  }
}

async function connected(
  session: ConsoleSession,
  {timeoutMs, signal}: {timeoutMs: number; signal: AbortSignal},
): Promise<void> {
  const settled = Promise.withResolvers<void>()
  signal.addEventListener('abort', () => settled.resolve(), {once: true})
  const stop = session.observe(() => {
    if (session.state() !== 'connecting') settled.resolve()
  })
  const timer = setTimeout(settled.resolve, timeoutMs)
  await settled.promise
  clearTimeout(timer)
  stop()
  if (session.state() === 'connected') return
  const why = session.entries().at(-1)?.text ?? 'no answer'
  throw new ConsoleError('ERR_CONNECT', `Expected a server at ${formatAddress(session.address)}, got: ${why}`)
}
