import {isSubstantial} from '../../../engine/assertions/excuse.js'
import type {RunResult} from '../../../engine/result/run-result.js'
import {formatMs} from './format.js'

/** In the order of the report. */
export const shownStatistics = ['min', 'mean', 'p50', 'p90', 'p95', 'p99', 'p999', 'p9999', 'max'] as const

type Latencies = Pick<RunResult['latencyUs'], 'response' | 'service' | 'net'>

/** Less is not worth a warning, even as a large share. */
const WARNED_FROM_US = 1000

/**
 * How much of each shown statistic may be the generator's own lateness, in µs; null when that was not measured. The
 * difference of two minima says nothing of a call.
 */
export function ownLateness(latencyUs: Latencies, of: 'response' | 'service'): (number | null)[] | null {
  const {net} = latencyUs
  if (net === null) return null
  return shownStatistics.map(statistic => {
    const [us, netUs] = [latencyUs[of][statistic], net[of][statistic]]
    return us === null || netUs === null || statistic === 'min' ? null : us - netUs
  })
}

/** Whether a reader has to know how much of a latency may be the generator's own. */
export function isWorthWarning(us: number, netUs: number): boolean {
  return us - netUs >= WARNED_FROM_US && isSubstantial(us, netUs)
}

/** Null where p99 is the server's but for little. */
export function warnOfLateness(latencyUs: Latencies): string | null {
  const texts = (['response', 'service'] as const).flatMap(of => {
    const [us, netUs] = [latencyUs[of].p99, latencyUs.net?.[of].p99 ?? null]
    if (us === null || netUs === null || !isWorthWarning(us, netUs)) return []
    return [`${of} p99 ${formatMs(us)} ms, of which up to ${formatMs(us - netUs)} ms our own lateness`]
  })
  return texts.length === 0 ? null : texts.join('; ')
}
