import {countErrors} from '../measure/accounts.js'
import type {RunResult} from './run-result.js'

type Ended = Pick<RunResult, 'interrupted' | 'operations' | 'connections' | 'plannedSeconds'> & {
  /** That the load really took. */
  readonly elapsedSeconds: number
  readonly isOpenLoop: boolean
}

/** How a load ended before its plan did; null where it came to its end. */
export function describeEarlyEnd(run: Ended): RunResult['endedEarly'] {
  const {interrupted, elapsedSeconds, plannedSeconds} = run
  const isEarly = plannedSeconds === null || elapsedSeconds < plannedSeconds
  if (interrupted) return {seconds: elapsedSeconds, why: 'interrupted'}
  return isEarly && hasLostAll(run) ? {seconds: elapsedSeconds, why: 'no connection was left'} : null
}

/**
 * Whether there was work left, and nobody to send it to. A closed loop does
 * not know what it would have sent in its time: there it is the time that is left.
 */
function hasLostAll({operations, connections, plannedSeconds, elapsedSeconds, isOpenLoop}: Ended): boolean {
  const allFailed = countErrors(connections.errors) >= connections.planned
  const isTimeLeft = !isOpenLoop && plannedSeconds !== null && elapsedSeconds < plannedSeconds
  return allFailed && (operations.unsent > 0 || isTimeLeft)
}
