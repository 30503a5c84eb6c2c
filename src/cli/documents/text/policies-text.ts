import type {PolicyDrillsDocument} from '../json/drill-json.js'
import {formatCount, formatLength, formatTable} from '../phrases/format.js'
import {describePolicy} from './policy-text.js'
import {missingDrills} from './repeated-drill-text.js'

/** A drill by every client policy: a row for each. */
export function formatPolicyDrills({drills, repetitions, policies, verdict}: PolicyDrillsDocument): string {
  const [first] = drills
  const rows = policies.map(row => [
    row.policy,
    formatLength(row.rtoMs.p50),
    formatLength(row.rtoMs.max),
    row.how === null ? '–' : `${row.how} ${formatLength(row.detectionMs)}`,
    formatLength(row.waitingMs),
    formatLength(row.connectMs),
    `${formatCount(row.rtoMs.clients)} of ${formatCount(row.clients)}`,
    formatCount(row.rtoMs.never),
    formatCount(row.errors),
    row.verdict,
  ])
  return [
    `drill ${first!.drill} on ${first!.topology}${first!.resilient ? ' (resilient)' : ''}, by client policy   seed ${first!.seed}`,
    '',
    ...formatTable([
      ['policy', 'RTO p50', 'longest', 'detected', 'by policy', 'connect', 'hit', 'never', 'errors', 'verdict'],
      ...rows,
    ]),
    '',
    'detected, by policy, connect: parts of the median client’s RTO; hit: clients that the fault hit; never: not served again',
    ...drills.flatMap(({clients}) => (clients === null ? [] : [`  ${describePolicy(clients)}`])),
    ...missingDrills(drills.length, repetitions),
    `verdict        ${verdict}`,
    '',
  ].join('\n')
}
