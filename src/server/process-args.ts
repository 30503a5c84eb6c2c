import type {Address} from '../protocol/address.js'
import type {Backend} from './cluster-node.js'
import type {ProcessCommand} from './supervised-process.js'

export interface NodeArgs {
  readonly backend: Backend
  /** The program's file; for an embedded node that of bin/repbench.js. */
  readonly program: string
  readonly address: Address
  /** Where its peer's replication port is (the same number that it listens on itself); null = no peer. */
  readonly peer: Address | null
  /** Whether the node will run as root, which the C programs must be told to accept. */
  readonly asRoot: boolean
}

/** Program and arguments of a node; all backends take memcached's flags. */
export function nodeCommand({backend, program, address, peer, asRoot}: NodeArgs): ProcessCommand {
  const listen = ['-v', '-l', address.host, '-p', String(address.port)]
  const native = ['-U', '0', ...(asRoot ? ['-u', 'root'] : [])]
  const replicate = peer === null ? null : ['-x', peer.host, '-X', String(peer.port)]
  switch (backend) {
    case 'embedded':
      return {program: process.execPath, args: [program, 'node', ...listen, ...(replicate ?? ['--no-replication'])]}
    case 'memcached':
      return {program, args: [...listen, ...native]}
    case 'repcached':
      // It always has a replication port: any, so that several nodes without a peer fit on one machine.
      return {program, args: [...listen, ...native, ...(replicate ?? ['-X', '0'])]}
  }
}

/** As a person would type it. */
export function shellLine({program, args}: ProcessCommand): string {
  return [program, ...args].map(quoteForShell).join(' ')
}

function quoteForShell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
