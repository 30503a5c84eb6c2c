import type {FaultyReads} from '../../../engine/drills/judge/faulty-reads.js'
import type {WrongReads} from '../../../engine/drills/judge/wrong-reads.js'
import {pickExamples} from '../../../engine/verify/pick-examples.js'
import {worstFaultsFirst} from '../../../engine/verify/verification.js'
import {formatCount, formatLength} from '../phrases/format.js'

const SHOWN_MAX = 5
const INDENT = ' '.repeat(15)

/** When and where reads of a drill were wrong, for people: every kind, in order of time. */
export function faultyReadsLines(faultyReads: readonly FaultyReads[]): string[] {
  const shown = pickExamples<string, FaultyReads>(faultyReads, {worstFirst: worstFaultsFirst, most: SHOWN_MAX})
  const lines = shown.toSorted((a, b) => a.from - b.from).map(spell => `${INDENT}${describeSpell(spell)}`)
  const more = faultyReads.length - lines.length
  return more === 0 ? lines : [...lines, `${INDENT}and ${more} times more, which are in the JSON document`]
}

/** What explains them. @param reads not in a drill that an older version kept */
export function wrongReadsLines(reads: WrongReads | null | undefined): string[] {
  if (reads == null) return []
  const {ofLostWrites, atFailover, perhapsEvicted, unexplained} = reads
  const parts = [
    [ofLostWrites, 'of writes lost at failover'],
    [atFailover, 'while clients changed servers'],
    [perhapsEvicted, 'perhaps of evicted items'],
  ] as const
  const explained = parts.filter(([count]) => count > 0).map(([count, what]) => `${formatCount(count)} ${what}`)
  const rest = unexplained === null ? 'the rest unknown' : `${formatCount(unexplained)} unexplained`
  return [`${INDENT}${[...explained, rest].join(', ')}`]
}

function describeSpell({kind, node, server, from, to, reads, fault, faultName, emptySince}: FaultyReads): string {
  const length = to > from ? `, for ${formatLength(Math.ceil((to - from) * 1000))}` : ''
  const after = fault === null ? '' : `, after fault ${fault} (${faultName})`
  const why =
    emptySince === null
      ? ''
      : `, while the node had no full sync: it had opened ${formatLength(Math.round((from - emptySince) * 1000))} before without one`
  return `${formatCount(reads)} ${kind} on ${node ?? server} from ${from.toFixed(2)} s${length}${after}${why}`
}
