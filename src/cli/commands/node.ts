import {writeFileSync} from 'node:fs'
import {unlink} from 'node:fs/promises'
import {InvalidArgumentError} from 'commander'
import {RepbenchError} from '../../protocol/errors.js'
import {defaultSettings, type NodeSettings} from '../../server/embedded/node-settings.js'
import type {CliContext, RegisterCommand} from '../context.js'
import {type ExitCode, exitCodes} from '../exit-codes.js'
import {readInteger, readPort} from '../options.js'
import {exitCodeOfSignal} from '../shutdown.js'

interface NodeOptions {
  readonly p: number
  readonly l?: string
  readonly m: number
  readonly c: number
  readonly I: number
  readonly M?: true
  readonly U?: number
  readonly P?: string
  readonly v: number
  readonly x?: string
  readonly X: {connect: number; listen: number}
  readonly q: number
  readonly resilient?: true
  readonly replication: boolean
}

const MEBIBYTE = 1024 * 1024
const defaults = defaultSettings

export const registerNode: RegisterCommand = (program, context) => {
  program
    .command('node')
    .summary('run one embedded node in the foreground, with repcached’s flags')
    .description('Run one embedded node in the foreground: memcached’s text protocol and repcached’s replication.')
    .option('-p <num>', 'TCP port for clients (0 = any free one)', readPortOrAny, defaults.port)
    .option('-l <addr>', 'address to listen on (default: all)')
    .option('-m <num>', 'memory for items, in megabytes', readMegabytes, defaults.memoryLimitBytes / MEBIBYTE)
    .option('-M', 'answer out of memory rather than evict items')
    .option('-c <num>', 'most clients at once', readConnections, defaults.maxConnections)
    .option('-I <size>', 'largest item, such as 512k or 4m', readItemSize, defaults.itemMaxBytes)
    .option('-U <num>', 'UDP port: only 0 (off) is offered', readUdpPort)
    .option('-P <file>', 'write the process id to this file')
    .option('-v', 'log more; -vv commands and answers, too', (_, level: number) => level + 1, 0)
    .option('-x <host>', 'peer to replicate with: dialled once, at the start')
    .option('-X <num>', 'replication port, or CONNECT:LISTEN', readReplicationPort, {connect: 11212, listen: 11212})
    .option('-q <num>', 'replication queue limit, in changes', readQueueLimit, 8192)
    .option('--resilient', 'find the peer again after an outage, and bring both nodes up to date')
    .option('--no-replication', 'a plain memcached: no replication port')
    .addHelpText(
      'after',
      '\nExample (a pair on one host):\n' +
        '  repbench node -v -l 127.0.0.1 -p 11211 -x 127.0.0.1 -X 11212\n' +
        '  repbench node -v -l 127.0.0.1 -p 11213 -x 127.0.0.1 -X 11212',
    )
    .action(context.action((options: NodeOptions) => runNode(options, context)))
}

async function runNode(options: NodeOptions, context: CliContext): Promise<ExitCode | number> {
  const settings = toSettings(options)
  const {stderr, shutdown} = context
  // The node is loaded when one is wanted: its files would delay every other command.
  const {EmbeddedNode} = await import('../../server/embedded/embedded-node.js')
  const node = new EmbeddedNode({settings, version: context.version, writeLog: line => stderr.write(line)})
  if (options.P !== undefined) await keepPidFile(options.P, context)
  const stopped = new Promise<void>(resolve => {
    shutdown.signal.addEventListener('abort', () => resolve(), {once: true})
  })
  try {
    await Promise.race([node.start(), stopped])
  } catch (error) {
    throw new RepbenchError('ERR_NODE_START', describeStartError(error, settings), {cause: error})
  }
  await stopped
  const received = shutdown.received ?? 'SIGTERM'
  stderr.write(`got signal ${exitCodeOfSignal(received) - 128}\n`)
  await node.stop()
  return exitCodes.pass
}

function toSettings(options: NodeOptions): NodeSettings {
  return {
    ...defaults,
    host: options.l ?? null,
    port: options.p,
    memoryLimitBytes: options.m * MEBIBYTE,
    itemMaxBytes: options.I,
    maxConnections: options.c,
    evictions: options.M !== true,
    verbosity: options.v,
    replication: options.replication
      ? {
          peerHost: options.x ?? null,
          connectPort: options.X.connect,
          listenPort: options.X.listen,
          queueLimit: options.q,
          resilient: options.resilient === true,
        }
      : null,
  }
}

async function keepPidFile(path: string, {shutdown}: CliContext): Promise<void> {
  try {
    writeFileSync(path, `${process.pid}\n`)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new RepbenchError('ERR_PID_FILE', `Expected a writable -P file, got ${reason}`, {cause: error})
  }
  shutdown.add(() => unlink(path).catch(() => {}))
}

function describeStartError(error: unknown, settings: NodeSettings): string {
  const {code, port, hostname} = error as NodeJS.ErrnoException & {port?: number; hostname?: string}
  switch (code) {
    case 'EADDRINUSE': {
      const which = port === settings.port ? `client port ${port} (-p)` : `replication port ${port} (-X)`
      return `Expected a free ${which}, got one that is in use on ${settings.host ?? 'this host'}`
    }
    case 'EADDRNOTAVAIL':
      return `Expected an address of this host for -l, got '${settings.host}'`
    case 'EACCES':
      return `Expected a port that this user may bind, got ${port}`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `Expected a host name that resolves, got '${hostname}'`
    default:
      return `The node could not start: ${error instanceof Error ? error.message : String(error)}`
  }
}

function readPortOrAny(text: string): number {
  return text === '0' ? 0 : readPort(text)
}

function readMegabytes(text: string): number {
  return readInteger({text, what: 'megabytes', min: 1, max: 32 * 1024})
}

function readConnections(text: string): number {
  return readInteger({text, what: 'a number of connections', min: 1, max: 1_000_000})
}

function readQueueLimit(text: string): number {
  return readInteger({text, what: 'a queue limit', min: 1, max: 10_000_000})
}

/** memcached bounds -I to 1k..128m. */
function readItemSize(text: string): number {
  const match = /^(\d+)([km]?)$/i.exec(text)
  const unit = {'': 1, k: 1024, m: MEBIBYTE}[match?.[2]?.toLowerCase() ?? ''] ?? Number.NaN
  const bytes = Number(match?.[1]) * unit
  if (!(bytes >= 1024 && bytes <= 128 * MEBIBYTE)) {
    throw new InvalidArgumentError(`Expected an item size from 1k to 128m, got '${text}'`)
  }
  return bytes
}

function readUdpPort(text: string): number {
  if (text !== '0') throw new InvalidArgumentError(`Expected 0 (this node has no UDP), got '${text}'`)
  return 0
}

/** `11212`, or 2.2.1's `connect:listen`. */
function readReplicationPort(text: string): {connect: number; listen: number} {
  const [first = '', second, ...more] = text.split(':')
  if (more.length > 0) throw new InvalidArgumentError(`Expected PORT or CONNECT:LISTEN, got '${text}'`)
  const connect = readPort(first)
  return {connect, listen: second === undefined ? connect : readPort(second)}
}
