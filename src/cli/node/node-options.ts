import {isIP} from 'node:net'
import {defaultSettings, type NodeSettings} from '../../server/embedded/node-settings.js'
import {UsageError} from '../errors.js'
import {readInteger, readPort} from '../options.js'
import {readExtendedOptions} from './extended-options.js'

const MEBIBYTE = 1024 * 1024
const LARGEST_ITEM_BYTES = 128 * MEBIBYTE

type Settings = {-readonly [Name in keyof NodeSettings]: NodeSettings[Name]}
type Replication = NonNullable<NodeSettings['replication']>

/** What a command line of `repbench node` asks for, while its options are read one by one. */
export interface NodeRequest {
  readonly settings: Settings
  readonly replication: {-readonly [Name in keyof Replication]: Replication[Name]}
  replicates: boolean
  /** `-s` and `-a`. */
  socketPath: string | null
  socketAccess: number
  daemon: boolean
  user: string | null
  pidFile: string | null
  /** Instead of running: print this and exit. */
  print: 'help' | 'version' | 'license' | null
  /** Lines for stderr: what is accepted but does less than its name says. */
  readonly warnings: string[]
}

export function emptyRequest(): NodeRequest {
  return {
    settings: {...defaultSettings},
    replication: {...defaultSettings.replication!},
    replicates: true,
    socketPath: null,
    socketAccess: 0o700,
    daemon: false,
    user: null,
    pidFile: null,
    print: null,
    warnings: [],
  }
}

type Apply = (request: NodeRequest, value: string) => void

/** Options with a value, by their letter or long name. The words of refusals are memcached's where it has any. */
export const valuedOptions: Readonly<Record<string, Apply>> = {
  p: ({settings}, text) => {
    settings.port = text === '-1' ? 0 : readPortOrAny(text)
  },
  U: (_, text) => {
    if (text !== '0') throw new UsageError(`Expected -U 0 (this node has no UDP), got '${text}'`)
  },
  s: (request, path) => {
    request.socketPath = path
  },
  a: (request, text) => {
    if (!/^[0-7]{1,4}$/.test(text)) throw new UsageError(`Expected an octal access mask such as 0700, got '${text}'`)
    request.socketAccess = Number.parseInt(text, 8)
  },
  l: ({settings}, text) => {
    settings.interfaces = settings.interfaces === null ? text : `${settings.interfaces},${text}`
  },
  u: (request, name) => {
    request.user = name
  },
  m: ({settings}, text) => {
    settings.memoryLimitBytes = readInteger({text, what: 'megabytes', min: 1, max: 32 * 1024}) * MEBIBYTE
  },
  c: ({settings}, text) => {
    settings.maxConnections = readInteger({text, what: 'a number of connections', min: 1, max: 1_000_000})
  },
  P: (request, path) => {
    request.pidFile = path
  },
  f: ({settings}, text) => {
    settings.growthFactor = Number(text)
    if (!(settings.growthFactor > 1)) throw new UsageError('Factor must be greater than 1')
  },
  n: ({settings}, text) => {
    settings.smallestItemBytes = readCount(text, 'Chunk size must be greater than 0')
  },
  t: ({warnings}, text) => {
    const threads = readCount(text, 'Number of threads must be greater than 0')
    if (threads > 1) warnings.push(`-t ${threads}: one thread serves all clients of this node`)
  },
  D: ({settings}, text) => {
    if (text === '') throw new UsageError('No delimiter specified')
    settings.prefixDelimiter = text[0]!
    settings.countsPrefixes = true
  },
  R: ({settings}, text) => {
    settings.requestsPerEvent = readCount(text, 'Number of requests per event must be greater than 0')
  },
  b: ({settings}, text) => {
    settings.backlog = readInteger({text, what: 'a backlog', min: 1, max: 1_000_000})
  },
  B: ({settings}, text) => {
    if (text !== 'auto' && text !== 'ascii' && text !== 'binary') {
      throw new UsageError(`Invalid value for binding protocol: ${text} -- should be one of auto, binary, or ascii`)
    }
    settings.bindingProtocol = text
  },
  I: ({settings, warnings}, text) => {
    settings.itemMaxBytes = readItemSize(text)
    if (settings.itemMaxBytes > MEBIBYTE) {
      warnings.push(
        'WARNING: Setting item max size above 1MB is not recommended! It raises the memory that every slab class takes.',
      )
    }
  },
  x: ({replication}, host) => {
    if (host === '') throw new UsageError('Illegal address: ')
    // memcached's number for "any address", with which the C program has no peer.
    replication.peerHost = host === '0.0.0.0' ? null : host
  },
  X: ({replication}, text) => {
    Object.assign(replication, readReplicationPorts(text))
  },
  q: ({replication}, text) => {
    replication.queueLimit = readInteger({text, what: 'a queue limit', min: 1, max: 10_000_000})
  },
  peers: ({replication}, text) => {
    replication.peers = [...(replication.peers ?? []), ...readPeers(text)]
  },
  o: ({settings}, text) => readExtendedOptions(settings, text),
}

/** Options without a value, by their letter or long name. */
export const switchOptions: Readonly<Record<string, (request: NodeRequest) => void>> = {
  M: ({settings}) => {
    settings.evictions = false
  },
  C: ({settings}) => {
    settings.useCas = false
  },
  v: ({settings}) => {
    settings.verbosity++
  },
  d: request => {
    request.daemon = true
  },
  k: ({warnings}) => {
    warnings.push('warning: -k invalid, mlockall() not supported on this platform.  proceeding without.')
  },
  r: ({warnings}) => {
    warnings.push('-r: the core file limit stays what the shell set it to (ulimit -c)')
  },
  // memcached, too, passes over it where the system has no such pages.
  L: () => {},
  S: () => {
    throw new UsageError('This server is not built with SASL support.')
  },
  h: print('help'),
  help: print('help'),
  V: print('version'),
  version: print('version'),
  i: print('license'),
  resilient: ({replication}) => {
    replication.resilient = true
  },
  'like-repcached': ({replication}) => {
    replication.likeRepcached = true
  },
  'no-replication': request => {
    request.replicates = false
  },
  'debug-commands': ({settings}) => {
    settings.debugCommands = true
  },
}

function print(what: NonNullable<NodeRequest['print']>): (request: NodeRequest) => void {
  return request => {
    request.print ??= what
  }
}

function readPortOrAny(text: string): number {
  return text === '0' ? 0 : readPort(text)
}

function readCount(text: string, refusal: string): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < 1 || value > 1_000_000) throw new UsageError(`${refusal}, got '${text}'`)
  return value
}

function readItemSize(text: string): number {
  const match = /^(\d+)([km]?)$/i.exec(text)
  if (match === null) throw new UsageError(`Expected an item size such as 512k or 4m, got '${text}'`)
  const unit = {'': 1, k: 1024, m: MEBIBYTE}[match[2]!.toLowerCase()]!
  const bytes = Number(match[1]) * unit
  if (bytes < 1024) throw new UsageError('Item max size cannot be less than 1024 bytes.')
  if (bytes > LARGEST_ITEM_BYTES) throw new UsageError('Cannot set item size limit higher than 128 mb.')
  return bytes
}

function readPeers(text: string): readonly string[] {
  const names = text.split(',').map(name => name.trim())
  const wrong = names.find(name => isIP(name) === 0 && !/^[a-z\d]([\w.-]*[a-z\d])?$/i.test(name))
  if (wrong === undefined) return names
  throw new UsageError(`Expected addresses or names of hosts for --peers, separated by commas, got '${text}'`)
}

/** `11212`, or 2.2.1's `listen:connect`. */
function readReplicationPorts(text: string): {listenPort: number; connectPort: number} {
  const [listen = '', connect = listen, ...more] = text.split(':')
  if (more.length > 0) throw new UsageError(`Expected -X PORT or -X LISTEN:CONNECT, got '${text}'`)
  return {listenPort: readPortOrAny(listen), connectPort: readPortOrAny(connect)}
}
