import {readFileSync, renameSync, writeFileSync} from 'node:fs'
import type {Address} from '../../../protocol/address.js'
import {messageOf, RepbenchError} from '../../../protocol/errors.js'
import {printableLines} from '../../../protocol/printable.js'
import {EmbeddedNode} from '../../../server/embedded/embedded-node.js'
import type {ShutdownMode} from '../../../server/embedded/node/node-context.js'
import type {NodeSettings, PersonalityName} from '../../../server/embedded/node/node-settings.js'
import {
  checkKeepable,
  claimKeptItems,
  type KeptItems,
  returnKeptItems,
} from '../../../server/embedded/store/kept-items.js'
import {readOpenFileLimit} from '../../../server/system/open-file-limit.js'
import type {CliContext} from '../../app/context.js'
import {type ExitCode, exitCodes} from '../../app/exit-codes.js'
import {exitCodeOfSignal, type StopSignal} from '../../app/shutdown.js'
import {type DaemonParent, findDaemonParent, startDaemon} from './daemon.js'
import {dropPrivileges} from './drop-privileges.js'
import {LogOutput} from './log-output.js'
import {type NodeCommandLine, readNodeCommandLine} from './node-command-line.js'
import {nodeHelp, versionLines} from './node-help.js'
import {writePidFile} from './pid-file.js'

/** Runs `repbench node` with the words after it, until a signal ends it. */
export async function runNode(words: readonly string[], context: CliContext): Promise<ExitCode | number> {
  const commandLine = readNodeCommandLine(words)
  const {print, warnings, reach, daemon} = commandLine
  if (print !== null) {
    context.stdout.write(textOf(print, context.version, commandLine.settings.like))
    return exitCodes.pass
  }
  const maxConnections = limitConnections(commandLine.settings.maxConnections)
  const settings = {...commandLine.settings, maxConnections}
  const parent = findDaemonParent(context.env)
  if (parent === null) for (const warning of warnings) context.stderr.write(`${warning}\n`)
  if (daemon && parent === null) {
    await startDaemon({words, env: context.env, keepsLog: settings.verbosity > 0, signal: context.shutdown.signal})
    for (const line of reach) context.stderr.write(`${line}\n`)
    return exitCodes.pass
  }
  return await serve({...commandLine, settings}, parent, context)
}

async function serve(
  {settings, user, pidFile, daemon, reach}: NodeCommandLine,
  parent: DaemonParent | null,
  {stderr, shutdown, version, env}: CliContext,
): Promise<ExitCode | number> {
  const log = new LogOutput({stream: stderr.raw})
  // At -vv it quotes clients, whose keys may hold control characters.
  const writeLog = (lines: string) => log.write(printableLines(lines))
  if (daemon) {
    shutdown.ignoreHangUp()
    process.chdir('/')
  }
  const stop = stopRequests(shutdown.signal)
  const {memoryFile} = settings
  let node: EmbeddedNode
  let kept: KeptItems | null = null
  try {
    // The items are written by that user, too.
    if (user !== null) dropPrivileges(user)
    if (memoryFile !== null) {
      checkKeepable(memoryFile)
      kept = claimKeptItems(memoryFile)
    }
    const hashPower = kept?.hashPower ?? settings.hashPower
    node = new EmbeddedNode({
      settings: {...settings, hashPower},
      version,
      writeLog,
      logHold: log,
      onShutdown: stop.request,
    })
    if (kept !== null) node.restore(kept)
    if (pidFile !== null) shutdown.add(writePidFile(pidFile, writeLog))
    await Promise.race([node.start(), stop.requested])
  } catch (error) {
    // What is damaged would keep the next node from starting, too.
    if (kept !== null && !(error instanceof RepbenchError && error.code === 'ERR_KEPT_ITEMS')) returnKeptItems(kept)
    const message = error instanceof RepbenchError ? error.message : describeStartError(error, settings)
    if (parent === null) throw new RepbenchError('ERR_NODE_START', message, {cause: error})
    await parent.failed(message)
    return exitCodes.fail
  }
  const portFile = env.MEMCACHED_PORT_FILENAME
  if (portFile !== undefined) writePortFile(portFile, node.addresses, writeLog)
  if (parent === null && !shutdown.signal.aborted) for (const line of reach) stderr.write(`${line}\n`)
  await parent?.ready()
  const mode = await stop.requested
  if (settings.verbosity > 0) writeLog(`${describeStop(mode, shutdown.received)}\n`)
  await node.stop()
  if (mode === 'graceful' && memoryFile !== null) node.keep(memoryFile)
  log.end()
  return exitCodes.pass
}

/** A signal, or a client's `shutdown`, whichever comes first; SIGUSR1 is memcached's for a graceful stop. */
function stopRequests(signal: AbortSignal): {
  readonly requested: Promise<ShutdownMode>
  readonly request: (mode: ShutdownMode) => void
} {
  const {promise, resolve} = Promise.withResolvers<ShutdownMode>()
  signal.addEventListener('abort', () => resolve('now'), {once: true})
  process.once('SIGUSR1', () => resolve('graceful'))
  return {requested: promise, request: resolve}
}

function describeStop(mode: ShutdownMode, received: StopSignal | undefined): string {
  if (received !== undefined) return `got signal ${exitCodeOfSignal(received) - 128}`
  return mode === 'graceful' ? 'stopping gracefully' : 'shut down by a client'
}

function textOf(print: NonNullable<NodeCommandLine['print']>, version: string, like: PersonalityName): string {
  switch (print) {
    case 'help':
      return nodeHelp(version, like)
    case 'version':
      return versionLines(version, like)
    case 'license':
      return readFileSync(new URL('../../../../LICENSE', import.meta.url), 'utf8')
  }
}

/**
 * Writes the ports to the file that MEMCACHED_PORT_FILENAME names, as memcached
 * does: whoever starts a node on any free port finds them there, whole.
 */
function writePortFile(path: string, addresses: readonly Address[], say: (line: string) => void): void {
  const lines = addresses.map(({host, port}) => `TCP ${host.includes(':') ? 'INET6' : 'INET'}: ${port}\n`)
  const unfinished = `${path}.lck`
  try {
    writeFileSync(unfinished, lines.join(''))
    renameSync(unfinished, path)
  } catch (error) {
    say(`Failed to open "${unfinished}": ${messageOf(error)}\n`)
  }
}

/** Descriptors that a node needs beside those of its clients. */
const OWN_DESCRIPTORS = 32

/**
 * How many of `-c` clients the process can hold. Node.js has raised the soft limit
 * to the hard one already.
 * @throws RepbenchError `ERR_OPEN_FILES` in memcached's words where it refuses, too
 */
function limitConnections(maxConnections: number): number {
  const limit = readOpenFileLimit()?.soft ?? Number.POSITIVE_INFINITY
  if (limit >= maxConnections) return Math.max(1, Math.min(maxConnections, limit - OWN_DESCRIPTORS))
  throw new RepbenchError(
    'ERR_OPEN_FILES',
    `failed to set rlimit for open files. Try starting as root or requesting smaller maxconns value. (-c ${maxConnections}, limit ${limit})`,
  )
}

type StartError = NodeJS.ErrnoException & {
  readonly port?: number
  readonly hostname?: string
  readonly address?: string
}

/** Why a node could not start, in one line that names the option to change. */
function describeStartError(error: unknown, settings: NodeSettings): string {
  const {code, port, hostname, address} = error as StartError
  const path = settings.unixSocket?.path
  if (path !== undefined && address === path) return `failed to listen on UNIX socket: ${path} (${code})`
  switch (code) {
    case 'EADDRINUSE': {
      const isReplication = port === settings.replication?.listenPort && port !== settings.port
      const which = isReplication ? `replication port ${port} (-X)` : `client port ${port} (-p)`
      return `Expected a free ${which}, got one that is in use on ${settings.host ?? 'this host'}`
    }
    case 'EADDRNOTAVAIL':
      return `Expected an address of this host for -l, got '${address ?? settings.host}'`
    case 'EACCES':
      return `Expected a port that this user may bind, got ${port}`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      if (hostname === settings.replication?.peerHost) return `Illegal address: ${hostname}`
      return `Expected a host name that resolves, got '${hostname}'`
    default:
      return `The node could not start: ${messageOf(error)}`
  }
}
