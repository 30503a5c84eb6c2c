/** What a node holds under a key of the ledger. */
export type HeldKind = 'absent' | 'ours' | 'foreign' | 'corrupt'

/** One node's side of a key; `version` and `flags` count for `ours` only. */
export interface Held {
  readonly kind: HeldKind
  readonly version: number
  readonly flags: number
}

/** What the load knows of a key. */
export interface KeyRecord {
  /** Last version acknowledged; 0 for none. */
  readonly acknowledged: number
  /** Last version sent; what lies between is uncertain. */
  readonly sent: number
  /** It was deleted, or a write of it failed: absence is right. */
  readonly mayBeAbsent: boolean
  /** Its time to live is over, or about to be. */
  readonly mayHaveExpired: boolean
  /** Its time to live is over for so long that it must be gone. */
  readonly mustHaveExpired: boolean
  /** Whether an older version may come back late: a write that was lost with its connection. */
  readonly mayReturn: (version: number) => boolean
}

/**
 * What is wrong with a key. A and B are the two nodes; with one node only it
 * is A, and what it lacks is lost.
 */
export const findingKinds = [
  /** Acknowledged, and on no node: an older version or nothing is left. */
  'lost',
  'missingOnA',
  'missingOnB',
  /** An older version, while the other node has the acknowledged one. */
  'staleOnA',
  'staleOnB',
  /** Both have an acknowledged or later version, but not the same one; or only one has what nobody acknowledged. */
  'diverged',
  /** The same version on both, with other flags. */
  'otherFlags',
  /** The same version on both, with another time of expiry; or there long after it. */
  'otherExptime',
  /** Deleted, and there again. */
  'resurrected',
  /** There, though nobody ever sent it. */
  'phantom',
  /** A value of another key or run under an acknowledged key. */
  'foreign',
  /** Not as anything was written. */
  'corrupt',
] as const

export type FindingKind = (typeof findingKinds)[number]

/** Which nodes have nothing under a key. */
export type Absence = 'none' | 'A' | 'B' | 'both'

export interface Finding {
  readonly kind: FindingKind
  /** Acknowledged versions that are on no node: what the key adds to the RPO. */
  readonly lostVersions: number
  /** Versions behind, of the staler node. */
  readonly staleVersions: number
  /** Where that anything is missing is what is wrong. */
  readonly absence: Absence
}

/** @returns the worst that is wrong with a key; `expired` when all that is missing has expired; null when nothing is */
export function judgeKey(
  record: KeyRecord,
  nodes: readonly [Held] | readonly [Held, Held],
): Finding | 'expired' | null {
  const [a, b = a] = nodes
  if (a.kind === 'corrupt' || b.kind === 'corrupt') return plain('corrupt')
  if (isPhantom(record, a) || isPhantom(record, b)) return plain('phantom')
  const {acknowledged} = record
  if (acknowledged > 0 && (a.kind === 'foreign' || b.kind === 'foreign')) return plain('foreign')
  if (record.mayBeAbsent) return judgeAbsent(record, a, b)
  if (record.mustHaveExpired && [a, b].some(held => held.kind === 'ours' && !record.mayReturn(held.version))) {
    return plain('otherExptime')
  }
  if (acknowledged > 0) {
    const expired = (held: Held): boolean => record.mayHaveExpired && held.kind === 'absent'
    const hasA = isCurrent(record, a) || expired(a)
    const hasB = isCurrent(record, b) || expired(b)
    if (!hasA || !hasB) return judgeBehind(record, {a, b, hasA, hasB})
    if (expired(a) || expired(b)) return 'expired'
  }
  return compare(a, b)
}

/** A node, or both, lack the acknowledged version. */
function judgeBehind(
  {acknowledged}: KeyRecord,
  {a, b, hasA, hasB}: {a: Held; b: Held; hasA: boolean; hasB: boolean},
): Finding {
  const absence = absenceOf(a, b)
  if (!hasA && !hasB) {
    const best = Math.max(versionOf(a), versionOf(b))
    return {kind: 'lost', lostVersions: acknowledged - best, staleVersions: 0, absence}
  }
  const behind = hasA ? b : a
  if (behind.kind === 'absent') return {...plain(hasA ? 'missingOnB' : 'missingOnA'), absence}
  return {...plain(hasA ? 'staleOnB' : 'staleOnA'), staleVersions: acknowledged - behind.version}
}

/** Absence is right: what is there must be a version since, or one that may come late. */
function judgeAbsent(record: KeyRecord, a: Held, b: Held): Finding | null {
  const back = [a, b].some(held => held.kind === 'ours' && !isCurrent(record, held))
  return back ? plain('resurrected') : compare(a, b)
}

function compare(a: Held, b: Held): Finding | null {
  if (a.kind !== b.kind) return {...plain('diverged'), absence: absenceOf(a, b)}
  if (a.kind !== 'ours') return null
  if (a.version !== b.version) return plain('diverged')
  return a.flags === b.flags ? null : plain('otherFlags')
}

function isCurrent({acknowledged, mayReturn}: KeyRecord, held: Held): boolean {
  return held.kind === 'ours' && (held.version >= acknowledged || mayReturn(held.version))
}

function isPhantom({sent}: KeyRecord, held: Held): boolean {
  return held.kind === 'ours' && held.version > sent
}

function absenceOf(a: Held, b: Held): Absence {
  if (a.kind !== 'absent') return b.kind === 'absent' ? 'B' : 'none'
  return b.kind === 'absent' ? 'both' : 'A'
}

function versionOf(held: Held): number {
  return held.kind === 'ours' ? held.version : 0
}

function plain(kind: FindingKind): Finding {
  return {kind, lostVersions: 0, staleVersions: 0, absence: 'none'}
}
