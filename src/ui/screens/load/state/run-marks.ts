import type {RunEvent} from '../../../../engine/result/run-result.js'
import type {Tone} from '../../../draw/theme.js'

/** Something that happened during a run, to be marked on its charts. */
export interface RunMark {
  /** From the start of the load. */
  readonly seconds: number
  readonly node: string
  readonly text: string
  readonly tone: Tone
  /** Follows from something else: the first to go where there is little room. */
  readonly minor: boolean
}

const MARKS_KEPT = 200

const bad: ReadonlySet<string> = new Set([
  'killed',
  'crashed',
  'unreachable',
  'linkLost',
  'overflow',
  'sendError',
  'linkFault',
  'outOfMemory',
  'tooManyConnections',
  'thirdProcess',
  'diverging',
  'alone',
  'unproven',
  'parting',
  'connectionFailed',
  'interrupted',
])
const good: ReadonlySet<string> = new Set([
  'ready',
  'linkUp',
  'fullSyncDone',
  'reachable',
  'replicating',
  'resumed',
  'failedBack',
])
/** The operator's own doing, and the parts of a run. */
const neutral: ReadonlySet<string> = new Set(['rate', 'phase', 'started'])
/** Told by the load itself, not by a node. */
const ofRun: ReadonlySet<string> = new Set([
  'rate',
  'phase',
  'interrupted',
  'connectionFailed',
  'failedOver',
  'failedBack',
])
/** What every reconnection says several times over. */
const chatter: ReadonlySet<string> = new Set(['listening', 'dialling', 'dialFailed', 'fullSyncStarted'])

/** Events of a run that get a mark. */
export function addMarks(marks: readonly RunMark[], events: readonly RunEvent[]): readonly RunMark[] {
  const fresh = events.filter(({kind, t}) => !chatter.has(kind) && t >= 0).map(markOf)
  return fresh.length === 0 ? marks : [...marks, ...fresh].slice(-MARKS_KEPT)
}

function markOf({t, kind, node, text}: RunEvent): RunMark {
  return {seconds: t, node: isOfRun(kind) ? '' : node, text, tone: toneOf(kind), minor: kind === 'connectionFailed'}
}

function isOfRun(kind: string): boolean {
  return ofRun.has(kind)
}

function toneOf(kind: string): Tone {
  if (bad.has(kind)) return 'bad'
  if (good.has(kind)) return 'ok'
  return neutral.has(kind) ? 'accent' : 'warn'
}
