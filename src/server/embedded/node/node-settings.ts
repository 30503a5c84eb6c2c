import {
  DEFAULT_CLIENT_PORT,
  DEFAULT_REPLICATION_PORT,
  DEFAULT_REPLICATION_QUEUE,
  ITEM_MAX_BYTES,
} from '../../../protocol/limits.js'

/** memcached 1.4.13 with repcached's additions, or memcached 1.6. */
export type PersonalityName = '1.4' | '1.6'

/** A user with a password, by `-Y`. */
export interface Credential {
  readonly user: string
  readonly password: string
}

/** Options of one embedded node. The defaults are memcached's and repcached's, except for the address. */
export interface NodeSettings {
  /** `-l`; null = all addresses, which is the C programs' default. */
  readonly host: string | null
  /** `-p`; 0 = any free port. */
  readonly port: number
  /** False = `-p 0`: no TCP port at all. */
  readonly listensTcp: boolean
  /** `--like`: the version whose answers the node gives where memcached 1.4.13 and 1.6 differ. */
  readonly like: PersonalityName
  /** `-m`, in bytes; the `cache_memlimit` command changes it. */
  memoryLimitBytes: number
  /** `-I`, in bytes. */
  readonly itemMaxBytes: number
  /** `-c`. */
  readonly maxConnections: number
  /** False = `-M`. */
  readonly evictions: boolean
  /** `-B`: `auto` tells a connection's protocol by its first byte. */
  readonly bindingProtocol: 'auto' | 'ascii' | 'binary'
  /** `-l` as given, for `stats settings`; null without `-l`. */
  readonly interfaces: string | null
  /** Further `-l` addresses. */
  readonly alsoListen: readonly {readonly host: string | null; readonly port: number}[]
  /** `-s`: a UNIX socket instead of TCP, with the permissions of `-a`. */
  readonly unixSocket: {readonly path: string; readonly accessMask: number} | null
  /** `-b`: connections that the system queues until they are accepted. */
  readonly backlog: number
  /** `-R`: commands of one connection before others get their turn; 0 = no limit within one read of 64 KiB. */
  readonly requestsPerEvent: number
  /** A client with unread replies is cut off when it takes none of them for so long. */
  readonly unreadTimeoutMs: number
  /** `-o maxconns_fast`: at the limit, clients are turned away instead of waiting. */
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
  /** `-D`: `stats detail` counts from the start. */
  readonly countsPrefixes: boolean
  /** `--debug-commands`. */
  readonly debugCommands: boolean
  /** `-A`: the `shutdown` command ends the node. */
  readonly shutdownCommand: boolean
  /** False = `-F`: clients may not flush. */
  readonly flushEnabled: boolean
  /** False = `--disable-dumping`: no command lists keys. */
  readonly dumpEnabled: boolean
  /** False = `-W`: no `watch` command. */
  readonly watchEnabled: boolean
  /** `-Y`: users who may use the node; null = anyone. */
  readonly auth: {readonly file: string; credentials: readonly Credential[]} | null
  /** `-e`: file that keeps the items across SIGUSR1 or `shutdown graceful`. */
  readonly memoryFile: string | null
  /** `-o idle_timeout`: a client that sends nothing for so long is closed; 0 = never. */
  readonly idleTimeoutSeconds: number
  /** `-o watcher_logbuf_size`: bytes that a watcher may leave unread before lines are skipped. */
  readonly watcherBufferBytes: number
  /** `-o slab_reassign`: memory pages may change their slab class. */
  readonly slabReassign: boolean
  /** `-o slab_automove` and the `slabs automove` command; above 0, spare pages return to the global pool. */
  slabAutomove: number
  /** `-o lru_maintainer`: the crawler looks for expired items all the time. */
  readonly sweepsExpired: boolean
  /** False = `-o no_lru_crawler` or `lru_crawler disable`: expired items are freed only when a lookup meets them. */
  lruCrawler: boolean
  /** How many `-v`; the `verbosity` command changes it. */
  verbosity: number
  readonly replication: {
    /** `-x`: the peer to connect to once at the start; null = only listen. */
    readonly peerHost: string | null
    /** `-X`: the peer's replication port. */
    readonly connectPort: number
    /** `-X`: this node's replication port. */
    readonly listenPort: number
    /** `-q`, in entries. */
    readonly queueLimit: number
    /** `--resilient`: reconnects and resyncs after a loss, and never keeps its client port shut. */
    readonly resilient: boolean
    /** `--peers`: addresses and host names that may join; null = any. */
    readonly peers: readonly string[] | null
    /** `--like-repcached`: sends no hello when it connects, and takes any connection for its peer. */
    readonly likeRepcached: boolean
  } | null
}

export type ReplicationSettings = NonNullable<NodeSettings['replication']>

/** Anyone who reaches a node can read and change everything, so by default only this machine can. */
const LOOPBACK = '127.0.0.1'

export const defaultSettings: NodeSettings = {
  host: LOOPBACK,
  port: DEFAULT_CLIENT_PORT,
  listensTcp: true,
  like: '1.4',
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
  shutdownCommand: false,
  flushEnabled: true,
  dumpEnabled: true,
  watchEnabled: true,
  auth: null,
  memoryFile: null,
  idleTimeoutSeconds: 0,
  watcherBufferBytes: 256 * 1024,
  slabReassign: false,
  slabAutomove: 0,
  sweepsExpired: true,
  lruCrawler: true,
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

/** Defaults of memcached 1.6 that differ from 1.4.13's. */
export const modernDefaults = {
  like: '1.6',
  rejectsAtLimit: true,
  requestsPerEvent: 20,
  slabReassign: true,
  slabAutomove: 1,
} as const satisfies Partial<NodeSettings>
