import type {Backend} from '../../../server/node-api/cluster-node.js'
import {ProgramMissingError} from '../../../server/node-api/node-errors.js'
import {findProgram} from '../../../server/programs/find-program.js'

/** In the order of the table: what everything is compared with stands first. */
export const baselineBackends = ['memcached', 'embedded', 'repcached'] as const satisfies readonly Backend[]

/** What the others are compared with. */
export const NATIVE = 'memcached'

/** One line of the table: a node that gets the load. */
export interface BaselineTarget {
  /** `memcached`, `embedded master` … */
  readonly name: string
  readonly backend: Backend
  /** Of the topologies that can be launched. */
  readonly topology: string
  /** Which node of the pair gets the load; null where there is one node. */
  readonly side: 'master' | 'slave' | null
}

interface Programs {
  readonly memcached?: string | undefined
  readonly repcached?: string | undefined
}

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
    try {
      if (backend !== 'embedded') await findProgram(backend, {env, file: programs[backend], signal})
      found.push(...targetsOf(backend))
    } catch (error) {
      // A file that was named and is none is a mistake, whatever was asked for.
      const named = backend !== 'embedded' && programs[backend] !== undefined
      if (asked !== undefined || named || !(error instanceof ProgramMissingError)) throw error
      onMissing(error.message)
    }
  }
  return found
}

function targetsOf(backend: Backend): BaselineTarget[] {
  if (backend === NATIVE) return [{name: backend, backend, topology: 'memcached', side: null}]
  const topology = backend === 'embedded' ? 'pair' : 'repcached'
  return (['master', 'slave'] as const).map(side => ({name: `${backend} ${side}`, backend, topology, side}))
}

/** Each repetition begins with another target: what changes with time does not always meet the same one. */
export function orderOf<T>(targets: readonly T[], round: number): T[] {
  const first = targets.length === 0 ? 0 : round % targets.length
  return [...targets.slice(first), ...targets.slice(0, first)]
}
