import {clientPolicies, type PolicyName, planOfPolicy} from '../../plan/client-policies.js'
import {checkPlan, type LoadPlan, type PlanDraft} from '../../plan/plan.js'
import type {Drill} from './drill.js'

/** What an operator may change of a drill's load: any field of its plan, and the policy of its clients. */
export interface DrillLoadChanges extends Partial<Omit<PlanDraft, 'clientPolicy'>> {
  /** The fields of the plan override those of the policy. @default drillDefaults.clientPolicy */
  readonly clientPolicy?: PolicyName | undefined
}

/** The load of a drill that nobody changes: half reads, half writes, at a rate that any machine keeps. */
export const drillDefaults = {
  ratePerSecond: 2000,
  connections: 20,
  keyCount: 10_000,
  sizes: {kind: 'uniform', minBytes: 100, maxBytes: 1000},
  mix: [
    {method: 'set', weight: 1},
    {method: 'get', weight: 1},
  ],
  clientPolicy: 'repbench',
  seed: 1,
} satisfies DrillLoadChanges

/** Limit of the load, which the drill itself ends. */
const LENGTH_SECONDS = 3600

/** Time that a soak may take besides its duration. */
const MARGIN_SECONDS = 1800

/**
 * The plan of a drill's load: every read is verified; clients fail over and come back.
 * @param soakSeconds duration of a soak
 * @throws PlanError for settings that do not go together
 */
export function drillPlan(
  drill: Pick<Drill, 'name' | 'plan'>,
  changes: DrillLoadChanges = {},
  {soakSeconds = 0}: {soakSeconds?: number | undefined} = {},
): LoadPlan {
  const {clientPolicy: policy = drillDefaults.clientPolicy, ...load} = changes
  const {clientPolicy: _, ...defaults} = drillDefaults
  const named = planOfPolicy(clientPolicies[policy])
  return checkPlan({
    name: `drill-${drill.name}`,
    ...defaults,
    connectionsPerSecond: 0,
    callsPerConnection: null,
    durationSeconds: Math.max(LENGTH_SECONDS, soakSeconds + MARGIN_SECONDS),
    keyPrefix: 'drill:',
    keyDistribution: {kind: 'uniform'},
    valueBytes: 'random',
    threads: 1,
    prefill: true,
    verify: true,
    ...named,
    // In repbench's own policy it follows the time-out of a call.
    ...(policy === 'repbench' ? {connectTimeoutMs: null} : {}),
    ...(load.retryDelayMs === undefined ? {} : {firstRetryDelayMs: null}),
    ...load,
    ...drill.plan,
  })
}
