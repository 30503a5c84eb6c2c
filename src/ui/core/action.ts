import type {DrillStep} from '../../engine/drills/judge/drill-result.js'
import type {RunSnapshot} from '../../engine/result/run-snapshot.js'
import type {LogLine} from '../../server/node-api/cluster-node.js'
import type {NodeEvent} from '../../server/node-api/node-event.js'
import type {WindowSize} from '../draw/layout.js'
import type {NodeView, PairView} from '../node-view/node-view.js'
import type {Press} from './key-press.js'
import type {ScreenEvents, ScreenId} from './part-types.js'
import type {Notice} from './ui-state.js'

/** Everything that changes the state. */
export type Action =
  | {readonly type: 'press'; readonly press: Press}
  | {readonly type: 'paste'; readonly text: string}
  | {readonly type: 'resize'; readonly size: WindowSize}
  | {readonly type: 'sample'; readonly sample: Sample}
  | {readonly type: 'activity'; readonly activity: string | null}
  | {readonly type: 'notice'; readonly notice: Notice}
  | ScreenAction

/** A result for one screen. */
type ScreenAction = {[Id in ScreenId]: {readonly type: Id; readonly event: ScreenEvents[Id]}}[ScreenId]

/** What the sampler found since the last tick; one a tick, so that one tick is one frame. */
export interface Sample {
  readonly nowMs: number
  readonly nodes: readonly NodeView[]
  readonly pairs: readonly PairView[]
  readonly events: readonly NodeEvent[]
  /** Of the load run. */
  readonly snapshots: readonly RunSnapshot[]
  /** The watched log, when it has new lines. */
  readonly log?: {readonly node: string; readonly lines: readonly LogLine[]}
  readonly drill: DrillProgress
}

/** Steps and snapshots of the drill since the last sample. */
export interface DrillProgress {
  readonly steps: readonly DrillStep[]
  readonly snapshots: readonly RunSnapshot[]
}
