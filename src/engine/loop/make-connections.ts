import type {LoadPhase} from '../plan/phases.js'
import {share} from '../plan/share.js'
import type {Verifier} from '../verify/verifier.js'
import {scheduleOf, scheduleOfShare} from '../workload/call-schedule.js'
import {Workload} from '../workload/workload.js'
import {CasUnique} from './cas-unique.js'
import {Connection, type ConnectionOwner} from './connection.js'
import type {LoadAssignment} from './load-assignment.js'

/** The connections of one load loop, each with its schedule and workload. */
export function makeConnections(
  {plan, calls, connections}: Pick<LoadPhase, 'plan' | 'calls'> & Pick<LoadAssignment, 'connections'>,
  {owner, verifier, clock}: {owner: ConnectionOwner; verifier: Verifier | undefined; clock: () => number},
): Connection[] {
  const hasCas = plan.mix.some(({method}) => method === 'cas')
  const shares = calls === null ? null : share({total: calls, parts: plan.connections})
  return Array.from({length: connections.count}, (_, slot) => {
    const index = connections.first + slot
    const schedule = shares === null ? scheduleOf(plan, index) : scheduleOfShare(shares[index]!.count)
    return new Connection({
      slot,
      index,
      schedule,
      workload: new Workload(plan, index),
      owner,
      clock,
      checker: verifier?.checker(index),
      casUnique: hasCas ? new CasUnique() : undefined,
    })
  })
}
