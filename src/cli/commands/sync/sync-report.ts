import type {Amount, SyncCounts} from '../../../engine/transfer/sync/sync-counts.js'
import type {SyncResult} from '../../../engine/transfer/sync/sync-servers.js'
import {messageOf} from '../../../protocol/errors.js'
import {formatCount, formatSeconds} from '../../documents/phrases/format.js'
import {formatBytes, refusedHow, row} from '../../transfer/transfer-text.js'

export interface SyncFacts {
  readonly version: string
  readonly startedAt: Date
  readonly from: string
  readonly to: string
  /** What was found before anything was written; null where a sync was carried out without it. */
  readonly plan: SyncResult | null
  /** Null when nothing was written. */
  readonly outcome: SyncResult | null
  /** What there is to be done after it; null when it was not looked at. */
  readonly after: SyncResult | null
  /** Why nothing could be compared; null when something was. */
  readonly problem: string | null
}

type Verdict = 'pass' | 'fail' | 'unknown'

export function syncVerdict({plan, outcome, after}: SyncFacts): Verdict {
  if (outcome === null) return plan === null ? 'unknown' : verdictOf(plan, work(plan.counts.planned) > 0)
  const {refused, exptimeUnknown} = outcome.counts
  const isRefused = Object.values(refused).some(count => count > 0) || exptimeUnknown > 0
  const verdict = verdictOf(outcome, isRefused || outcome.evicted > 0)
  return verdict === 'pass' && after !== null && after.stoppedBy !== null ? 'unknown' : verdict
}

function verdictOf({stoppedBy, hidden, counts}: SyncResult, isFault: boolean): Verdict {
  if (isFault) return 'fail'
  const isWhole = !hidden.from && !hidden.to && counts.unreadable === 0
  return stoppedBy !== null || !isWhole ? 'unknown' : 'pass'
}

/** Items to be written or deleted. */
export function work(amounts: SyncCounts['planned']): number {
  return amounts.add.items + amounts.replace.items + amounts.delete.items
}

/** The document of `sync --json`. */
export function syncDocument({startedAt, plan, outcome, after, ...facts}: SyncFacts) {
  return {
    schema: 'repbench.sync/1',
    command: 'sync',
    startedAt: startedAt.toISOString(),
    ...facts,
    plan: plan === null ? null : documentOf(plan),
    outcome: outcome === null ? null : documentOf(outcome),
    after: after === null ? null : documentOf(after),
    verdict: syncVerdict({startedAt, plan, outcome, after, ...facts}),
  }
}

function documentOf({stoppedBy, ...result}: SyncResult) {
  return {...result, stoppedBy: stoppedBy === null ? null : messageOf(stoppedBy)}
}

/** What a sync would do, for people. */
export function formatPlan(plan: SyncResult): string {
  return [
    ...comparedRows(plan),
    row('to add', describe(plan.counts.planned.add)),
    row('to replace', describe(plan.counts.planned.replace)),
    row('to delete', describe(plan.counts.planned.delete)),
    ...leftRows(plan.counts),
    ...stopRows(plan),
    '',
  ].join('\n')
}

/** What a sync has done, for people. */
export function formatOutcome(facts: SyncFacts): string {
  const {outcome, after, problem} = facts
  return [
    ...(outcome === null ? [] : outcomeRows(outcome)),
    ...(after === null ? [] : [row('differ now', describeDifferences(after))]),
    ...(problem === null ? [] : [problem]),
    row('verdict', syncVerdict(facts)),
    '',
  ].join('\n')
}

function describeDifferences({counts}: SyncResult): string {
  const left = Object.values(counts.left).reduce((sum, count) => sum + count, 0)
  const toDo = work(counts.planned)
  const why = left === 0 ? '' : `, ${formatCount(left)} of them left as asked`
  return `${formatCount(toDo + left)} of ${formatCount(counts.compared)} compared again${why}`
}

function outcomeRows(outcome: SyncResult): string[] {
  const {counts, linked, refusal, evicted} = outcome
  const refused = Object.entries(counts.refused) as [keyof typeof counts.refused, number][]
  return [
    ...comparedRows(outcome),
    ...(linked === true && work(counts.done) > 0
      ? [row('link', 'carries: the side with the right item wrote it again, and the link took it over')]
      : []),
    row('added', describe(counts.done.add)),
    row('replaced', describe(counts.done.replace)),
    row('deleted', describe(counts.done.delete)),
    ...leftRows(counts),
    ...countRow('changed', counts.changedMeanwhile, 'by somebody else meanwhile, and left'),
    ...countRow('expired', counts.expired, 'before they were written'),
    ...countRow('no exptime', counts.exptimeUnknown, 'not written: --exptime-unknown says how long they live'),
    ...refused.flatMap(([how, count]) => countRow(refusedHow(how), count, 'not written')),
    ...(refusal === null ? [] : [row('server said', refusal)]),
    ...countRow('evicted', evicted, 'by a server, to make room'),
    ...stopRows(outcome),
  ]
}

function comparedRows({counts, hidden, seconds}: SyncResult): string[] {
  const hiddenText = (count: number | null): string => (count === null ? 'unknown how many' : formatCount(count))
  return [
    row('compared', `${formatCount(counts.compared)} keys in ${formatSeconds(seconds)}`),
    row('same', formatCount(counts.same)),
    ...(hidden.from === 0 || hidden.from === null
      ? []
      : [row('hidden', `${hiddenText(hidden.from)} items that FROM counts and does not list`)]),
    ...(hidden.to === 0 || hidden.to === null
      ? []
      : [row('hidden', `${hiddenText(hidden.to)} items that TO counts and does not list`)]),
    ...countRow('not read', counts.unreadable, 'which no protocol of a server can name'),
  ]
}

function leftRows({left}: SyncCounts): string[] {
  return [
    ...countRow('other value', left.value, 'left as it is'),
    ...countRow('other flags', left.flags, 'left as they are'),
    ...countRow('other exptime', left.exptime, 'left as it is'),
    ...countRow('only on TO', left.onlyOnTo, 'left there'),
  ]
}

function stopRows({stoppedBy}: SyncResult): string[] {
  return stoppedBy === null ? [] : [messageOf(stoppedBy)]
}

function countRow(name: string, count: number, text: string): string[] {
  return count === 0 ? [] : [row(name, `${formatCount(count)}, ${text}`)]
}

function describe({items, bytes}: Amount): string {
  return items === 0 ? '0' : `${formatCount(items)} (${formatBytes(bytes)})`
}
