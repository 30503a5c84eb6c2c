import type {McperfCounters} from '../../../engine/mcperf/counters.js'
import type {Moments} from '../../../engine/mcperf/moments.js'
import type {McperfResult} from '../../../engine/mcperf/run.js'
import {formatFixed} from './c-text.js'

const KB = 1024
const MB = 1024 * KB
const GB = 1024 * MB

/** mcperf's report, line by line; a number that mcperf would print as nan or inf is 0 here. */
export function formatMcperfReport(result: McperfResult, {histogram}: {histogram: boolean}): string {
  const {counters, durationSeconds} = result
  const total =
    `Total: connections ${counters.connectionsIssued} requests ${counters.requests.count} ` +
    `responses ${counters.responses.count} test-duration ${formatFixed(durationSeconds, 3)} s`
  const blocks = [
    [total],
    connectionLines(counters, durationSeconds),
    requestLines(counters, durationSeconds),
    responseLines(counters, {seconds: durationSeconds, histogram}),
    errorLines(counters),
    [cpuLine(result), ...netLines(counters, durationSeconds)],
  ]
  return blocks
    .filter(lines => lines.length > 0)
    .map(lines => `\n${lines.join('\n')}\n`)
    .join('')
    .concat('\n')
}

function connectionLines(
  {connectionsIssued, connectionsPeak, connection, connect}: McperfCounters,
  seconds: number,
): string[] {
  if (connectionsIssued === 0) return []
  return [
    `Connection rate: ${rateOf(connectionsIssued, seconds, 'conn')} <= ${connectionsPeak} concurrent connections)`,
    `Connection time [ms]: ${momentsOf(connection)}`,
    `Connect time [ms]: ${momentsOf(connect)}`,
  ]
}

function requestLines({requests}: McperfCounters, seconds: number): string[] {
  if (requests.count === 0) return []
  return [`Request rate: ${rateOf(requests.count, seconds, 'req')})`, `Request size [B]: ${momentsOf(requests)}`]
}

function responseLines(
  counters: McperfCounters,
  {seconds, histogram}: {seconds: number; histogram: boolean},
): string[] {
  const {responses, responseTimes, types} = counters
  if (responses.count === 0) return []
  const quantile = (share: number) => formatFixed(counters.histogram.quantile(share, responses.count), 1)
  return [
    `Response rate: ${rateOf(responses.count, seconds, 'rsp')})`,
    `Response size [B]: ${momentsOf(responses)}`,
    // mcperf prints this one deviation in seconds.
    `Response time [ms]: ${momentsOf(responseTimes, {deviationScale: 1 / 1000})}`,
    ...(histogram ? histogramLines(counters) : []),
    // What mcperf calls p75 is the 70th.
    `Response time [ms]: p25 ${quantile(0.25)} p50 ${quantile(0.5)} p75 ${quantile(0.7)}`,
    `Response time [ms]: p95 ${quantile(0.95)} p99 ${quantile(0.99)} p999 ${quantile(0.999)}`,
    `Response type: ${countsOf(types, ['stored', 'not_stored', 'exists', 'not_found'])}`,
    `Response type: ${countsOf(types, ['num', 'deleted', 'end', 'value'])}`,
    `Response type: ${countsOf(types, ['error', 'client_error', 'server_error'])}`,
  ]
}

function histogramLines({histogram}: McperfCounters): string[] {
  const gap = ':'.padStart(14)
  const lines = ['Response time histogram [ms]:']
  let previous = -1
  for (const [ms, count] of histogram.entries()) {
    if (ms > previous + 1) lines.push(gap)
    lines.push(`${formatFixed(ms, 1).padStart(16)} ${count}`)
    previous = ms
  }
  if (histogram.lastIsEmpty) lines.push(gap)
  return lines
}

function errorLines(counters: McperfCounters): string[] {
  const first = countsOf(counters.errors, ['client-timo', 'socket-timo', 'connrefused', 'connreset'])
  const second = countsOf(counters.errors, ['fd-unavail', 'ftab-full', 'addrunavail', 'other'])
  return [`Errors: total ${counters.errorCount} ${first}`, `Errors: ${second}`]
}

function cpuLine({cpu: {userSeconds, systemSeconds}, durationSeconds}: McperfResult): string {
  const percent = (seconds: number) => `${formatFixed(over(100 * seconds, durationSeconds), 1)}%`
  const shares = `user ${percent(userSeconds)} system ${percent(systemSeconds)}`
  const times = `user ${formatFixed(userSeconds, 2)} system ${formatFixed(systemSeconds, 2)}`
  return `CPU time [s]: ${times} (${shares} total ${percent(userSeconds + systemSeconds)})`
}

function netLines({requests, responses}: McperfCounters, seconds: number): string[] {
  if (requests.count + responses.count === 0) return []
  const bytes = requests.sum + responses.sum
  const rate = `${formatFixed(over(bytes, seconds) / KB, 1)} KB/s`
  const bits = formatFixed(over(8e-6 * bytes, seconds), 1)
  return [`Net I/O: bytes ${bytesOf(bytes)} rate ${rate} (${bits}*10^6 bps)`]
}

/** Without the closing bracket. */
function rateOf(count: number, seconds: number, unit: string): string {
  const each = formatFixed((1000 * seconds) / count, 1)
  return `${formatFixed(over(count, seconds), 1)} ${unit}/s (${each} ms/${unit}`
}

function momentsOf(moments: Moments, {deviationScale = 1} = {}): string {
  const {average, min, max, deviation} = moments
  const [avg, least, most] = [average, min, max].map(value => formatFixed(value, 1))
  return `avg ${avg} min ${least} max ${most} stddev ${formatFixed(deviation * deviationScale, 2)}`
}

function countsOf<Name extends string>(counts: Readonly<Record<Name, number>>, names: readonly Name[]): string {
  return names.map(name => `${name} ${counts[name]}`).join(' ')
}

function bytesOf(bytes: number): string {
  if (bytes <= KB) return `${formatFixed(bytes, 1)} B`
  if (bytes <= MB) return `${formatFixed(bytes / KB, 1)} KB`
  if (bytes <= GB) return `${formatFixed(bytes / MB, 1)} MB`
  return `${formatFixed(bytes / GB, 1)} GB`
}

function over(value: number, divisor: number): number {
  return divisor === 0 ? 0 : value / divisor
}
