import {decodeFromCompressedBase64} from 'hdr-histogram-js'
import {CURVE_POINTS_A_DECADE, type LatencyCurve} from '../../../ui/ports/report-port.js'

const DECADES_MOST = 5

/**
 * Latency by percentile, of the calls of one or more runs together.
 * @param histograms V2, compressed, base64, in µs
 */
export function latencyCurve(name: string, histograms: readonly string[]): LatencyCurve {
  const [sum, ...others] = histograms.map(text => decodeFromCompressedBase64(text))
  if (sum === undefined) return {name, us: []}
  for (const other of others) sum.add(other)
  // Beyond that there is less than one call.
  const decades = Math.min(DECADES_MOST, Math.log10(Math.max(1, sum.totalCount)))
  const points = sum.totalCount === 0 ? 0 : Math.floor(decades * CURVE_POINTS_A_DECADE) + 1
  const percentileOf = (point: number) => 100 - 100 * 10 ** (-point / CURVE_POINTS_A_DECADE)
  return {name, us: Array.from({length: points}, (_, point) => sum.getValueAtPercentile(percentileOf(point)))}
}
