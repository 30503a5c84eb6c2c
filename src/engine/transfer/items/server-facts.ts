import {AskConnection} from '../../../ask/ask-connection.js'
import {exchangeFirstWords} from '../../../ask/look/first-exchange.js'
import {lookAtServer} from '../../../ask/look/look-at-server.js'
import {askText} from '../../../ask/text-reply.js'
import type {Address} from '../../../protocol/address.js'
import {BinaryHeader, HEADER_BYTES, REQUEST_MAGIC, RESPONSE_MAGIC} from '../../../protocol/binary/binary-frame.js'
import {numberOf, parseStats, type StatsReply} from '../../../protocol/text/stats-reply.js'

/** What a server can, as far as moving its items depends on it. */
export interface ServerFacts {
  /** As asked for, with the host's address instead of its name. */
  readonly address: Address
  readonly version: string | null
  /** `other`: a server that speaks the protocol, and that we do not know. */
  readonly program: 'memcached' | 'repcached' | 'repbench' | 'yrmcds' | 'other'
  /** Whether it has `mg`, `ms` and `md` with the flags of memcached 1.6. */
  readonly hasMeta: boolean
  /** Whether it speaks the binary protocol. */
  readonly hasBinary: boolean
  /** False: items have no cas unique, so that no write can be guarded by one. */
  readonly hasCas: boolean
  /** Whether a replicated write comes from it: it has a repcached peer or may have one. */
  readonly replicates: boolean
  readonly items: number | null
  readonly itemMaxBytes: number | null
  /** Its clock minus ours, in seconds; 0 where the difference is within the clocks' rounding. */
  readonly clockAheadSeconds: number
}

export interface FactsOptions {
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** Server and client each cut their clock to whole seconds, and memcached's ticks once a second. */
const CLOCK_TOLERANCE_SECONDS = 2

/**
 * Looks at a server before its items are moved.
 * @throws LookError, AskError when there is no memcached, or it does not answer
 */
export async function readServerFacts(asked: Address, options: FactsOptions = {}): Promise<ServerFacts> {
  const {address, version} = await lookAtServer(asked, options)
  const {timeoutMs, signal} = options
  const connection = new AskConnection({address, signal, limits: {timeoutMs}, expected: 'stats'})
  try {
    const stats = await statsOf(connection, 'stats')
    const settings = await statsOf(connection, 'stats settings')
    const meta = await askText(connection, 'mn')
    const hasMeta = meta.kind === 'mn' && !hasOldMeta(version)
    return {
      address,
      version,
      program: programOf({version, stats, hasMeta}),
      hasMeta,
      hasBinary: await speaksBinary(address, signal),
      hasCas: settings.get('cas_enabled') !== 'no',
      replicates: stats.has('repcached_version'),
      items: numberOf(stats, 'curr_items'),
      itemMaxBytes: numberOf(settings, 'item_size_max'),
      clockAheadSeconds: clockAhead(numberOf(stats, 'time')),
    }
  } finally {
    connection.close()
  }
}

/** Up to 1.6.9 meta commands were an experiment, with other flags and replies. */
function hasOldMeta(version: string | null): boolean {
  return /^1\.(?:5\.|6\.[0-9](?!\d))/.test(version ?? '')
}

/** Empty where the server has no such figures. */
async function statsOf(connection: AskConnection, command: string): Promise<StatsReply> {
  return parseStats((await askText(connection, command)).lines) ?? new Map()
}

const OPCODE_NOOP = 0x0a
/** A server that speaks only text may wait for a line end that never comes. */
const NO_BINARY_MS = 2000

async function speaksBinary(address: Address, signal: AbortSignal | undefined): Promise<boolean> {
  const header = new BinaryHeader()
  header.opcode = OPCODE_NOOP
  const question = Buffer.alloc(HEADER_BYTES)
  header.write(question, 0, REQUEST_MAGIC)
  const isEnough = ({length}: Uint8Array): boolean => length > 0
  const {bytes} = await exchangeFirstWords({address, question, timeoutMs: NO_BINARY_MS, signal, isEnough})
  return bytes[0] === RESPONSE_MAGIC
}

interface ProgramSigns {
  readonly version: string | null
  readonly stats: StatsReply
  readonly hasMeta: boolean
}

function programOf({version, stats, hasMeta}: ProgramSigns): ServerFacts['program'] {
  // The embedded node says what repcached says, and has the commands of memcached 1.6.
  if (stats.has('repcached_version')) return hasMeta ? 'repbench' : 'repcached'
  if (/yrmcds/i.test(version ?? '')) return 'yrmcds'
  return /^1\.[456]\./.test(version ?? '') ? 'memcached' : 'other'
}

function clockAhead(serverSeconds: number | null): number {
  if (serverSeconds === null) return 0
  const ahead = serverSeconds - Math.floor(Date.now() / 1000)
  return Math.abs(ahead) <= CLOCK_TOLERANCE_SECONDS ? 0 : ahead
}
