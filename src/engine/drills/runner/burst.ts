import {checkPlan, type LoadPlan} from '../../plan/plan.js'
import {runLoad} from '../../run/run.js'
import type {DrillBurst} from '../contract/drill.js'

/** More than a node can do at once: calls wait for each other. */
const BURST_TIMEOUT_MS = 30_000

/** Clients that neither retry nor fail over; every key in its turn, so that it is known which were written. */
const burstClients = {
  failover: false,
  retries: 0,
  switchBackMs: 0,
  reconnect: false,
  prefill: false,
  keyServers: 1,
  timeoutsToGiveUp: 1,
  keyDistribution: {kind: 'sequential'},
  timeoutMs: BURST_TIMEOUT_MS,
} as const

/** Runs a second load beside a drill's own. @returns whether every call succeeded */
export async function runBurst(
  {plan: changes, target, signal}: Required<DrillBurst>,
  drillPlan: LoadPlan,
): Promise<boolean> {
  const plan = checkPlan({...drillPlan, ...burstClients, ...changes})
  const {operations} = await runLoad({plan, targets: [target.address], signal})
  return operations.ok === operations.intended
}
