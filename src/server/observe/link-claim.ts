import type {LinkState} from '../node-api/cluster-node.js'
import type {LinkClaim, NodeEvidence} from '../node-api/link-verdict.js'
import type {NodeEvent} from '../node-api/node-event.js'
import type {NodeSample} from '../stats/node-sample.js'

/** What the log of a supervised node last claimed of its link; null when it said nothing. */
export function claimOfState(link: LinkState): LinkClaim | null {
  switch (link) {
    case 'paired':
    case 'listening':
    case 'orphaned':
      return link
    case 'dialling':
    case 'syncing':
      return 'joining'
    default:
      return null
  }
}

/** What an event makes of that claim: undefined to leave it, null to withdraw it. */
export function claimOfEvent(kind: NodeEvent['kind']): LinkClaim | null | undefined {
  switch (kind) {
    case 'linkUp':
    case 'fullSyncStarted':
    case 'fullSyncDone':
      return 'paired'
    case 'linkLost':
    case 'dialFailed':
      return 'apart'
    case 'listening':
      return 'listening'
    case 'bindFailed':
      return 'orphaned'
    case 'dialling':
      return 'joining'
    case 'started':
    case 'crashed':
    case 'killed':
    case 'stopped':
      return null
    default:
      return undefined
  }
}

/** Connections that repcached itself has open: the link with its pipe, the socket that waits for a partner, none. */
const claimsOfConnections: Readonly<Record<number, LinkClaim>> = {3: 'paired', 1: 'listening', 0: 'orphaned'}

const claimsOfEmbedded: Readonly<Record<string, LinkClaim>> = {
  paired: 'paired',
  dialling: 'joining',
  joining: 'joining',
  listening: 'listening',
  orphaned: 'orphaned',
}

/**
 * What a node's figures claim of its link.
 * @param before its sample before: connections that come and go are counted at two moments
 */
export function claimOfSample(sample: NodeSample, before: NodeSample | undefined): NodeEvidence['claim'] {
  if (sample.kind === 'silent' || sample.figures.repcachedVersion === null) return null
  const {atMs, replication, innerConnections} = sample
  if (replication !== null) {
    const link = claimsOfEmbedded[replication.link]
    return link === undefined ? null : {link, source: 'stats repbench', atMs}
  }
  if (innerConnections === null || before?.kind !== 'answered') return null
  const link = before.innerConnections === innerConnections ? claimsOfConnections[innerConnections] : undefined
  return link === undefined ? null : {link, source: 'curr_connections', atMs}
}
