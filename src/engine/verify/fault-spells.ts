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
/** A server that is wrong again and again must not fill the memory: later spells are counted, not kept. */
const KEPT_MAX = 100

/** Adds one wrong read. @param at in seconds */
export function addToSpells(spells: FaultSpell[], {at, kind, server}: {at: number; kind: Fault; server: string}): void {
  const place = spells.findLastIndex(spell => spell.kind === kind && spell.server === server)
  const last = spells[place]
  if (last !== undefined && at - last.to <= GAP_SECONDS) {
    spells[place] = {...last, to: Math.max(last.to, at), reads: last.reads + 1}
  } else if (spells.length < KEPT_MAX) spells.push({kind, server, from: at, to: at, reads: 1})
}

/** Those of all load threads, in order of time. */
export function mergeSpells(parts: readonly (readonly FaultSpell[])[]): FaultSpell[] {
  const merged: FaultSpell[] = []
  for (const spell of parts.flat().toSorted((a, b) => a.from - b.from)) {
    const place = merged.findLastIndex(({kind, server}) => kind === spell.kind && server === spell.server)
    const last = merged[place]
    if (last !== undefined && spell.from - last.to <= GAP_SECONDS) {
      merged[place] = {...last, to: Math.max(last.to, spell.to), reads: last.reads + spell.reads}
    } else merged.push(spell)
  }
  return merged.slice(0, KEPT_MAX)
}
