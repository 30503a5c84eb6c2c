import {isIP} from 'node:net'
import {resolve} from 'node:path'
import {
  defaultSettings,
  modernDefaults,
  type NodeSettings,
  type PersonalityName,
} from '../../../server/embedded/node/node-settings.js'
import {UsageError} from '../../app/errors.js'
import {readInteger, readPort} from '../../options/option-readers.js'
import {readAuthFile} from './auth-file.js'
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
  /** `-U`; null = it was not given. */
  udpPort: string | null
  daemon: boolean
  user: string | null
  pidFile: string | null
  /** Instead of running: print this and exit. */
  print: 'help' | 'version' | 'license' | null
  /** Lines for stderr: what is accepted but does less than its name says. */
  readonly warnings: string[]
}

export function emptyRequest(like: PersonalityName = '1.4'): NodeRequest {
  return {
    settings: {...defaultSettings, ...(like === '1.6' ? modernDefaults : {})},
    replication: {...defaultSettings.replication!},
    replicates: true,
    socketPath: null,
    socketAccess: 0o700,
    udpPort: null,
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
    settings.listensTcp = text !== '0'
    settings.port = text === '-1' ? 0 : readPortOrAny(text)
  },
  // Compared with the TCP port when that is known.
  U: (request, text) => {
    request.udpPort = text
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
  o: (request, text) => readExtendedOptions(request, text),
  Y: ({settings}, text) => {
    const file = resolve(text)
    settings.auth = {file, credentials: readAuthFile(file)}
  },
  e: ({settings}, text) => {
    settings.memoryFile = resolve(text)
  },
  N: ({warnings}) => {
    warnings.push('-N: no effect here, one thread serves all clients of this node')
  },
  like: ({settings}, text) => {
    settings.like = readPersonality(text)
  },
}

/** memcached 1.6's long names of options that have a letter. */
export const longNames: Readonly<Record<string, string>> = {
  'unix-mask': 'a',
  'enable-shutdown': 'A',
  'enable-ssl': 'Z',
  port: 'p',
  'unix-socket': 's',
  'udp-port': 'U',
  'memory-limit': 'm',
  'disable-evictions': 'M',
  'conn-limit': 'c',
  'lock-memory': 'k',
  help: 'h',
  license: 'i',
  version: 'V',
  'enable-coredumps': 'r',
  verbose: 'v',
  daemon: 'd',
  listen: 'l',
  user: 'u',
  pidfile: 'P',
  'slab-growth-factor': 'f',
  'slab-min-size': 'n',
  threads: 't',
  'enable-largepages': 'L',
  'max-reqs-per-event': 'R',
  'disable-cas': 'C',
  'listen-backlog': 'b',
  protocol: 'B',
  'max-item-size': 'I',
  'enable-sasl': 'S',
  'disable-flush-all': 'F',
  'disable-watch': 'W',
  'auth-file': 'Y',
  'memory-file': 'e',
  extended: 'o',
  'napi-ids': 'N',
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
  A: ({settings}) => {
    settings.shutdownCommand = true
  },
  F: ({settings}) => {
    settings.flushEnabled = false
  },
  W: ({settings}) => {
    settings.watchEnabled = false
  },
  // memcached 1.6's letter for it is X, which is repcached's replication port.
  'disable-dumping': ({settings}) => {
    settings.dumpEnabled = false
  },
  Z: () => {
    throw new UsageError('This server is not built with TLS support.')
  },
  S: () => {
    throw new UsageError('This server is not built with SASL support.')
  },
  h: print('help'),
  V: print('version'),
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

/** `--like`, with or without a third number. */
export function readPersonality(text: string): PersonalityName {
  const [, name] = /^(1\.[46])(?:\.\d+)?$/.exec(text) ?? []
  if (name === undefined) throw new UsageError(`Expected --like 1.4 or --like 1.6, got '${text}'`)
  return name as PersonalityName
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
