import {share} from '../plan/share.js'
import type {Verifier} from '../verify/verifier.js'
import {type CallSchedule, scheduleOf, scheduleOfShare} from '../workload/call-schedule.js'
import {Workload} from '../workload/workload.js'
import {CasUnique} from './cas-unique.js'
import {Connection, type ConnectionOwner} from './connection.js'
import type {LoadLoopOptions} from './load-loop.js'

/** The connections that a load loop serves, each with its schedule and what it asks for. */
export function makeConnections(
  {plan, connections, calls = null}: Pick<LoadLoopOptions, 'plan' | 'connections' | 'calls'>,
  parts: {
    owner: ConnectionOwner
    hasCas: boolean
    verifier: Verifier | undefined
  },
): Connection[] {
  const {owner, hasCas, verifier} = parts
  const shares = calls === null ? null : share({total: calls, parts: plan.connections})
  return Array.from({length: connections.count}, (_, slot) => {
    const index = connections.first + slot
    const schedule = shares === null ? scheduleOf(plan, index) : scheduleOfShare(shares[index]!.count)
    const checker = verifier?.checker(index)
    const casUnique = hasCas ? new CasUnique() : undefined
    return new Connection({owner, slot, index, schedule, workload: new Workload(plan, index), casUnique, checker})
  })
}

/** Without a planned number every call was meant as it was sent. */
export function callsLeft(schedule: CallSchedule): number {
  return schedule.exhausted || !Number.isFinite(schedule.calls) ? 0 : schedule.calls - schedule.taken
}
