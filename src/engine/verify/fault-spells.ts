import type {Fault} from './verification.js'

/** Reads that were wrong in the same way, from the same server, soon after each other. */
export interface FaultSpell {
  readonly kind: Fault
  /** `host:port` */
  readonly server: string
  /** In seconds from the start of the load: the first of them, and the last. */
  readonly from: number
  readonly to: number
  readonly reads: number
}

/** A wrong read this long after the one before is of another spell. */
const GAP_SECONDS = 0.5
/** A server that is wrong again and again must not fill the memory: of each kind later spells are counted, not kept. */
const KEPT_MAX = 100

/** Adds one wrong read. @param at in seconds */
export function addToSpells(spells: FaultSpell[], {at, kind, server}: {at: number; kind: Fault; server: string}): void {
  addSpell(spells, {kind, server, from: at, to: at, reads: 1})
}

/** Those of all load threads, in order of time. */
export function mergeSpells(parts: readonly (readonly FaultSpell[])[]): FaultSpell[] {
  const merged: FaultSpell[] = []
  for (const spell of parts.flat().toSorted((a, b) => a.from - b.from)) addSpell(merged, spell)
  return merged
}

/** Joins it to the one that it goes on from, if any. */
function addSpell(spells: FaultSpell[], spell: FaultSpell): void {
  const place = spells.findLastIndex(({kind, server}) => kind === spell.kind && server === spell.server)
  const last = spells[place]
  if (last !== undefined && spell.from - last.to <= GAP_SECONDS) {
    spells[place] = {...last, to: Math.max(last.to, spell.to), reads: last.reads + spell.reads}
  } else if (spells.filter(({kind}) => kind === spell.kind).length < KEPT_MAX) spells.push(spell)
}
