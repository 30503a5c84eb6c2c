import {diffNodes} from '../../check/diff-nodes.js'
import {formatKey} from '../../data/key-text.js'
import type {OwnKeys} from '../contract/drill.js'
import type {DrillResult} from '../judge/drill-result.js'
import type {JudgedKey} from '../judge/failover-losses.js'
import type {DrillRun} from './drill-run.js'

/** Time for the check of an interrupted drill, where the nodes answer promptly. */
const INTERRUPTED_LIMIT_MS = 10_000
/** Where they do not: time for the end of the load and each reply, taken together … */
const INTERRUPTED_WAIT_MS = 1000
/** … but at least this for a reply. */
const INTERRUPTED_REPLY_MS = 100

interface PairInspection extends Pick<DrillResult, 'check' | 'comparison'> {
  /** Keys that the check found wrong. */
  readonly judged: readonly JudgedKey[]
}

interface InspectionLimits {
  readonly signal: AbortSignal
  readonly crossLimitMs?: number
  readonly replyMs?: number
}

/**
 * Reads every key from both nodes after the load. An interrupted drill is
 * inspected only when it had a fault and both nodes are up.
 * @param interruptedMs on performance.now(); null when it was not interrupted
 */
export async function inspectPair(run: DrillRun, interruptedMs: number | null): Promise<PairInspection> {
  const {options, clock, journal, watch, load, check: pairCheck} = run
  const {cluster, plan, signal, onFinding, onCheckProgress} = options
  const isUp = [cluster.master, cluster.slave].every(node => node.status().state === 'up')
  const judged: JudgedKey[] = []
  if (signal.aborted && (clock.times === null || !isUp)) return {check: null, comparison: null, judged}
  journal.begin('judge', 'read every key from both nodes')
  const limits = limitsOf(signal, interruptedMs)
  try {
    const check = await pairCheck.check({
      plan,
      verify: load.verify,
      probe: watch.probe,
      ...limits,
      onJudged: key => judged.push(key),
      ...(onFinding === undefined ? {} : {onFinding}),
      ...(onCheckProgress === undefined ? {} : {onProgress: onCheckProgress}),
    })
    const comparison = journal.ownKeys === null ? null : await compareOwnKeys(run, journal.ownKeys, limits)
    journal.done(`${check.keys + (comparison?.keys ?? 0)} keys read from both nodes`)
    return {check, comparison, judged}
  } catch (error) {
    journal.fail(error)
    return {check: null, comparison: null, judged}
  }
}

/** An interrupted drill does not wait long for nodes that do not answer. */
function limitsOf(signal: AbortSignal, interruptedMs: number | null): InspectionLimits {
  if (interruptedMs === null) return {signal}
  const waitedMs = performance.now() - interruptedMs
  const replyMs = Math.max(INTERRUPTED_REPLY_MS, (INTERRUPTED_WAIT_MS - waitedMs) / 2)
  return {signal: AbortSignal.timeout(INTERRUPTED_LIMIT_MS), crossLimitMs: replyMs, replyMs}
}

async function compareOwnKeys(
  {options}: DrillRun,
  {prefix, count, absence}: OwnKeys,
  {signal, replyMs: timeoutMs}: InspectionLimits,
): Promise<DrillResult['comparison']> {
  const {master, slave} = options.cluster
  const keys = Array.from({length: count}, (_, index) => formatKey(prefix, index + 1))
  const compared = await diffNodes({a: master.address, b: slave.address, keys, signal, timeoutMs})
  return compared === null ? null : {...compared, absence}
}
