import type {RunSnapshot} from '../../engine/result/run-snapshot.js'
import type {LogLine} from '../../server/node-api/cluster-node.js'
import type {NodeEvent} from '../../server/node-api/node-event.js'
import type {NodeView, PairView} from '../node-view/node-view.js'
import type {ConsoleView} from '../screens/console/state/console-state.js'
import type {DrillEvent, DrillProgress} from '../screens/drill/state/drill-state.js'
import type {LoadEvent} from '../screens/load/state/load-state.js'
import type {ReportEvent} from '../screens/report/state/report-state.js'
import type {Press} from './key-press.js'
import type {Notice, WindowSize} from './ui-state.js'

/** Everything that changes the state. */
export type Action =
  | {readonly type: 'press'; readonly press: Press}
  | {readonly type: 'paste'; readonly text: string}
  | {readonly type: 'resize'; readonly size: WindowSize}
  | {readonly type: 'sample'; readonly sample: Sample}
  | {readonly type: 'consoles'; readonly sessions: readonly ConsoleView[]}
  | {readonly type: 'slabs'; readonly node: string; readonly lines: readonly string[]}
  /** Where the transcripts of the consoles were written to. */
  | {readonly type: 'transcriptSaved'; readonly path: string}
  /** Lines that were typed into consoles before, oldest first. */
  | {readonly type: 'history'; readonly lines: readonly string[]}
  | {readonly type: 'load'; readonly event: LoadEvent}
  | {readonly type: 'drill'; readonly event: DrillEvent}
  | {readonly type: 'report'; readonly event: ReportEvent}
  | {readonly type: 'busy'; readonly what: string | null}
  | {readonly type: 'notice'; readonly notice: Notice}

/** What the sampler found since the last tick; one a tick, so that one tick is one frame. */
export interface Sample {
  readonly nowMs: number
  readonly nodes: readonly NodeView[]
  readonly pairs: readonly PairView[]
  readonly events: readonly NodeEvent[]
  readonly snapshots: readonly RunSnapshot[]
  /** The log that is being read, when it has new lines. */
  readonly log?: {readonly node: string; readonly lines: readonly LogLine[]}
  readonly drill: DrillProgress
}
