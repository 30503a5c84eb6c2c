import type {LoadPlan} from '../plan.js'

/** A ready-made load. Adding one = one file + one line in registry.ts. */
export interface Profile {
  /** One line. */
  readonly summary: string
  /** What it is good for, and what its numbers come from. */
  readonly about: string
  readonly plan: LoadPlan
}
