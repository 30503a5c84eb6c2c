import type {LoadPlan} from '../plan.js'

/** A ready-made load plan. Adding one = one file + one line in registry.ts. */
export interface Profile {
  /** One line. */
  readonly summary: string
  /** What it is for, and where its numbers come from. */
  readonly about: string
  readonly plan: LoadPlan
}
