import type {Address} from '../../protocol/address.js'
import type {Backend} from '../node-api/cluster-node.js'
import type {NodeTuning} from './node-tuning.js'

/** A program as it is run. */
export interface ProcessCommand {
  readonly program: string
  readonly args: readonly string[]
}

/** Where a node of a pair meets its peer. */
export interface ReplicationPlace {
  /** The port that it listens on itself, at its own address. */
  readonly listenPort: number
  readonly peer: Address
}

export interface NodeArgs {
  readonly backend: Backend
  /** The program's file; for an embedded node that of bin/repbench.js. */
  readonly program: string
  readonly address: Address
  /** null = no peer. */
  readonly replication: ReplicationPlace | null
  /** Whether a repcached is in the pair, whose ways with the replication port the embedded nodes then have. @default false */
  readonly besideRepcached?: boolean
  /** Whether the node will run as root, which the C programs must be told to accept. */
  readonly asRoot: boolean
  readonly tuning?: NodeTuning
  /** More of the program's own arguments, put last so that they win. */
  readonly more?: readonly string[]
}

/** Program and arguments of a node; all backends take memcached's flags. */
export function nodeCommand({
  backend,
  program,
  replication,
  besideRepcached = false,
  asRoot,
  ...rest
}: NodeArgs): ProcessCommand {
  const {address, tuning = {}, more = []} = rest
  const listen = ['-v', '-l', address.host, '-p', String(address.port)]
  const native = ['-U', '0', ...(asRoot ? ['-u', 'root'] : [])]
  const replicate = replication === null ? null : ['-x', replication.peer.host, '-X', replicationPorts(replication)]
  const tuned = [...tuningArgs(backend, tuning), ...more]
  switch (backend) {
    case 'embedded': {
      const silentPeers = besideRepcached && replicate !== null ? ['--like-repcached'] : []
      const args = [program, 'node', ...listen, ...(replicate ?? ['--no-replication']), ...silentPeers, ...tuned]
      return {program: process.execPath, args}
    }
    case 'memcached':
      return {program, args: [...listen, ...native, ...tuned]}
    case 'repcached':
      // It always has a replication port: any, so that several nodes without a peer fit on one machine.
      return {program, args: [...listen, ...native, ...(replicate ?? ['-X', '0']), ...tuned]}
  }
}

/** One number for both, which every version reads, or 2.2.1's LISTEN:CONNECT. */
function replicationPorts({listenPort, peer}: ReplicationPlace): string {
  return listenPort === peer.port ? String(listenPort) : `${listenPort}:${peer.port}`
}

/** What the tuning means to a backend; what it doesn't have is left out. */
function tuningArgs(backend: Backend, tuning: NodeTuning): string[] {
  const {memoryMegabytes, threads, maxConnections, queueLimit, resilient} = tuning
  const replicates = backend !== 'memcached'
  return [
    ...flag('-m', memoryMegabytes),
    ...flag('-c', maxConnections),
    ...(backend === 'embedded' ? [] : flag('-t', threads)),
    ...(replicates ? flag('-q', queueLimit) : []),
    ...(backend === 'embedded' && resilient === true ? ['--resilient'] : []),
  ]
}

function flag(name: string, value: number | undefined): string[] {
  return value === undefined ? [] : [name, String(value)]
}

/** As a person would type it. */
export function shellLine({program, args}: ProcessCommand): string {
  return [program, ...args].map(quoteForShell).join(' ')
}

function quoteForShell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
