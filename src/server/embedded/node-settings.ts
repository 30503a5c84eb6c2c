import {
  DEFAULT_CLIENT_PORT,
  DEFAULT_REPLICATION_PORT,
  DEFAULT_REPLICATION_QUEUE,
  ITEM_MAX_BYTES,
} from '../../protocol/limits.js'

/** One embedded node's options, each with memcached's or repcached's own default but for its address. */
export interface NodeSettings {
  /** `-l`; null = all addresses, which is the C programs' default. */
  readonly host: string | null
  /** `-p`; 0 = any free port. */
  readonly port: number
  /** `-m`, in bytes. */
  readonly memoryLimitBytes: number
  /** `-I`, in bytes. */
  readonly itemMaxBytes: number
  /** `-c`. */
  readonly maxConnections: number
  /** False = `-M`. */
  readonly evictions: boolean
  /** `-B`: `auto` tells each connection's protocol by its first byte. */
  readonly bindingProtocol: 'auto' | 'ascii' | 'binary'
  /** `-l` as it was typed, for `stats settings`; null = it was not. */
  readonly interfaces: string | null
  /** Further `-l` addresses. */
  readonly alsoListen: readonly {readonly host: string | null; readonly port: number}[]
  /** `-s`: instead of TCP; the mask (`-a`) is what the group and others lack. */
  readonly unixSocket: {readonly path: string; readonly accessMask: number} | null
  /** `-b`: connections that the system keeps until they are accepted. */
  readonly backlog: number
  /** `-R`: commands of one connection before others get their turn; 0 = as many as one read of 64 KiB holds. */
  readonly requestsPerEvent: number
  /** A client that owes us the reading of its replies and takes none of them for so long is cut off. */
  readonly unreadTimeoutMs: number
  /** `-o maxconns_fast`: turn clients away at the limit instead of letting them wait. */
  readonly rejectsAtLimit: boolean
  /** False = `-C`: no client sees or compares cas uniques. */
  readonly useCas: boolean
  /** `-f`. */
  readonly growthFactor: number
  /** `-n`, in bytes. */
  readonly smallestItemBytes: number
  /** `-o hashpower`: log2 of the hash table's first size; 0 = memcached's 16. */
  readonly hashPower: number
  /** `-D`: one character. */
  readonly prefixDelimiter: string
  /** `-D` turns it on, and so does `stats detail on`. */
  readonly countsPrefixes: boolean
  /** `--debug-commands`. */
  readonly debugCommands: boolean
  /** The `slabs automove` command sets it; pages never move in 1.4.13 without `-o slab_reassign`. */
  slabAutomove: boolean
  /** How many `-v`; the `verbosity` command changes it. */
  verbosity: number
  readonly replication: {
    /** `-x`: the peer to dial once at the start; null = only listen. */
    readonly peerHost: string | null
    /** `-X`: dialled at the peer. */
    readonly connectPort: number
    /** `-X`: listened on here. */
    readonly listenPort: number
    /** `-q`, in entries. */
    readonly queueLimit: number
    /** `--resilient`: redial, resync, never stay shut. */
    readonly resilient: boolean
    /** `--peers`: addresses and names of hosts that may join; null = any. */
    readonly peers: readonly string[] | null
    /** `--like-repcached`: says nothing when its dial is answered, and takes whoever connects for its peer. */
    readonly likeRepcached: boolean
  } | null
}

export type ReplicationSettings = NonNullable<NodeSettings['replication']>

/** Whoever reaches a node reads and changes everything, so that a node is open to other hosts only where it is told so. */
const LOOPBACK = '127.0.0.1'

export const defaultSettings: NodeSettings = {
  host: LOOPBACK,
  port: DEFAULT_CLIENT_PORT,
  memoryLimitBytes: 64 * 1024 * 1024,
  itemMaxBytes: ITEM_MAX_BYTES,
  maxConnections: 1024,
  evictions: true,
  bindingProtocol: 'auto',
  interfaces: null,
  alsoListen: [],
  unixSocket: null,
  backlog: 1024,
  requestsPerEvent: 0,
  unreadTimeoutMs: 60_000,
  rejectsAtLimit: false,
  useCas: true,
  growthFactor: 1.25,
  smallestItemBytes: 48,
  hashPower: 0,
  prefixDelimiter: ':',
  countsPrefixes: false,
  debugCommands: false,
  slabAutomove: false,
  verbosity: 0,
  replication: {
    peerHost: null,
    connectPort: DEFAULT_REPLICATION_PORT,
    listenPort: DEFAULT_REPLICATION_PORT,
    queueLimit: DEFAULT_REPLICATION_QUEUE,
    resilient: false,
    peers: null,
    likeRepcached: false,
  },
}
