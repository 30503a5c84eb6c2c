import {type PolicyName, policyNames} from '../../../engine/plan/client-policies.js'
import {UsageError} from '../../app/errors.js'

/** Instead of a policy: the drill is run once with each. */
export const ALL_POLICIES = 'all'

export type WantedPolicy = PolicyName | typeof ALL_POLICIES

interface DrillRound {
  /** What the operator is told before it; null: nothing. */
  readonly says: string | null
  readonly clientPolicy: PolicyName | undefined
}

/**
 * How often a drill is run, and by which policy each time.
 * @throws UsageError for every policy so many times
 */
export function roundsOf({
  clientPolicy,
  repeat,
}: {
  readonly clientPolicy?: WantedPolicy
  readonly repeat?: number
}): readonly DrillRound[] {
  if (clientPolicy === ALL_POLICIES) {
    if (repeat !== undefined) {
      throw new UsageError('Expected --client-policy all without --repeat, which is one drill so many times, got both')
    }
    return policyNames.map((name, index) => ({
      says: `policy ${index + 1} of ${policyNames.length}: ${name}`,
      clientPolicy: name,
    }))
  }
  const says = (index: number): string | null => (repeat === undefined ? null : `drill ${index + 1} of ${repeat}`)
  return Array.from({length: repeat ?? 1}, (_, index) => ({says: says(index), clientPolicy}))
}
