import {ProgramMissingError} from '../../../server/node-api/node-errors.js'
import {type Backend, backendNames, backendOf, type ProgramName} from '../../../server/programs/backends/registry.js'
import {findProgram} from '../../../server/programs/find-program.js'
import {topologyPlans} from '../../../server/topology/topology-plans.js'

/** What the others are compared with. */
export const NATIVE = 'memcached'

/** In the order of the table: what everything is compared with stands first. */
export const baselineBackends: readonly Backend[] = [NATIVE, ...backendNames.filter(name => name !== NATIVE)]

/** One line of the table: a node that gets the load. */
export interface BaselineTarget {
  /** `memcached`, `embedded master` … */
  readonly name: string
  readonly backend: Backend
  /** Of the topologies that can be launched. */
  readonly topology: string
  /** Instead of that topology's embedded nodes. */
  readonly replacing?: Backend
  /** Which node of the pair gets the load; null where there is one node. */
  readonly side: 'master' | 'slave' | null
}

type Programs = Readonly<Partial<Record<ProgramName, string | undefined>>>

interface FindOptions {
  /** Those asked for; undefined = all that this machine has. */
  readonly asked: readonly Backend[] | undefined
  readonly programs: Programs
  readonly env: NodeJS.ProcessEnv
  readonly signal?: AbortSignal | undefined
  /** Told of each backend that is left out because it is missing. */
  readonly onMissing: (problem: string) => void
}

/**
 * What can be measured here.
 * @throws ProgramMissingError for a backend that was asked for and is not there
 */
export async function findTargets({asked, programs, env, signal, onMissing}: FindOptions): Promise<BaselineTarget[]> {
  const found: BaselineTarget[] = []
  for (const backend of baselineBackends) {
    if (asked !== undefined && !asked.includes(backend)) continue
    const name = backendOf(backend).program?.name as ProgramName | undefined
    const file = name === undefined ? undefined : programs[name]
    try {
      if (name !== undefined) await findProgram(name, {env, file, signal})
      found.push(...targetsOf(backend))
    } catch (error) {
      // A file that was named and is none is a mistake, whatever was asked for.
      if (asked !== undefined || file !== undefined || !(error instanceof ProgramMissingError)) throw error
      onMissing(error.message)
    }
  }
  return found
}

function targetsOf(backend: Backend): BaselineTarget[] {
  const replicates = backendOf(backend).replication !== null
  const plan = topologyPlans.find(({nodes}) => nodes.every(node => node.backend === backend))
  const common =
    plan === undefined
      ? {backend, topology: replicates ? 'pair' : 'single', replacing: backend}
      : {backend, topology: plan.name}
  if (!replicates) return [{...common, name: backend, side: null}]
  return (['master', 'slave'] as const).map(side => ({...common, name: `${backend} ${side}`, side}))
}

/** Each repetition begins with another target: what changes with time does not always meet the same one. */
export function orderOf<T>(targets: readonly T[], round: number): T[] {
  const first = targets.length === 0 ? 0 : round % targets.length
  return [...targets.slice(first), ...targets.slice(0, first)]
}
