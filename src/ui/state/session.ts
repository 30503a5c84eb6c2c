import type {EventAdvices, TopologyChoice} from '../ports.js'

/** What stays as it is while the program runs. */
export interface Session {
  readonly topologies: readonly TopologyChoice[]
  /** null: nobody knows. */
  readonly advice: EventAdvices | null
  /** The operator only wants to look: nothing is launched, ended, frozen or loaded. */
  readonly readonly: boolean
}

export const unknownSession: Session = {topologies: [], advice: null, readonly: false}
