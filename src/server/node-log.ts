import type {LinkRole, LinkState} from './cluster-node.js'
import type {NodeEventKind} from './node-event.js'

/** What a node's log has told so far of its replication link. */
export interface NodeLogState {
  readonly link: LinkState
  readonly role: LinkRole
  /** Keys of the full copy that is being sent, once the log has named them. */
  readonly copyKeys: number | null
  /** Set by an overflow until the next link: every racing thread of the C program logs it. */
  readonly overflowed: boolean
}

export interface NodeLogReading {
  readonly state: NodeLogState
  readonly event: {readonly kind: NodeEventKind; readonly text: string} | null
}

export const freshLog: NodeLogState = {link: 'unknown', role: 'none', copyKeys: null, overflowed: false}

type Rule = readonly [pattern: RegExp, read: (state: NodeLogState, match: RegExpExecArray) => NodeLogReading]

const rules: readonly Rule[] = [
  [
    /^connect \(peer=([^)]*)\)/,
    (_, [, peer]) => on('dialling', `dials its peer ${peer}`, {...freshLog, link: 'dialling'}),
  ],
  // Also printed for a dial that is then refused.
  [/^marugoto copying$/, state => quiet({...state, link: 'syncing'})],
  [/^start$/, state => on('linkUp', 'linked as slave, full copy received', {...state, link: 'paired', role: 'slave'})],
  [
    /^accept$/,
    () => on('linkUp', 'linked as master, a slave dialled in', {...freshLog, link: 'paired', role: 'master'}),
  ],
  [/^marugoto start$/, state => on('fullSyncStarted', 'sends its slave a full copy', {...state, link: 'syncing'})],
  [/^marugoto (\d+)$/, (state, [, keys]) => quiet({...state, copyKeys: Number(keys)})],
  [
    /^marugoto owari$/,
    state => on('fullSyncDone', `sent its slave a full copy${keysOf(state)}`, {...state, link: 'paired'}),
  ],
  [/^close$/, readClose],
  [/^listen$/, () => on('listening', 'waits for a slave to dial in', {...freshLog, link: 'listening'})],
  [
    /^failed to initialize replication server socket/,
    state =>
      on('bindFailed', 'cannot bind its replication port: nobody can pair with it until it is restarted', {
        ...state,
        link: 'orphaned',
        role: 'none',
      }),
  ],
  [
    /^can't create Q_ITEM/,
    state =>
      state.overflowed
        ? quiet(state)
        : on('overflow', 'replication queue overflowed: the link and all queued writes are dropped', {
            ...state,
            overflowed: true,
          }),
  ],
  [/^send error (-?\d+)/, (state, [, errno]) => on('sendError', `cannot send to its peer (errno ${errno})`, state)],
]

/** Reads one line of a node's stderr (spec section 8). Lines that say nothing of the link change nothing. */
export function readLogLine(state: NodeLogState, line: string): NodeLogReading {
  const text = /^replication: (.*?)\s*$/.exec(line)?.[1]
  if (text === undefined) return quiet(state)
  for (const [pattern, read] of rules) {
    const match = pattern.exec(text)
    if (match !== null) return read(state, match)
  }
  return quiet(state)
}

/** A refused dial and a copy cut short look alike in the log: both close before `start`. */
function readClose(state: NodeLogState): NodeLogReading {
  const wasLinked = state.role !== 'none'
  const after: NodeLogState = {...state, link: 'unknown', role: 'none', copyKeys: null}
  return wasLinked
    ? on('linkLost', 'lost its replication link', after)
    : on('dialFailed', 'found no peer to join (as the first of a pair; else the copy was cut short)', after)
}

function keysOf({copyKeys}: NodeLogState): string {
  return copyKeys === null ? '' : ` of ${copyKeys} ${copyKeys === 1 ? 'key' : 'keys'}`
}

function on(kind: NodeEventKind, text: string, state: NodeLogState): NodeLogReading {
  return {state, event: {kind, text}}
}

function quiet(state: NodeLogState): NodeLogReading {
  return {state, event: null}
}
