/** What a node holds under a key of the ledger. */
export type HeldKind = 'absent' | 'ours' | 'foreign' | 'corrupt'

/** One node's side of a key; `version` and `flags` apply to `ours` only. */
export interface Held {
  readonly kind: HeldKind
  readonly version: number
  readonly flags: number
}

/** What the load's ledger says of a key. */
export interface KeyRecord {
  /** Last version acknowledged; 0 for none. */
  readonly acknowledged: number
  /** Last version sent; versions between the two are uncertain. */
  readonly sent: number
  /** It was deleted, or a write of it failed: it may rightly be absent. */
  readonly mayBeAbsent: boolean
  /** Its time to live is over, or about to be. */
  readonly mayHaveExpired: boolean
  /** Its time to live has been over for long enough: it must be absent. */
  readonly mustHaveExpired: boolean
  /** Whether an older version may still take effect: a write that was lost with its connection. */
  readonly mayReturn: (version: number) => boolean
}

/**
 * What is wrong with a key. A and B are the two nodes; a single node is A, and
 * what it lacks is lost.
 */
export const findingKinds = [
  /** Acknowledged, and on no node: only an older version or nothing is left. */
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
  /** The same version on both, with another exptime; or there long after it expired. */
  'otherExptime',
  /** Deleted, and there again. */
  'resurrected',
  /** There, though nobody ever sent it. */
  'phantom',
  /** A value of another key or run under an acknowledged key. */
  'foreign',
  /** A value that nobody wrote. */
  'corrupt',
] as const

export type FindingKind = (typeof findingKinds)[number]

/** Nodes that have nothing under a key. */
export type Absence = 'none' | 'A' | 'B' | 'both'

export interface Finding {
  readonly kind: FindingKind
  /** Acknowledged versions that are on no node: what the key adds to the RPO. */
  readonly lostVersions: number
  /** Versions behind, of the staler node. */
  readonly staleVersions: number
  /** Nodes on which the key is missing, when that is what is wrong. */
  readonly absence: Absence
}

/** A key that is wrong, and what the nodes hold under it. */
export interface WrongKey {
  readonly key: number
  readonly finding: Finding
  readonly held: readonly Held[]
}

/** Judges one key. @returns the worst that is wrong with it; `expired` when all that is missing has expired; null when it is intact */
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

/** One node or both lack the acknowledged version. */
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

/** The key may be absent: a node that has it must have the current version, or one that may still take effect. */
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
