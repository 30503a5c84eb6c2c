import type {DrillTimings} from '../../../engine/drills/judge/drill-timings.js'
import type {ClientRto} from '../../../engine/drills/judge/rto.js'
import {formatCount, formatLength} from '../phrases/format.js'

/** How long clients were not served, and what took so long. */
export function describeRto({rtoMs, probes}: DrillTimings): string[] {
  const {clients, never, min, p50, max, median, worst, resolutionMs} = rtoMs
  // Drills that were kept by earlier versions say less.
  const exact = resolutionMs === undefined ? '' : `, to within ${formatLength(Math.ceil(resolutionMs))}`
  const whose = probes == null ? 'clients' : 'probing clients'
  const lost = never > 0 ? `; ${formatCount(never)} never served again` : ''
  const text =
    clients === 0
      ? `no client lost its connection or waited long${exact}`
      : `${formatLength(min)} first, ${formatLength(p50)} median, ${formatLength(max)} longest of ` +
        `${formatCount(clients)} ${whose}${exact}${lost}`
  return [
    `RTO            ${text}`,
    ...(median == null ? [] : [`  median       ${describeParts(median)}`]),
    ...(worst == null ? [] : [`  worst        ${describeParts(worst)}`]),
    ...(probes == null
      ? []
      : [
          `probes         ${probes.clients} clients of the drill's own, as those of the load call too seldom: each a get of no key ` +
            `every ${probes.callEveryMs} ms, ${formatCount(probes.calls)} calls, ${formatCount(probes.failed)} failed`,
        ]),
  ]
}

function describeParts({ms, detectionMs, how, waitingMs, connectMs}: ClientRto): string {
  const total = ms === null ? 'never' : formatLength(ms)
  if (how === 'held') return `${total}: the connection held, its call waited`
  const noticed = `${how} after ${formatLength(detectionMs)}`
  if (waitingMs === null) return `${total}: ${noticed}`
  return `${total}: ${noticed}, ${formatLength(waitingMs)} by the policy, ${formatLength(connectMs)} to connect and be answered`
}
