/** Longest key in bytes (memcached 1.4.13, `KEY_MAX_LENGTH`). */
export const KEY_MAX_BYTES = 250

/** Largest item in bytes, with its key and header (memcached's `-I` default, 1 MiB). */
export const ITEM_MAX_BYTES = 1024 * 1024

/** An exptime up to this many seconds is relative to now, above it absolute Unix time (30 days). */
export const RELATIVE_EXPTIME_MAX_SECONDS = 60 * 60 * 24 * 30

/** Default client port of memcached (`-p`). */
export const DEFAULT_CLIENT_PORT = 11211

/** Default replication port of repcached (`-X`). */
export const DEFAULT_REPLICATION_PORT = 11212

/** Default replication queue limit of repcached (`-q`), in entries. */
export const DEFAULT_REPLICATION_QUEUE = 8192
