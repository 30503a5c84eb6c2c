import {numberOf, type StatsReply} from '../../protocol/text/stats-reply.js'

/** What an embedded node tells of its replication in `stats repbench`. */
export interface ReplicationFigures {
  /** `default` as repcached, or `resilient`. */
  readonly mode: string
  /** State of the link, in the node's own word. */
  readonly link: string
  readonly role: string
  readonly queueLimit: number | null
  /** Entries that wait to be sent, now and at the worst moment. */
  readonly queueDepth: number | null
  readonly queuePeak: number | null
  readonly fullSyncs: number | null
  readonly resyncs: number | null
  readonly overflows: number | null
  readonly unreplicatedChanges: number | null
}

/** Reads `stats repbench`; null for an embedded node without replication. */
export function replicationOf(stats: StatsReply): ReplicationFigures | null {
  const link = stats.get('link')
  if (link === undefined) return null
  return {
    mode: stats.get('mode') ?? 'default',
    link,
    role: stats.get('role') ?? 'none',
    queueLimit: numberOf(stats, 'queue_limit'),
    queueDepth: numberOf(stats, 'queue_depth'),
    queuePeak: numberOf(stats, 'queue_peak'),
    fullSyncs: numberOf(stats, 'full_syncs'),
    resyncs: numberOf(stats, 'resyncs'),
    overflows: numberOf(stats, 'overflows'),
    unreplicatedChanges: numberOf(stats, 'unreplicated_changes'),
  }
}

/** Connections that the node counts with its clients', as repcached does: the link with its pipe, the listening socket. */
export function innerConnectionsOf(replication: ReplicationFigures | null): number | null {
  if (replication === null) return null
  return replication.link === 'paired' ? 3 : replication.link === 'listening' ? 1 : 0
}
