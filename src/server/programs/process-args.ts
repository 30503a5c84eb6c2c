import type {Address} from '../../protocol/address.js'
import type {BackendSpec} from './backends/backend.js'
import {type Backend, backendOf} from './backends/registry.js'
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
  const spec = backendOf(backend)
  const replicate = replication === null ? null : ['-x', replication.peer.host, '-X', replicationPorts(replication)]
  const args = [
    ...['-v', '-l', address.host, '-p', String(address.port)],
    ...spec.args({replicate, besideRepcached, asRoot}),
    ...tuningArgs(spec, tuning),
    ...more,
  ]
  return spec.program === null ? {program: process.execPath, args: [program, 'node', ...args]} : {program, args}
}

/** One number for both, which every version reads, or 2.2.1's LISTEN:CONNECT. */
function replicationPorts({listenPort, peer}: ReplicationPlace): string {
  return listenPort === peer.port ? String(listenPort) : `${listenPort}:${peer.port}`
}

/** What the tuning means to a backend; what it doesn't have is left out. */
function tuningArgs({takes}: BackendSpec, tuning: NodeTuning): string[] {
  const {memoryMegabytes, threads, maxConnections, queueLimit, resilient} = tuning
  return [
    ...flag('-m', memoryMegabytes),
    ...flag('-c', maxConnections),
    ...(takes.includes('threads') ? flag('-t', threads) : []),
    ...(takes.includes('queueLimit') ? flag('-q', queueLimit) : []),
    ...(takes.includes('resilient') && resilient === true ? ['--resilient'] : []),
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
