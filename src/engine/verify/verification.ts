import {addToSpells, type FaultSpell, mergeSpells} from './fault-spells.js'
import {EXAMPLES_MAX, pickExamples} from './pick-examples.js'

/** What became of a read that was not as it should be. */
export type Fault = 'stale' | 'missing' | 'foreign' | 'corrupt'

interface FaultExample {
  readonly key: string
  readonly kind: Fault
  readonly text: string
}

/** What came of reads, by key read. */
export interface Verification {
  /** The last acknowledged version or a later one. */
  fresh: number
  /** An older version. */
  stale: number
  /** No value, though one was acknowledged. */
  missing: number
  /** A well-formed value of another key or another run, or one that this run never wrote. */
  foreign: number
  /** Not as anything was written. */
  corrupt: number
  /** Something from before this run, of a key that it has not written yet: no fault. */
  leftover: number
  worstStaleVersions: number
  /** Of each kind the first few; of a merged one every kind that came, the worst first. */
  readonly examples: FaultExample[]
  /** When, and from whom, the faults came. */
  readonly spells: FaultSpell[]
}

/** A value that nobody wrote so is worse than an old one, and that than none. */
export const worstFaultsFirst: readonly Fault[] = ['corrupt', 'foreign', 'stale', 'missing']

export function emptyVerification(): Verification {
  return {
    fresh: 0,
    stale: 0,
    missing: 0,
    foreign: 0,
    corrupt: 0,
    leftover: 0,
    worstStaleVersions: 0,
    examples: [],
    spells: [],
  }
}

/** Counts a fault; the first few of each kind are kept, with what `text` says of them. @param at in seconds, on the clock of the spells */
export function noteFault(
  verification: Verification,
  {kind, key, text, ...place}: {kind: Fault; key: () => string; text: () => string; at: number; server: string},
): void {
  verification[kind]++
  addToSpells(verification.spells, {kind, ...place})
  if (verification[kind] <= EXAMPLES_MAX) verification.examples.push({key: key(), kind, text: text()})
}

export function countFaults(verification: Readonly<Pick<Verification, Fault>> | null): number {
  if (verification === null) return 0
  return verification.stale + verification.missing + verification.foreign + verification.corrupt
}

export function mergeVerifications(parts: readonly Verification[]): Verification {
  const sum = {
    ...emptyVerification(),
    examples: pickExamples(
      parts.flatMap(({examples}) => examples),
      {worstFirst: worstFaultsFirst},
    ),
    spells: mergeSpells(parts.map(({spells}) => spells)),
  }
  for (const part of parts) {
    sum.fresh += part.fresh
    sum.stale += part.stale
    sum.missing += part.missing
    sum.foreign += part.foreign
    sum.corrupt += part.corrupt
    sum.leftover += part.leftover
    sum.worstStaleVersions = Math.max(sum.worstStaleVersions, part.worstStaleVersions)
  }
  return sum
}
