import {
  clientPolicies,
  NO_TIMEOUT_MS,
  type PolicyFields,
  type PolicyName,
  planOfPolicy,
} from '../../../engine/plan/client-policies.js'
import {formatLength} from '../phrases/format.js'

/** What the clients of a load do when they are not served, in one line. */
export function describePolicy(policy: PolicyFields): string {
  return `${nameOf(policy)}: ${[
    ...describeTimeOuts(policy),
    ...(policy.keyServers > 1 ? ['keys hashed over both nodes'] : []),
    describeAttempts(policy),
    ...(policy.failover ? [describeReturn(policy)] : []),
  ].join(', ')}`
}

/** Of a policy that has a name, whether single options changed it. */
function nameOf(policy: PolicyFields): string {
  const name = policy.clientPolicy ?? 'repbench'
  const named = clientPolicies[name as PolicyName]
  if (named === undefined) return name
  const usual = planOfPolicy(named)
  const alike = (field: keyof PolicyFields): boolean => JSON.stringify(policy[field]) === JSON.stringify(usual[field])
  const isConnecting = (policy.connectTimeoutMs ?? policy.timeoutMs) === usual.connectTimeoutMs
  const others = (Object.keys(usual) as (keyof PolicyFields)[]).filter(field => field !== 'connectTimeoutMs')
  return isConnecting && others.every(alike) ? name : `${name}, changed`
}

function describeTimeOuts({timeoutMs, connectTimeoutMs, timeoutsToGiveUp}: PolicyFields): string[] {
  const lengthOf = (ms: number): string => (ms >= NO_TIMEOUT_MS ? 'none' : formatLength(ms))
  const connectMs = connectTimeoutMs ?? timeoutMs
  const connecting = connectMs === timeoutMs ? '' : ` (connecting: ${lengthOf(connectMs)})`
  return [
    timeoutMs >= NO_TIMEOUT_MS ? `no time-out${connecting}` : `time-out ${lengthOf(timeoutMs)}${connecting}`,
    ...(timeoutsToGiveUp === 1 ? [] : [`connection given up after ${timeoutsToGiveUp} time-outs in a row`]),
  ]
}

function describeAttempts(policy: PolicyFields): string {
  const {failover, retries, retryDelayMs, firstRetryDelayMs, failoverDelayMs} = policy
  const apart = retryDelayMs === null ? 'with backoff from 10 to 500 ms' : `${formatLength(retryDelayMs)} apart`
  const first = firstRetryDelayMs === null ? '' : `first after ${formatLength(firstRetryDelayMs)}, then `
  if (!failover) return `no failover: tries again, ${first}${apart}`
  const other = `the other node${failoverDelayMs === 0 ? '' : ` (after ${formatLength(failoverDelayMs)})`}`
  if (retries === 0) return `after any failure ${other}`
  return `after a failure ${retries} ${retries === 1 ? 'retry' : 'retries'} ${first}${apart}, then ${other}`
}

function describeReturn({switchBackMs, homeAsked: {firstMs, maxMs, factor}}: PolicyFields): string {
  if (switchBackMs === null) return 'never back'
  const later = factor === 1 || firstMs === maxMs ? '' : `, then more and more seldom up to ${formatLength(maxMs)}`
  const steady = switchBackMs === 0 ? 'answers' : `has answered for ${formatLength(switchBackMs)}`
  return `back when the first ${steady} (asked after ${formatLength(firstMs)}${later})`
}
