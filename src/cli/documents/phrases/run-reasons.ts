import type {AssertionOutcome} from '../../../engine/assertions/check-assertion.js'
import {TURNED_AWAY} from '../../../engine/measure/accounts.js'
import type {Verdict} from '../../../engine/measure/verdict.js'
import {faultsOf, judgeRun, type RunFault} from '../../../engine/result/judge-run.js'
import type {RunResult} from '../../../engine/result/run-result.js'
import {formatAddress} from '../../../protocol/address.js'
import {TOO_MANY_CONNECTIONS} from '../../../protocol/text/first-words.js'
import {mostFrequent} from './error-kinds.js'
import {formatCount} from './format.js'
import {linkReasons} from './link-text.js'
import {gotText} from './outcome-text.js'

/** Kinds of errors that are named; the others are counted together. */
const KINDS_NAMED = 3

/**
 * Why a run does not pass, its assertions left aside: a few words each.
 * @param accepted see judgeRun()
 */
export function runReasons(run: RunResult, accepted: ReadonlySet<RunFault> = new Set()): string[] {
  switch (judgeRun(run, accepted)) {
    case 'pass':
      return []
    case 'unknown':
      return [...endReasons(run), ...unknownReasons(run, accepted), ...evictions(run)]
    case 'fail':
      return [...endReasons(run), ...failures(run, accepted), ...evictions(run)]
  }
}

/** The assertions with that verdict, with what they got. */
export function assertionReasons(assertions: readonly AssertionOutcome[], wanted: Verdict): string[] {
  return assertions.filter(({verdict}) => verdict === wanted).map(outcome => `${outcome.expr}: ${gotText(outcome)}`)
}

/** A line each, for people. */
export function describeReasons(verdict: Verdict, reasons: readonly string[]): string[] {
  return reasons.map(reason => `${verdict}: ${reason}`)
}

/** `ended after 1.30 s of 10 s: no connection was left`; null where the load came to its end. */
export function earlyEndText({endedEarly, plannedSeconds}: RunResult): string | null {
  if (endedEarly === null) return null
  const planned = plannedSeconds === null ? '' : ` of ${Number(plannedSeconds.toFixed(2))} s`
  return `ended after ${endedEarly.seconds.toFixed(2)} s${planned}: ${endedEarly.why}`
}

function endReasons(run: RunResult): string[] {
  const end = earlyEndText(run)
  return end === null ? [] : [end]
}

function failures(run: RunResult, accepted: ReadonlySet<RunFault>): string[] {
  const faults = faultsOf(run, accepted)
  const {operations, prefill} = run
  const row = (count: number, text: () => string): string[] => (count > 0 ? [text()] : [])
  return [
    ...connectionReasons(run, faults.connectionErrors),
    ...row(
      faults.errors,
      () => `${counted(faults.errors, 'call')} answered with an error${kindsOf(operations.errors)}`,
    ),
    ...row(faults.timedOut, () => `${counted(faults.timedOut, 'call')} timed out`),
    ...row(
      faults.lost,
      () => `${counted(faults.lost, 'call')} lost with ${faults.lost === 1 ? 'its' : 'their'} connection`,
    ),
    ...row(faults.unanswered, () => `${counted(faults.unanswered, 'call')} without a reply when the run ended`),
    ...row(
      faults.prefill,
      () =>
        `${formatCount(faults.prefill)} of ${counted(prefill?.operations.intended ?? 0, 'key')} could not be stored before`,
    ),
    ...(faults.unpaired > 0 || (faults.pair > 0 && run.link?.parting?.before === false) ? linkReasons(run) : []),
    ...readReasons(run),
    ...(faults.pair > 0 ? keyReasons(run) : []),
  ]
}

function unknownReasons(run: RunResult, accepted: ReadonlySet<RunFault>): string[] {
  const {checkProblem, consistency} = run
  const undecided = consistency?.undecided ?? 0
  return [
    ...(accepted.has('unpaired') ? [] : linkReasons(run)),
    ...(checkProblem === null ? [] : [`the nodes could not be checked: ${checkProblem}`]),
    ...(undecided > 0 ? [`${counted(undecided, 'key')} undecided`] : []),
  ]
}

function connectionReasons({target, connections}: RunResult, faults: number): string[] {
  if (faults === 0) return []
  const {[TURNED_AWAY]: turnedAway = 0, ...failed} = connections.errors
  const others = Object.values(failed).reduce((sum, count) => sum + count, 0)
  const limit = connections.limit === null ? '' : ` (its limit -c is ${formatCount(connections.limit)})`
  const of = `${formatCount(turnedAway)} of ${counted(connections.planned, 'connection')}`
  return [
    ...(turnedAway > 0 ? [`${formatAddress(target)} turned ${of} away: ${TOO_MANY_CONNECTIONS}${limit}`] : []),
    ...(others > 0 ? [`${counted(others, 'connection')} failed${kindsOf(failed)}`] : []),
  ]
}

/** `: 8 × refused, 2 × reset`, the most frequent first. */
function kindsOf(counts: Readonly<Record<string, number>>): string {
  const {named, others} = mostFrequent(counts, KINDS_NAMED)
  const texts = named.map(([kind, count]) => `${formatCount(count)} × ${kind}`)
  return `: ${[...texts, ...(others > 0 ? [`${formatCount(others)} others`] : [])].join(', ')}`
}

/** Wrong reads during the load. */
function readReasons({verification}: RunResult): string[] {
  if (verification === null) return []
  const {stale, missing, foreign, corrupt} = verification
  return Object.entries({corrupt, foreign, stale, missing}).flatMap(([kind, count]) =>
    count > 0 ? [`${counted(count, 'read')} ${kind}`] : [],
  )
}

/** Wrong keys on the nodes after the load. */
function keyReasons({consistency}: RunResult): string[] {
  return Object.entries(consistency?.findings ?? {}).flatMap(([kind, count]) => {
    const words = kind
      .replace(/On([AB])$/, ' on $1')
      .replace(/^other(.)/, (_, letter: string) => `with other ${letter.toLowerCase()}`)
    return count > 0 ? [`${counted(count, 'key')} ${words}`] : []
  })
}

/** Evictions, which may explain missing keys. */
function evictions({consistency, verification}: RunResult): string[] {
  const gone = (verification?.missing ?? 0) + sumOf(consistency?.findings) + (consistency?.undecided ?? 0)
  if (gone === 0) return []
  return (consistency?.removals ?? []).flatMap(({name, evictions: count}) =>
    count > 0 ? [`${name} evicted ${counted(count, 'item')}: its memory was full`] : [],
  )
}

function sumOf(counts: Readonly<Record<string, number>> = {}): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}

function counted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`
}
