import {readFileSync} from 'node:fs'
import {RepbenchError} from '../../../protocol/errors.js'
import {printableLines} from '../../../protocol/printable.js'
import {EmbeddedNode} from '../../../server/embedded/embedded-node.js'
import type {ShutdownMode} from '../../../server/embedded/node/node-context.js'
import type {PersonalityName} from '../../../server/embedded/node/node-settings.js'
import {
  checkKeepable,
  claimKeptItems,
  type KeptItems,
  returnKeptItems,
} from '../../../server/embedded/store/kept-items.js'
import type {CliContext} from '../../app/context.js'
import {type ExitCode, exitCodes} from '../../app/exit-codes.js'
import {exitCodeOfSignal, type StopSignal} from '../../app/shutdown.js'
import {type DaemonParent, findDaemonParent, startDaemon} from './daemon.js'
import {describeStartError} from './describe-start-error.js'
import {dropPrivileges} from './drop-privileges.js'
import {LogOutput} from './log-output.js'
import {type NodeCommandLine, readNodeCommandLine} from './node-command-line.js'
import {nodeHelp, versionLines} from './node-help.js'
import {limitConnections} from './open-files.js'
import {writePidFile} from './pid-file.js'
import {writePortFile} from './port-file.js'

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
