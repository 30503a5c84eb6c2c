/** A kind of node that can be started: one file here, and one line in registry.ts. */
export interface BackendSpec {
  /** As --backend takes it. */
  readonly name: string
  /** The program that it runs; null: bin/repbench.js, which has the embedded node. */
  readonly program: ProgramSpec | null
  /**
   * How it replicates; null: not at all. `repcached`: with the C program's ways with the replication port, which the
   * embedded nodes beside it then have.
   */
  readonly replication: 'embedded' | 'repcached' | null
  /** The settings that it has besides memory and connections, which every backend has. */
  readonly takes: readonly OwnSetting[]
  /** Whether a version reads `-X LISTEN:CONNECT`. @default every version does, if it replicates */
  readonly readsCrossedPorts?: (version: string) => boolean
  /** Its arguments between where it listens (`-v -l HOST -p PORT`) and how it is tuned. */
  args(facts: ArgsFacts): readonly string[]
}

/** A field of NodeTuning. */
export type OwnSetting = 'threads' | 'queueLimit' | 'resilient'

interface ArgsFacts {
  /** `-x PEER -X PORTS`; null = no peer. */
  readonly replicate: readonly string[] | null
  /** Whether a repcached is in the pair. */
  readonly besideRepcached: boolean
  /** Whether the node will run as root, which the C programs must be told to accept. */
  readonly asRoot: boolean
}

/** A program that backends run: named with `--NAME-bin`, in the variable `NAME_BIN`, or found in PATH. */
export interface ProgramSpec {
  /** One word of small letters. */
  readonly name: string
  /** As the help of its option has it. */
  readonly title: string
  /** Names that the file has in PATH. */
  readonly files: readonly string[]
  /** How to get it. */
  readonly hint: string
  /** Reads what it printed for `-h` or `-V`; null: this is another program. */
  identify(answer: string): ProgramVersion | null
  /** What it is, where another program was expected. */
  describe(version: string): string
}

/** What a program says that it is. */
export interface ProgramVersion {
  /** Its own version: repcached's 2.3.1, memcached's 1.6.18. */
  readonly version: string
  /** The version of the memcached that it was made from; null where it is no memcached. */
  readonly memcachedVersion: string | null
}

/** What every memcached is given: no UDP, and leave to run as root. */
export function memcachedArgs(asRoot: boolean): readonly string[] {
  return ['-U', '0', ...(asRoot ? ['-u', 'root'] : [])]
}

/** Its line `memcached VERSION`, with which a repcached begins too. */
export function readMemcachedVersion(answer: string): string | null {
  return /^memcached (\d[\w.+~-]*)/m.exec(answer)?.[1] ?? null
}

/** The line `repcached VERSION`, which follows. */
export function readRepcachedVersion(answer: string): string | null {
  return /^repcached (\d[\w.+~-]*)/m.exec(answer)?.[1] ?? null
}
