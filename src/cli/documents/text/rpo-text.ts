import type {DrillRpo} from '../../../engine/drills/judge/drill-rpo.js'
import type {FailoverLoss} from '../../../engine/drills/judge/failover-losses.js'
import {formatCount, formatLength} from '../phrases/format.js'

type Lost = DrillRpo['atEnd']
/** Drills that an older version kept have what was lost at the end only. */
type KeptRpo = DrillRpo | Lost

const SHOWN_MAX = 6
const INDENT = ' '.repeat(15)

/** What was lost, at the moment of failover and in the end. */
export function rpoLines(rpo: KeptRpo): string[] {
  if (!('atEnd' in rpo)) return [`RPO            ${describeLost(rpo, 'lost')}`]
  return [
    `RPO            ${describeUnknown(rpo)}`,
    ...describeFailovers(rpo),
    `at the end     ${describeLost(rpo.atEnd, 'still lost')}`,
  ]
}

/** What may be lost, too, makes it no less than what is lost for certain. */
function describeUnknown(rpo: DrillRpo): string {
  if (rpo.writes === 0 && rpo.unknown === 0 && rpo.failovers.length === 0) {
    return '0 acknowledged writes lost: no client failed over'
  }
  const what = besidesOf(rpo) === 0 ? 'lost at failover' : 'lost'
  if (rpo.unknown === 0) return describeLost(rpo, what)
  const perhaps = `${formatCount(rpo.unknown)} more may be: evicted or lost, or never read before they were overwritten`
  if (rpo.writes === 0) return `unknown: ${perhaps.replace(' more', '')}`
  return `at least ${describeLost(rpo, what)}; ${perhaps}`
}

/** Lost writes that no failover shows, those of the drill's own keys among them. */
function besidesOf({writes, failovers}: DrillRpo): number {
  return writes - failovers.reduce((sum, failover) => sum + failover.writes, 0)
}

function describeLost({writes, keys, ms, first, last}: Lost, what: string): string {
  const ofKeys = keys === 0 ? '' : `, of ${formatCount(keys)} keys`
  const lost = `${formatCount(writes)} acknowledged writes ${what}${ofKeys}`
  if (first === null || last === null) return lost
  const length = ms === null ? 'of how long is not known: too many writes since' : formatLength(ms)
  return `${lost}: ${length}, acknowledged from ${first.toFixed(3)} to ${last.toFixed(3)} s`
}

/** One that lost nothing is told of in the document only. */
function describeFailovers(rpo: DrillRpo): string[] {
  const {failovers} = rpo
  const telling = failovers.filter(({writes, unknown}) => writes > 0 || unknown > 0)
  const lines = telling.slice(0, SHOWN_MAX).map(failover => `${INDENT}${describeFailover(failover)}`)
  const more = telling.length - lines.length
  const besides = besidesOf(rpo)
  return [
    ...lines,
    ...(more === 0 ? [] : [`${INDENT}and at ${more} more failovers, which are in the JSON document`]),
    ...(besides === 0 ? [] : [`${INDENT}${formatCount(besides)} that the end shows, and no failover`]),
  ]
}

function describeFailover({from, to, t, connections, writes, unknown, ms}: FailoverLoss): string {
  const way = from === to ? `back to ${to}, started anew,` : `from ${from} to ${to}`
  const perhaps = unknown === 0 ? '' : `, ${formatCount(unknown)} unknown`
  const length = writes === 0 || ms === null ? '' : `, ${formatLength(ms)}`
  return `${way} at ${t.toFixed(2)} s (${formatCount(connections)} connections): ${formatCount(writes)} lost${length}${perhaps}`
}
