import type {OperationCounts} from '../../engine/measure/accounts.js'
import type {RunSnapshot} from '../../engine/result/run-snapshot.js'

/** Operations answered per second since the start; null before any time passed. */
export function meanRate({operations, elapsedSeconds}: RunSnapshot): number | null {
  return elapsedSeconds > 0 ? (operations.ok + operations.miss) / elapsedSeconds : null
}

/** Operations without a proper answer, for any reason. */
export function errorCount({errors, timedOut, lostWithConnection, unanswered}: OperationCounts): number {
  return Object.values(errors).reduce((sum, count) => sum + count, 0) + timedOut + lostWithConnection + unanswered
}

/** By what they were, the most frequent first. */
export function errorKinds({
  errors,
  timedOut,
  lostWithConnection,
  unanswered,
}: OperationCounts): readonly (readonly [string, number])[] {
  const all: (readonly [string, number])[] = [
    ...Object.entries(errors),
    ['timed out', timedOut],
    ['lost with their connection', lostWithConnection],
    ['unanswered at the end', unanswered],
  ]
  return all.filter(([, count]) => count > 0).toSorted((a, b) => b[1] - a[1])
}
