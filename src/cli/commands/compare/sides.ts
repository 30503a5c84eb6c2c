import type {LoadPlan} from '../../../engine/plan/plan.js'
import {type Address, formatAddress} from '../../../protocol/address.js'
import {UsageError} from '../../app/errors.js'
import {assertTargets, type TargetOptions} from '../../load/targets.js'
import {planFromSettings} from '../../load-settings/plan-from-settings.js'
import type {NodeOptions} from '../../options/node-options.js'
import {findProfile} from '../../profiles/find-profile.js'

/** One of the two that are compared: a load and where it goes. */
export interface Side {
  /** What tells it from the other one. */
  readonly label: string
  readonly plan: LoadPlan
  readonly target: TargetOptions
}

export interface SideOptions extends NodeOptions {
  /** Names or files; two, or none where there are two servers or topologies. */
  readonly profiles: readonly string[]
  /** The load for both. */
  readonly profile?: string
  readonly server?: readonly Address[]
  readonly topology?: readonly string[]
  /** In seconds, instead of the plans' own. */
  readonly duration?: number
}

const DEFAULT_PROFILE = 'smoke'
const EXPECTED = 'Expected two profiles, two --server or two --topology with --pairs'

/**
 * What is compared: two loads on the same nodes, or the same load on two.
 * @throws UsageError where it is neither or both
 */
export async function findSides(options: SideOptions, cpuCount: number): Promise<readonly [Side, Side]> {
  const {profiles, profile, server = [], topology = [], duration, ...launch} = options
  assertTwo(options)
  const loads = profiles.length > 0 ? profiles : [profile ?? DEFAULT_PROFILE]
  const plans = await Promise.all(
    loads.map(async name => {
      const base = await findProfile(name, {cpuCount})
      return planFromSettings({base, given: {duration}, spell: setting => `--${setting}`, cpuCount})
    }),
  )
  const sides = ([0, 1] as const).map((index): Side => {
    const address = server[index] ?? server[0]
    const name = topology[index] ?? topology[0]
    const target: TargetOptions = {
      ...launch,
      ...(address === undefined ? {} : {server: [address]}),
      ...(name === undefined ? {} : {topology: name}),
    }
    const plan = plans[index] ?? plans[0]!
    assertTargets(target, plan.failover)
    const label = profiles[index] ?? (address === undefined ? name! : formatAddress(address))
    return {label, plan, target}
  })
  return [sides[0]!, sides[1]!]
}

function assertTwo({profiles, profile, server = [], topology = []}: SideOptions): void {
  const counts = [
    [profiles.length, 'profiles'],
    [server.length, '--server'],
    [topology.length, '--topology'],
  ] as const
  const tooMany = counts.find(([count]) => count > 2)
  if (tooMany !== undefined) throw new UsageError(`${EXPECTED}, got ${tooMany[0]} ${tooMany[1]}`)
  const doubled = counts.filter(([count]) => count === 2)
  if (doubled.length === 1 && profiles.length !== 1) {
    if (profile === undefined || profiles.length === 0) return
    throw new UsageError(`Expected no --profile beside two profiles, got ${profile}`)
  }
  if (profiles.length === 1) throw new UsageError(`${EXPECTED}, got one profile; of two servers, say --profile`)
  const got = doubled.length === 0 ? 'none of them' : doubled.map(([, what]) => `two ${what}`).join(' and ')
  throw new UsageError(`${EXPECTED}, got ${got}`)
}
