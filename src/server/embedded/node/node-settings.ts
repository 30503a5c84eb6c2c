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

/** One embedded node's options, each with memcached's or repcached's own default but for its address. */
export interface NodeSettings {
  /** `-l`; null = all addresses, which is the C programs' default. */
  readonly host: string | null
  /** `-p`; 0 = any free port. */
  readonly port: number
  /** False = `-p 0`: no TCP port at all. */
  readonly listensTcp: boolean
  /** `--like`: whose answers the node gives where memcached 1.4.13 and 1.6 contradict each other. */
  readonly like: PersonalityName
  /** `-m`, in bytes; the `cache_memlimit` command changes it. */
  memoryLimitBytes: number
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
  /** `-A`: the `shutdown` command ends the node. */
  readonly shutdownCommand: boolean
  /** False = `-F`: clients may not flush. */
  readonly flushEnabled: boolean
  /** False = `--disable-dumping`: no lists of keys, by no command. */
  readonly dumpEnabled: boolean
  /** False = `-W`: no `watch` command. */
  readonly watchEnabled: boolean
  /** `-Y`: who may use the node; null = everybody. */
  readonly auth: {readonly file: string; credentials: readonly Credential[]} | null
  /** `-e`: where items are kept while the node is stopped by SIGUSR1 or `shutdown graceful`. */
  readonly memoryFile: string | null
  /** `-o idle_timeout`: a client that says nothing for so long is turned out; 0 = never. */
  readonly idleTimeoutSeconds: number
  /** `-o watcher_logbuf_size`: what a watcher may leave unread before lines are skipped. */
  readonly watcherBufferBytes: number
  /** `-o slab_reassign`: memory pages may change their slab class. */
  readonly slabReassign: boolean
  /** `-o slab_automove` and the `slabs automove` command; above 0, spare pages go back to where all classes may take them. */
  slabAutomove: number
  /** `-o lru_maintainer`: expired items are looked for all the time, as long as there is a crawler. */
  readonly sweepsExpired: boolean
  /** False = `-o no_lru_crawler`, or by the `lru_crawler` command: expired items go only when they are met. */
  lruCrawler: boolean
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

/** What memcached 1.6 has by default and 1.4.13 has not. */
export const modernDefaults = {
  like: '1.6',
  rejectsAtLimit: true,
  requestsPerEvent: 20,
  slabReassign: true,
  slabAutomove: 1,
} as const satisfies Partial<NodeSettings>
