import {decodeFromCompressedBase64} from 'hdr-histogram-js'

const TICKS_PER_HALF_DISTANCE = 5
const US_PER_MS = 1000

/**
 * HdrHistogram's text of a percentile distribution, in ms, as its plotters read it.
 * @param histograms of one or more runs, which are added up: V2, compressed, base64, in µs
 */
export function formatHgrm(histograms: readonly string[]): string {
  const [sum, ...others] = histograms.map(text => decodeFromCompressedBase64(text))
  for (const other of others) sum!.add(other)
  return sum!.outputPercentileDistribution(TICKS_PER_HALF_DISTANCE, US_PER_MS)
}
