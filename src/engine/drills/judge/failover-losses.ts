import type {LedgerCheck} from '../../check/ledger/check-ledger.js'
import type {NamedFindingKind} from '../../check/ledger/ledger-findings.js'
import type {Ack} from '../../verify/ack-times.js'
import type {SeenFailovers} from '../failover/failover-watch.js'
import {type Failover, type KeyAtRisk, newestOf} from '../failover/failovers.js'

/** A key that the check at the end found wrong. */
export interface JudgedKey {
  readonly key: number
  readonly kind: NamedFindingKind
  /** The newest acknowledged version that is left. */
  readonly best: number
  readonly lostVersions: number
}

/** Writes lost when clients went to the other node, or to a restarted one. */
export interface FailoverLoss {
  /** Names of nodes. */
  readonly from: string
  readonly to: string
  /** When the first connection was there, and the last, in seconds from the start of the load. */
  readonly t: number
  readonly until: number
  readonly connections: number
  /** Acknowledged before, and perhaps not on the new node: writes that had to be looked for. */
  readonly atRisk: number
  readonly writes: number
  readonly keys: number
  /** As in LostSpan, from the fault before this failover. */
  readonly ms: number | null
  readonly first: number | null
  readonly last: number | null
  /** Writes that may be lost. */
  readonly unknown: number
}

export interface LossesAtFailover {
  readonly failovers: readonly FailoverLoss[]
  /** Keys that lost anything at failovers. */
  readonly keys: number
  /** Found lost at the end, at none of the failovers. */
  readonly besides: {readonly writes: number; readonly keys: number}
  /** Keys undecided at the end that are counted at a failover. */
  readonly undecidedSeen: number
  readonly witnessReads: number
  readonly surveyReads: number
}

interface LossFacts {
  readonly seen: SeenFailovers
  readonly check: Pick<LedgerCheck, 'removals' | 'lostWrites' | 'findings'>
  /** Keys that the check at the end found wrong. */
  readonly judged: readonly JudgedKey[]
  /** The newest acknowledged version of a key. */
  readonly acknowledged: (key: number) => number
  /** Values expire, so that absence says little. */
  readonly expires: boolean
  /** Names, in the order of the targets. */
  readonly nodes: readonly string[]
  /** Of the acknowledgements' clock, in seconds from the start of the load. */
  readonly origin: number
  /** When faults began, in seconds from the start of the load. */
  readonly faults: readonly number[]
}

/** Writes at risk at one failover, judged. */
interface Judgement {
  readonly failover: Failover
  readonly lost: Ack[]
  unknown: number
}

/** Says which writes at risk were lost; each counts once, at the first failover that shows it. */
export function judgeFailovers(facts: LossFacts): LossesAtFailover {
  const {seen, check, judged} = facts
  const atEnd = new Map(judged.map(one => [one.key, one]))
  const mayBeEvicted = facts.expires || check.removals.some(({evictions, isCertain}) => evictions > 0 || !isCertain)
  const lostVersions = new Map<number, Set<number>>()
  let undecidedSeen = 0
  const count = (ack: Ack, judgement: Judgement): void => {
    const versions = lostVersions.get(ack.key) ?? new Set()
    if (versions.has(ack.version)) return
    lostVersions.set(ack.key, versions.add(ack.version))
    judgement.lost.push(ack)
  }
  const judgements = seen.failovers.map(failover => {
    const judgement: Judgement = {failover, lost: [], unknown: 0}
    for (const [key, risk] of failover.keys) {
      const isWritten = facts.acknowledged(key) > newestOf(risk)
      const held = heldOf(risk, {end: atEnd.get(key), mayBeEvicted, isWritten})
      if (held === 'intact') continue
      if (typeof held === 'number') for (const ack of risk.writes) if (ack.version > held) count(ack, judgement)
      if (typeof held === 'number') continue
      judgement.unknown += risk.writes.filter(({version}) => version > held.atLeast).length
      if (atEnd.get(key)?.kind === 'undecided') undecidedSeen++
    }
    return judgement
  })
  return {
    failovers: judgements.filter(isOfInterest).map(judgement => describe(judgement, facts)),
    keys: lostVersions.size,
    besides: countBesides(facts, lostVersions),
    undecidedSeen,
    witnessReads: seen.witnessReads,
    surveyReads: seen.surveyReads,
  }
}

/** Newest version that the new server held, or the one that it held at least. @param isWritten the key was written since */
function heldOf(
  risk: KeyAtRisk,
  {end, mayBeEvicted, isWritten}: {end: JudgedKey | undefined; mayBeEvicted: boolean; isWritten: boolean},
): number | 'intact' | {readonly atLeast: number} {
  const {held, isAbsent, isTouched} = risk
  if (held !== null) {
    if (held >= newestOf(risk)) return 'intact'
    return isAbsent && mayBeEvicted ? {atLeast: held} : held
  }
  // Overwritten before it was read.
  if (isTouched || isWritten) return {atLeast: 0}
  // Never written again: what is there at the end was there then.
  if (end === undefined) return 'intact'
  if (end.kind === 'evicted' || end.kind === 'undecided') return {atLeast: end.best}
  return end.kind === 'lost' ? end.best : 'intact'
}

/** Losses found at the end without those counted at failovers. */
function countBesides(
  {check, judged}: LossFacts,
  lostVersions: ReadonlyMap<number, ReadonlySet<number>>,
): LossesAtFailover['besides'] {
  let writes = check.lostWrites
  let keys = check.findings.lost
  for (const {key, kind, best, lostVersions: lostOfKey} of judged) {
    const counted = lostVersions.get(key)
    if (kind !== 'lost' || counted === undefined) continue
    keys--
    writes -= Math.min(lostOfKey, [...counted].filter(version => version > best).length)
  }
  return {writes: Math.max(0, writes), keys: Math.max(0, keys)}
}

function isOfInterest({failover, lost, unknown}: Judgement): boolean {
  return failover.from !== failover.to || lost.length > 0 || unknown > 0
}

function describe({failover, lost, unknown}: Judgement, {nodes, origin, faults}: LossFacts): FailoverLoss {
  const seconds = (ms: number): number => origin + ms / 1000
  const t = seconds(failover.firstMs)
  const atMs = lost.map(ack => ack.atMs).toSorted((a, b) => a - b)
  const [first, last] = [atMs[0], atMs.at(-1)].map(ms => (ms === undefined ? null : seconds(ms)))
  const fault = faults.findLast(begin => begin <= t) ?? null
  let ms: number | null = 0
  if (first != null && last != null) ms = failover.isComplete ? lengthMs({first, last, fault}) : null
  return {
    from: nodes[failover.from] ?? '',
    to: nodes[failover.to] ?? '',
    t,
    until: seconds(failover.lastMs),
    connections: failover.connections.size,
    atRisk: [...failover.keys.values()].reduce((sum, {writes}) => sum + writes.length, 0),
    writes: lost.length,
    keys: new Set(lost.map(({key}) => key)).size,
    ms,
    first: first ?? null,
    last: last ?? null,
    unknown,
  }
}

/** Length of an RPO. @param span in seconds */
export function lengthMs(span: {first: number; last: number; fault: number | null}): number {
  const {first, last, fault} = span
  return Math.round((Math.max(fault ?? last, last) - first) * 10_000) / 10
}
