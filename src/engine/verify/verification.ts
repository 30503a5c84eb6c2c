import {EXAMPLES_MAX, pickExamples} from './pick-examples.js'

/** Kinds of wrong reads. */
export type Fault = 'stale' | 'missing' | 'foreign' | 'corrupt'

/** A spell of wrong reads: of one kind, from one server, soon after each other. */
export interface FaultSpell {
  readonly kind: Fault
  /** `host:port` */
  readonly server: string
  /** Of the first and the last of them, in seconds from the start of the load. */
  readonly from: number
  readonly to: number
  readonly reads: number
}

interface FaultExample {
  readonly key: string
  readonly kind: Fault
  readonly text: string
}

/** Result of all reads, by key read. */
export interface Verification {
  /** The last acknowledged version or a later one. */
  fresh: number
  /** An older version. */
  stale: number
  /** No value, though one was acknowledged. */
  missing: number
  /** A well-formed value of another key or another run, or one that this run never wrote. */
  foreign: number
  /** A value that nobody wrote. */
  corrupt: number
  /** A value from before this run, of a key that it has not written yet: no fault. */
  leftover: number
  worstStaleVersions: number
  /** The first few of each kind; after a merge the worst kinds first. */
  readonly examples: FaultExample[]
  /** When, and from which server, the faults came. */
  readonly spells: FaultSpell[]
}

/** A wrong read this long after the one before begins another spell. */
const GAP_SECONDS = 0.5
/** Spells kept of each kind, so that a bad server cannot fill the memory; later ones are only counted. */
const KEPT_MAX = 100

/** A corrupt or foreign value is worse than an old one, and an old one worse than none. */
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

/** Adds one wrong read. @param at in seconds */
export function addToSpells(spells: FaultSpell[], {at, kind, server}: {at: number; kind: Fault; server: string}): void {
  addSpell(spells, {kind, server, from: at, to: at, reads: 1})
}

/** Spells of all load threads, in order of time. */
export function mergeSpells(parts: readonly (readonly FaultSpell[])[]): FaultSpell[] {
  const merged: FaultSpell[] = []
  for (const spell of parts.flat().toSorted((a, b) => a.from - b.from)) addSpell(merged, spell)
  return merged
}

/** Joins a spell to the one that it continues, if any. */
function addSpell(spells: FaultSpell[], spell: FaultSpell): void {
  const place = spells.findLastIndex(({kind, server}) => kind === spell.kind && server === spell.server)
  const last = spells[place]
  if (last !== undefined && spell.from - last.to <= GAP_SECONDS) {
    spells[place] = {...last, to: Math.max(last.to, spell.to), reads: last.reads + spell.reads}
  } else if (spells.filter(({kind}) => kind === spell.kind).length < KEPT_MAX) spells.push(spell)
}
