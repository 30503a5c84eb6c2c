import type {LogLine} from '../../server/node-api/cluster-node.js'
import type {NodeEvent} from '../../server/node-api/node-event.js'
import type {FormState} from '../overlays/form-state.js'
import type {Page} from '../overlays/page.js'
import type {FormValues} from '../ports/form-spec.js'
import type {Mode} from './binding.js'
import type {Step} from './effect.js'
import type {Scroll} from './scroll.js'
import type {UiState} from './ui-state.js'

/** What lies over a screen and has the keys for itself. */
export type Overlay = SlabsView | LogView | ExplainView | Palette | FormOverlay | PageOverlay | ReportFilter

export interface SlabsView {
  readonly kind: 'slabs'
  readonly node: string
  /** memcached-tool's table; null: not read yet. */
  readonly lines: readonly string[] | null
  /** First row shown. */
  readonly from: number
}

export interface LogView {
  readonly kind: 'log'
  readonly node: string
  readonly lines: readonly LogLine[]
  /** Only lines with this text are shown; upper and lower case are the same. */
  readonly filter: string
  /** Keys go into the filter. */
  readonly typing: boolean
  readonly scroll: Scroll<LogLine>
}

export interface ExplainView {
  readonly kind: 'explain'
  /** As they were when it was opened: they hold still while they are read. */
  readonly events: readonly NodeEvent[]
  readonly marked: number
}

export interface Palette {
  readonly kind: 'palette'
  readonly text: string
  readonly marked: number
}

/** Keys go into the filter of the Report screen, which shows it. */
interface ReportFilter {
  readonly kind: 'reportFilter'
}

export interface FormOverlay {
  readonly kind: 'form'
  readonly form: FormState
  readonly purpose: FormPurpose
}

/** A text that is being read. */
interface PageOverlay {
  readonly kind: 'page'
  readonly page: Page
}

/** What is done with a form when it is taken. */
type FormPurpose =
  | {readonly type: 'profile'}
  | SaveProfilePurpose
  | {readonly type: 'drill'; readonly drill: string}
  | TakePurpose

/** For forms that belong to one command only. */
interface TakePurpose {
  readonly type: 'take'
  readonly take: (state: UiState, values: FormValues) => Step<UiState>
}

export interface SaveProfilePurpose {
  readonly type: 'saveProfile'
  readonly profile: string
  /** What the profile is changed by. */
  readonly given: FormValues
  /** The form that is shown again instead when the operator thinks better of it. */
  readonly behind: FormOverlay | null
}

export function modeOfOverlay(overlay: Overlay): Mode {
  switch (overlay.kind) {
    case 'slabs':
      return 'slabs'
    case 'log':
      return overlay.typing ? 'filter' : 'log'
    case 'explain':
      return 'explain'
    case 'palette':
      return 'command'
    case 'form':
      return 'form'
    case 'page':
      return 'page'
    case 'reportFilter':
      return 'filter'
  }
}
