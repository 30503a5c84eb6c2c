import {quoted} from '../../protocol/printable.js'
import type {LinkRole, LinkState} from '../node-api/cluster-node.js'
import type {NodeEventFacts, NodeEventKind} from '../node-api/node-event.js'

/** What a node's log has told so far of its replication link. */
export interface NodeLogState {
  readonly link: LinkState
  readonly role: LinkRole
  /** Keys of the full sync that is being sent, once the log has named them. */
  readonly copyKeys: number | null
  /** Set by an overflow until the next link: every racing thread of the C program logs it. */
  readonly overflowed: boolean
}

/** What a line of a log tells. */
export interface LogFinding {
  readonly kind: NodeEventKind
  readonly text: string
  readonly facts?: NodeEventFacts
}

export interface NodeLogReading {
  readonly state: NodeLogState
  readonly event: LogFinding | null
}

export const freshLog: NodeLogState = {link: 'unknown', role: 'none', copyKeys: null, overflowed: false}

type Rule = readonly [pattern: RegExp, read: (state: NodeLogState, match: RegExpExecArray) => NodeLogReading]

const rules: readonly Rule[] = [
  [
    /^connect \(peer=([^)]*)\)/,
    (_, [, peer]) => on('dialling', `connects to its peer ${peer}`, {...freshLog, link: 'dialling'}),
  ],
  // Also printed for a connection that is then refused.
  [/^marugoto copying$/, state => quiet({...state, link: 'syncing'})],
  [/^start$/, state => linked('slave', 'linked as slave, full sync received', state)],
  [/^accept$/, () => linked('master', 'linked as master, a slave connected', freshLog)],
  [/^marugoto start$/, state => on('fullSyncStarted', 'sends its slave a full sync', {...state, link: 'syncing'})],
  [/^marugoto (\d+)$/, (state, [, keys]) => quiet({...state, copyKeys: Number(keys)})],
  [
    /^marugoto owari$/,
    state =>
      on(
        'fullSyncDone',
        `sent its slave a full sync${keysOf(state)}`,
        {...state, link: 'paired'},
        state.copyKeys === null ? {} : {keys: state.copyKeys},
      ),
  ],
  [/^close$/, readClose],
  [/^listen$/, () => on('listening', 'waits for a slave to connect', {...freshLog, link: 'listening'})],
  [
    /^failed to initialize replication server socket/,
    state =>
      on('bindFailed', 'cannot bind its replication port: no peer can pair with it until it is restarted', {
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
  [
    /^send error (-?\d+)/,
    (state, [, errno]) => on('sendError', `cannot send to its peer (errno ${errno})`, state, {errno: Number(errno)}),
  ],
  [/^Too many opened connections/, state => on('tooManyConnections', 'has no descriptor left for its link', state)],
  [/malloc error/, (state, {input}) => on('outOfMemory', `got no memory: ${input}`, state)],
  [
    /^(already connected|accept error|pop error|pipe write error|got unknown command|can't (create pipe|setting O_NONBLOCK|store an item|send a key)|couldn't update event|the peer sent an invalid frame)/i,
    (state, {input}) => on('linkFault', `has trouble with its link: ${input}`, state),
  ],
]

/** What any memcached may say, whether it replicates or not. */
const generalRules: readonly (readonly [RegExp, (line: string) => LogFinding])[] = [
  [/^faild to replication init/, () => ({kind: 'bindFailed', text: 'cannot listen on its replication port, and ends'})],
  [/too many open connections/i, () => ({kind: 'tooManyConnections', text: 'has no room for another connection'})],
  [
    /out of memory|malloc\(\)|failed to (malloc|allocate|grow buffer)|can't allocate|bad_alloc/i,
    line => ({kind: 'outOfMemory', text: `got no memory: ${line.trim()}`}),
  ],
]

/** Reads one line of a node's output (docs/node-events.md). Lines that say nothing of the link change nothing. */
export function readLogLine(state: NodeLogState, line: string): NodeLogReading {
  const text = /^replication: (.*?)\s*$/.exec(line)?.[1]
  if (text === undefined) return {state, event: readGeneral(line)}
  for (const [pattern, read] of rules) {
    const match = pattern.exec(text)
    if (match !== null) return read(state, match)
  }
  return quiet(state)
}

function readGeneral(line: string): LogFinding | null {
  // At -vv a line that begins so quotes a client, who may say anything.
  if (/^[<>]/.test(line)) return null
  const rule = generalRules.find(([pattern]) => pattern.test(line))
  if (rule === undefined) return null
  const {text, ...rest} = rule[1](line)
  return {...rest, text: quoted(text)}
}

/** A refused connection and a full sync cut short look alike in the log: both close before `start`. */
function readClose(state: NodeLogState): NodeLogReading {
  const wasLinked = state.role !== 'none'
  const after: NodeLogState = {...state, link: 'unknown', role: 'none', copyKeys: null}
  return wasLinked
    ? on('linkLost', 'lost its replication link', after)
    : on('dialFailed', 'no peer found (or its full sync was cut short); starting as master', after)
}

function keysOf({copyKeys}: NodeLogState): string {
  return copyKeys === null ? '' : ` of ${copyKeys} ${copyKeys === 1 ? 'key' : 'keys'}`
}

/** The line that is quoted may be anybody's: not every program that prints such lines is a memcached. */
function on(kind: NodeEventKind, said: string, state: NodeLogState, facts?: NodeEventFacts): NodeLogReading {
  const text = quoted(said)
  return {state, event: facts === undefined ? {kind, text} : {kind, text, facts}}
}

function linked(role: 'master' | 'slave', text: string, state: NodeLogState): NodeLogReading {
  return on('linkUp', text, {...state, link: 'paired', role}, {role})
}

function quiet(state: NodeLogState): NodeLogReading {
  return {state, event: null}
}
