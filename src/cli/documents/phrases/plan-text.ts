import {formatSizes} from '../../../engine/data/sizes.js'
import type {LoadPlan} from '../../../engine/plan/plan.js'
import type {RunResult} from '../../../engine/result/run-result.js'
import {formatAddress} from '../../../protocol/address.js'
import {formatKeyDistribution} from '../../load-settings/key-distribution.js'
import {formatShare} from '../../load-settings/notation.js'
import {formatPhases} from '../../load-settings/rate-phases.js'
import {formatCount, formatSeconds} from './format.js'

/** What was run, on what. */
export function describeHead({plan, target, targets}: Pick<RunResult, 'plan' | 'target' | 'targets'>): string {
  const where = targets.length > 1 ? targets.map(formatAddress).join(' and ') : formatAddress(target)
  return `${plan.name} → ${where}   ${describePlan(plan)}`
}

/** A load in one line. */
export function describePlan(plan: LoadPlan): string {
  const opening = plan.connectionsPerSecond > 0 ? ` opened at ${formatCount(plan.connectionsPerSecond)}/s` : ''
  const length =
    plan.durationSeconds === null
      ? `${formatCount(plan.callsPerConnection)} calls each`
      : formatSeconds(plan.durationSeconds)
  const mix = plan.mix.map(({method, weight}) => (plan.mix.length > 1 ? `${method}:${weight}` : method)).join(',')
  return [
    describePace(plan),
    `${plan.connections} connections${opening}`,
    length,
    mix,
    `sizes ${formatSizes(plan.sizes)}`,
    ...describeKeys(plan),
  ].join(' · ')
}

function describePace({ratePerSecond, ratePhases, arrival, pipeline}: LoadPlan): string {
  if (ratePerSecond === 0) return pipeline === 1 ? 'closed loop' : `closed loop, ${pipeline} calls under way on each`
  const phases = ratePhases === null ? null : formatPhases(ratePhases)
  const changing = phases === null ? null : 'ramp' in phases ? `ramp ${phases.ramp}` : `steps ${phases.steps}`
  const rate = changing ?? `${formatCount(ratePerSecond)} op/s${ratePhases === null ? '' : ' in the mean'}`
  return `open loop ${rate}${arrival === 'deterministic' ? '' : `, ${arrival} arrival`}`
}

/** What is unusual about keys and reads. */
function describeKeys({keyDistribution, multigetKeys, hitRatio}: LoadPlan): string[] {
  return [
    ...(keyDistribution.kind === 'sequential' ? [] : [`keys ${formatKeyDistribution(keyDistribution)}`]),
    ...(multigetKeys === 1 ? [] : [`${multigetKeys} keys a get`]),
    ...(hitRatio === null ? [] : [`hit ratio ${formatShare(hitRatio)}`]),
  ]
}
