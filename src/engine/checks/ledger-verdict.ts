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
  /** Both have an acknowledged or later version, but not the same, or other flags. */
  'diverged',
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

export interface Finding {
  readonly kind: FindingKind
  /** Acknowledged versions that are on no node: what the key adds to the RPO. */
  readonly lostVersions: number
  /** Versions behind, of the staler node. */
  readonly staleVersions: number
}

/** @returns the worst that is wrong with a key, or null */
export function judgeKey(record: KeyRecord, nodes: readonly [Held] | readonly [Held, Held]): Finding | null {
  const [a, b = a] = nodes
  if (a.kind === 'corrupt' || b.kind === 'corrupt') return plain('corrupt')
  if (isPhantom(record, a) || isPhantom(record, b)) return plain('phantom')
  const {acknowledged} = record
  if (acknowledged > 0 && (a.kind === 'foreign' || b.kind === 'foreign')) return plain('foreign')
  const hasA = isCurrent(record, a)
  const hasB = isCurrent(record, b)
  if (record.mayBeAbsent) return judgeAbsent(record, a, b)
  if (acknowledged > 0 && !hasA && !hasB) {
    const best = Math.max(versionOf(a), versionOf(b))
    return {kind: 'lost', lostVersions: acknowledged - best, staleVersions: 0}
  }
  if (acknowledged > 0 && hasA !== hasB) {
    const behind = hasA ? b : a
    if (behind.kind === 'absent') return plain(hasA ? 'missingOnB' : 'missingOnA')
    const staleVersions = acknowledged - behind.version
    return {kind: hasA ? 'staleOnB' : 'staleOnA', lostVersions: 0, staleVersions}
  }
  return differ(a, b) ? plain('diverged') : null
}

/** Absence is right: what is there must be a version since, or one that may come late. */
function judgeAbsent(record: KeyRecord, a: Held, b: Held): Finding | null {
  const back = [a, b].some(held => held.kind === 'ours' && !isCurrent(record, held))
  if (back) return plain('resurrected')
  return differ(a, b) ? plain('diverged') : null
}

function isCurrent({acknowledged, mayReturn}: KeyRecord, held: Held): boolean {
  return held.kind === 'ours' && (held.version >= acknowledged || mayReturn(held.version))
}

function isPhantom({sent}: KeyRecord, held: Held): boolean {
  return held.kind === 'ours' && held.version > sent
}

function differ(a: Held, b: Held): boolean {
  if (a.kind !== b.kind) return true
  return a.kind === 'ours' && (a.version !== b.version || a.flags !== b.flags)
}

function versionOf(held: Held): number {
  return held.kind === 'ours' ? held.version : 0
}

function plain(kind: FindingKind): Finding {
  return {kind, lostVersions: 0, staleVersions: 0}
}
