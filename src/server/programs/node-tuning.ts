import {OpenFilesError, TopologyError} from '../node-api/node-errors.js'
import {type OpenFileLimit, readOpenFileLimit} from '../system/open-file-limit.js'
import type {OwnSetting} from './backends/backend.js'
import {type Backend, backendOf, backends} from './backends/registry.js'

/** memcached's default of `-c`. */
const DEFAULT_MAX_CONNECTIONS = 1024

/** How the nodes of a topology are set up; undefined = as the program has it. */
export interface NodeTuning {
  /** `-m` */
  readonly memoryMegabytes?: number | undefined
  /** `-t` of the C programs. */
  readonly threads?: number | undefined
  /** `-c` */
  readonly maxConnections?: number | undefined
  /** `-q` of what replicates. */
  readonly queueLimit?: number | undefined
  /** The embedded node's `--resilient`. */
  readonly resilient?: boolean | undefined
}

const optionOf: Readonly<Record<OwnSetting, string>> = {
  threads: '--node-threads',
  queueLimit: '--queue',
  resilient: '--resilient',
}

/** @throws TopologyError for a setting that none of the nodes has: it would do nothing, silently. */
export function assertTuningFits(tuning: NodeTuning, wanted: readonly Backend[]): void {
  const takes = (backend: Backend, setting: OwnSetting) => backendOf(backend).takes.includes(setting)
  for (const setting of Object.keys(optionOf) as OwnSetting[]) {
    const given = tuning[setting]
    if (given === undefined || given === false || wanted.some(backend => takes(backend, setting))) continue
    const taking = backends.filter(backend => backend.takes.includes(setting)).map(({name}) => name)
    const have = [...new Set(wanted)].join(' and ')
    throw new TopologyError(
      `Expected ${optionOf[setting]} with a node that has it (${taking.join(', ')}), got only ${have}`,
    )
  }
}

export interface OpenFilesCheck {
  readonly node: string
  readonly backend: Backend
  /** The node's arguments, in which the last `-c` counts. */
  readonly args: readonly string[]
  readonly asRoot: boolean
  readonly limit?: OpenFileLimit | null
}

/** @throws OpenFilesError where a node would refuse to start, or run out of descriptors before it is full. */
export function assertEnoughFiles({node, backend, args, asRoot, limit = readOpenFileLimit()}: OpenFilesCheck): void {
  const wanted = readMaxConnections(args)
  // Root may raise the limit, and memcached does.
  if (limit === null || wanted <= limit.hard || (asRoot && backendOf(backend).program !== null)) return
  throw new OpenFilesError(
    `Expected at least ${wanted} open files for the connections of ${node} (-c ${wanted}), got a limit of ${limit.hard}: ` +
      `allow fewer with --max-conns ${Math.max(1, limit.hard - 64)}, or raise it (ulimit -n, LimitNOFILE=, /etc/security/limits.conf)`,
  )
}

/** `-c N`, `-cN` or memcached 1.6's `--conn-limit`. */
function readMaxConnections(args: readonly string[]): number {
  let found = DEFAULT_MAX_CONNECTIONS
  for (const [index, word] of args.entries()) {
    const match = /^(?:-c|--conn-limit=?)(\d*)$/.exec(word)
    if (match !== null) found = Number(match[1] || args[index + 1]) || found
  }
  return found
}
