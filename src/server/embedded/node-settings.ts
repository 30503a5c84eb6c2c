import {
  DEFAULT_CLIENT_PORT,
  DEFAULT_REPLICATION_PORT,
  DEFAULT_REPLICATION_QUEUE,
  ITEM_MAX_BYTES,
} from '../../protocol/limits.js'

/** One embedded node's options, each with memcached's or repcached's own default. */
export interface NodeSettings {
  /** `-l`; null = all addresses. */
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
  } | null
}

export const defaultSettings: NodeSettings = {
  host: null,
  port: DEFAULT_CLIENT_PORT,
  memoryLimitBytes: 64 * 1024 * 1024,
  itemMaxBytes: ITEM_MAX_BYTES,
  maxConnections: 1024,
  evictions: true,
  bindingProtocol: 'auto',
  verbosity: 0,
  replication: {
    peerHost: null,
    connectPort: DEFAULT_REPLICATION_PORT,
    listenPort: DEFAULT_REPLICATION_PORT,
    queueLimit: DEFAULT_REPLICATION_QUEUE,
    resilient: false,
  },
}
