import {type Address, formatAddress} from '../../protocol/address.js'
import type {ClusterNode} from '../node-api/cluster-node.js'
import type {NodeEvent} from '../node-api/node-event.js'
import {findPortHolder, type PortHolder} from '../system/port-holder.js'

/** A node of the pair and where it listens for its peer. */
export interface PairMember {
  readonly node: ClusterNode
  readonly replicationAddress: Address
}

export interface ThirdProcessWatch {
  readonly pair: readonly [PairMember, PairMember]
  /** Other nodes with the same replication port. */
  readonly others: readonly ClusterNode[]
  /** Who listens on an address. @default as the system tells */
  readonly findHolder?: (address: Address) => PortHolder | null
}

/**
 * Raises `thirdProcess` on the node concerned: where a node of the pair can't listen because of a process
 * that is not its partner, and where another node takes the pair's port or a place in the pair.
 * @returns what ends the watch
 */
export function watchThirdProcess({pair, others, findHolder = findPortHolder}: ThirdProcessWatch): () => void {
  const stops = [
    ...pair.map((member, index) => {
      const partner = pair[1 - index]!.node
      return onKind(member.node, 'bindFailed', () => explainBindFailure({member, partner, others, findHolder}))
    }),
    ...others.flatMap(other => [
      onKind(other, 'listening', () => {
        if (!pair.every(({node}) => isLinked(node))) return
        const names = pair.map(({node}) => node.name).join(' and ')
        other.report('thirdProcess', `took the free replication port while ${names} are linked`)
      }),
      onKind(other, 'linkUp', () => {
        const partner = pair.find(({node}) => isLinked(node))?.node.name ?? 'one of the pair'
        other.report('thirdProcess', `took a place in the pair, and linked with ${partner}`)
      }),
    ]),
  ]
  return () => {
    for (const stop of stops) stop()
  }
}

interface BindFailure {
  readonly member: PairMember
  readonly partner: ClusterNode
  readonly others: readonly ClusterNode[]
  readonly findHolder: (address: Address) => PortHolder | null
}

function explainBindFailure({member, partner, others, findHolder}: BindFailure): void {
  const {node, replicationAddress} = member
  const holder = findHolder(replicationAddress)
  // Both on one address: after an outage the first to listen shuts the other out. Its bindFailed says enough.
  if (holder === null ? isListening(partner) : holder.pid === partner.status().pid) return
  const other = others.find(candidate =>
    holder === null ? isListening(candidate) : candidate.status().pid === holder.pid,
  )
  const who = other?.name ?? (holder === null ? 'a process that cannot be seen from here' : holder.program)
  const text = `its replication port ${formatAddress(replicationAddress)} is held by ${who}${pidOf(holder)}, which is not its partner`
  node.report('thirdProcess', text, holder === null ? {} : {holderPid: holder.pid, holder: holder.program})
}

/**
 * Looks for a process that listens on a linked pair's replication port, which must be free then.
 * @returns the address and who has it
 */
export function findThirdListener(
  pair: readonly [PairMember, PairMember],
  findHolder: (address: Address) => PortHolder | null = findPortHolder,
): {readonly address: Address; readonly holder: PortHolder} | null {
  if (!pair.every(({node}) => isLinked(node))) return null
  for (const {replicationAddress: address} of pair) {
    const holder = findHolder(address)
    if (holder !== null) return {address, holder}
  }
  return null
}

function onKind(node: ClusterNode, kind: NodeEvent['kind'], react: () => void): () => void {
  return node.onEvent(event => {
    if (event.kind === kind) react()
  })
}

function isLinked(node: ClusterNode): boolean {
  const {link} = node.status()
  return link === 'paired' || (link === 'syncing' && node.status().role === 'master')
}

function isListening(node: ClusterNode): boolean {
  return node.status().link === 'listening'
}

function pidOf(holder: PortHolder | null): string {
  return holder === null ? '' : ` (pid ${holder.pid})`
}
