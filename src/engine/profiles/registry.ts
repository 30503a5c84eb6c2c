import type {LoadPlan} from '../plan.js'
import {seed} from './seed.js'
import {smoke} from './smoke.js'

/** A ready-made load. Adding one = one file + one line below. */
export interface Profile {
  readonly summary: string
  readonly plan: LoadPlan
}

/** In the order in which lists show them; the name of each stands in its plan. */
export const profiles: readonly Profile[] = [smoke, seed]
