import type {LatencySummary} from '../../../../engine/measure/latency-summary.js'
import type {RunStep} from '../../../../engine/result/run-result.js'
import type {RunSnapshot} from '../../../../engine/result/run-snapshot.js'
import {formatCount} from '../../../draw/format.js'
import {errorCount} from '../../../run-view/run-figures.js'
import type {RunView} from './load-run.js'

/** A line of the percentile table. */
export interface LatencyRow {
  readonly name: string
  readonly latency: LatencySummary | undefined
  readonly ops?: number
  readonly errors?: number
}

/** The most telling first: where there is little room the others fall away. */
export function latencyRows({snapshot, pair}: Pick<RunView, 'snapshot' | 'pair'>): readonly LatencyRow[] {
  const {byMethod = [], steps = []} = snapshot ?? {}
  return [
    {name: 'response', latency: snapshot?.response, ...(snapshot === null ? {} : countsOf(snapshot))},
    {name: 'service', latency: snapshot?.service},
    ...steps.slice(-1).map(step => stepRow(step, {number: steps.length, isOver: false})),
    ...lagRows(snapshot, pair),
    ...byMethod.flatMap(({method, response, service}): LatencyRow[] => [
      {name: `${method} response`, latency: response, ops: response.count},
      {name: `${method} service`, latency: service},
    ]),
    // Those before, the newest first: the last one stands above.
    ...steps
      .slice(0, -1)
      .map((step, index) => stepRow(step, {number: index + 1, isOver: true}))
      .toReversed(),
  ]
}

/** Response times of the calls that were due in a step. While it goes on, those without a reply may be under way. */
function stepRow(
  {plannedPerSecond: {from, to}, operations, latencyUs}: RunStep,
  {number, isOver}: {number: number; isOver: boolean},
): LatencyRow {
  const rate = from === to ? formatCount(from) : `${formatCount(from)}..${formatCount(to)}`
  return {
    name: `${number}: ${rate}/s`,
    latency: latencyUs.response,
    ops: operations.ok + operations.miss,
    errors: operations.errors + (isOver ? operations.withoutReply : 0),
  }
}

/** A probe that was not seen counts as an error. */
function lagRows(snapshot: RunSnapshot | null, pair: RunView['pair']): LatencyRow[] {
  if (snapshot === null || snapshot.lag === null || pair === null) return []
  const [master, slave] = pair
  const {aToB, bToA} = snapshot.lag
  return [
    {name: `lag ${master}→${slave}`, latency: aToB.since, ops: aToB.since.count, errors: aToB.since.unseen},
    {name: `lag ${slave}→${master}`, latency: bToA.since, ops: bToA.since.count, errors: bToA.since.unseen},
  ]
}

function countsOf({operations}: RunSnapshot): Pick<LatencyRow, 'ops' | 'errors'> {
  return {ops: operations.ok + operations.miss, errors: errorCount(operations)}
}
