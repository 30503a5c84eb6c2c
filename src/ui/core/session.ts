import type {FormSpec} from '../ports/form-spec.js'
import type {EventAdvices, ExplainLine, ReadRate, TopologyChoice} from '../ports/ui-ports.js'

/** What stays as it is while the program runs. */
export interface Session {
  readonly topologies: readonly TopologyChoice[]
  /** null when unknown. */
  readonly advice: EventAdvices | null
  /** The operator only wants to look: nothing is launched, ended, frozen or loaded. */
  readonly readonly: boolean
  /** How the nodes of a launch are set up. */
  readonly launchForm: FormSpec
  /** Operations per second, as the command line reads them. */
  readonly readRate: ReadRate
  /** What a line of a console session means; null: it is data, or was typed. */
  readonly explain: ExplainLine
}

const noForm: FormSpec = {title: '', accept: 'launch', fields: [], resolve: values => ({values, problems: {}})}

export const unknownSession: Session = {
  topologies: [],
  advice: null,
  readonly: false,
  launchForm: noForm,
  readRate: () => ({problem: 'Expected a session'}),
  explain: () => null,
}
