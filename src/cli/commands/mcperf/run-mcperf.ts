import {closeSync, openSync, writeSync} from 'node:fs'
import {getSystemErrorMessage} from 'node:util'
import {lookAtServer} from '../../../ask/look/look-at-server.js'
import {isNoMemcached, LookError} from '../../../ask/look/look-error.js'
import {resolveHost} from '../../../ask/resolve-host.js'
import type {SocketTarget} from '../../../engine/generator/client-socket.js'
import type {McperfPlan} from '../../../engine/mcperf/plan.js'
import {type McperfResult, runMcperf} from '../../../engine/mcperf/run.js'
import {messageOf, RepbenchError} from '../../../protocol/errors.js'
import {printableLines} from '../../../protocol/printable.js'
import type {CliContext} from '../../app/context.js'
import {UsageError} from '../../app/errors.js'
import {type ExitCode, exitCodes} from '../../app/exit-codes.js'
import {exitCodeOfSignal} from '../../app/shutdown.js'
import type {TextOutput} from '../../app/text-output.js'
import type {McperfRequest} from './mcperf-options.js'
import {formatMcperfReport} from './mcperf-report.js'
import {mcperfUsage, mcperfVersion} from './mcperf-usage.js'
import {readMcperfCommandLine} from './read-command-line.js'

const LOOK_MS = 2000

/** Runs `repbench mcperf` with the words after it. Everything goes to stderr, as mcperf's output does. */
export async function runMcperfCommand(words: readonly string[], context: CliContext): Promise<ExitCode | number> {
  const {stderr} = context
  let request: McperfRequest
  try {
    request = readMcperfCommandLine(words)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    stderr.write(`mcperf: ${error.message}\n${mcperfUsage}`)
    // mcperf's status for it.
    return exitCodes.fail
  }
  if (request.help || request.version) {
    stderr.write(mcperfVersion(context.version) + (request.help ? mcperfUsage : ''))
    return exitCodes.pass
  }
  try {
    return await runRequest(request, context)
  } catch (error) {
    if (!(error instanceof RepbenchError)) throw error
    stderr.write(`${error.message}\n`)
    return exitCodes.fail
  }
}

async function runRequest(request: McperfRequest, {stderr, shutdown}: CliContext): Promise<ExitCode | number> {
  const log = new McperfLog({path: request.output, verbosity: request.verbosity, stderr})
  try {
    for (const name of request.bufferOptions) log.line('warning', `${name} has no effect: the system sizes the buffers`)
    if (request.lingerSeconds) log.line('warning', '-l has no effect but for 0: connections close in the background')
    const target = await resolveTarget(request, {log, signal: shutdown.signal})
    if (target === null) return exitCodes.fail
    await lookAtTarget(request, target, {log, signal: shutdown.signal})
    const seen = new Set<string>()
    const result = await runMcperf({
      plan: planOf(request, target),
      signal: shutdown.signal,
      onFailure: ({errorClass, text}) => {
        // The report counts them; the log says once what each kind was about.
        if (!seen.has(errorClass)) log.line('error', `first ${errorClass}: ${text}`)
        seen.add(errorClass)
      },
    })
    stderr.write(formatMcperfReport(result, {histogram: request.printHistogram}))
    if (request.mcperfExit) return exitCodes.pass
    if (shutdown.received !== undefined) return exitCodeOfSignal(shutdown.received)
    return hasErrors(result) ? exitCodes.fail : exitCodes.pass
  } finally {
    log.close()
  }
}

/**
 * mcperf itself loads whatever is there, and counts its replies as errors. A server that cannot be reached, is full or
 * says nothing is one all the same.
 * @throws LookError where there is no memcached
 */
async function lookAtTarget(
  {timeoutSeconds}: McperfRequest,
  target: SocketTarget,
  {log, signal}: {log: McperfLog; signal: AbortSignal},
): Promise<void> {
  if ('path' in target) return
  const timeoutMs = timeoutSeconds > 0 ? Math.min(timeoutSeconds * 1000, LOOK_MS) : LOOK_MS
  try {
    await lookAtServer(target, {timeoutMs, signal})
  } catch (error) {
    if (!(error instanceof LookError) || isNoMemcached(error)) throw error
    if (error.code !== 'ERR_UNREACHABLE') log.line('warning', error.message)
  }
}

/** The first address that the system knows, as mcperf takes it; null when it knows none, which the log says. */
async function resolveTarget(
  {server, port}: McperfRequest,
  {log, signal}: {log: McperfLog; signal: AbortSignal},
): Promise<SocketTarget | null> {
  if (server.startsWith('/')) return {path: server}
  try {
    return {host: await resolveHost(server, {signal}), port}
  } catch (error) {
    signal.throwIfAborted()
    const reason = messageOf(error)
    log.line('error', `address resolution of node '${server}' service '${port}' failed: ${reason}`)
    return null
  }
}

function planOf(request: McperfRequest, target: SocketTarget): McperfPlan {
  const {method, prefix, expirySeconds, noreply, client, connections, calls} = request
  const {connectionInterval, callInterval, sizes, timeoutSeconds, noDelay, lingerSeconds} = request
  return {
    target,
    method,
    prefix,
    expirySeconds,
    noreply,
    client,
    connections,
    calls,
    connectionInterval,
    callInterval,
    sizes,
    timeoutSeconds,
    noDelay,
    // Only a TCP connection can be reset.
    resets: lingerSeconds === 0 && 'host' in target,
  }
}

function hasErrors({counters}: McperfResult): boolean {
  const {error, client_error: clientError, server_error: serverError} = counters.types
  return counters.errorCount + error + clientError + serverError > 0
}

/** mcperf's levels that are used here: a line shows when its level is at most the verbosity. */
const logLevels = {error: 1, warning: 4} as const

/** mcperf's log: a file that grows, or stderr. */
class McperfLog {
  readonly #verbosity: number
  readonly #write: (line: string) => void
  readonly #file: number | null

  /** @throws RepbenchError in mcperf's words when the file cannot be opened */
  constructor({path, verbosity, stderr}: {path: string | null; verbosity: number; stderr: TextOutput}) {
    const file = path === null ? null : openLog(path)
    this.#verbosity = verbosity
    this.#file = file
    this.#write = file === null ? line => stderr.write(line) : line => writeSync(file, printableLines(line))
  }

  line(level: keyof typeof logLevels, text: string): void {
    if (logLevels[level] <= this.#verbosity) this.#write(`[${asctime(new Date())}] mcperf: ${text}\n`)
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file)
  }
}

function openLog(path: string): number {
  try {
    return openSync(path, 'a', 0o644)
  } catch (error) {
    const reason = getSystemErrorMessage((error as NodeJS.ErrnoException).errno ?? 0)
    throw new RepbenchError('ERR_LOG_FILE', `opening log file '${path}' failed: ${reason}`, {cause: error})
  }
}

/** `Sun Nov  1 12:13:19 2026`, in local time. */
function asctime(date: Date): string {
  const [weekday, month, day, year, time] = date.toString().split(' ')
  return `${weekday} ${month} ${String(Number(day)).padStart(2)} ${time} ${year}`
}
