import {setTimeout as delay} from 'node:timers/promises'
import {RepbenchError} from '../../../protocol/errors.js'
import type {StoredItem} from '../items/stored-item.js'
import type {ItemWrite, WriteOutcome} from '../items/write-requests.js'
import {expiryAtTarget, isUnsafe} from '../server-sink.js'
import {differenceOf, type Side, type SyncAction} from './decide.js'
import type {TwoServers} from './two-servers.js'

/** What became of an action. */
type ActionOutcome =
  | WriteOutcome
  /** The item had expired by then. */
  | 'expired'
  /** Flags that repcached cannot send to a peer. */
  | 'unsafeFlags'
  /** The server does not tell the exptime, and nobody said which to take. */
  | 'exptimeUnknown'

export interface Performed {
  readonly action: SyncAction
  readonly outcome: ActionOutcome
}

export interface PerformOptions {
  readonly servers: TwoServers
  readonly actions: readonly SyncAction[]
  /** Whether a write on one server reaches the other. */
  readonly linked: boolean
  /** For items of unknown exptime: seconds to live, 0 = for ever; null = they are not written. */
  readonly unknownTtlSeconds: number | null
  readonly signal?: AbortSignal | undefined
}

/**
 * Carries actions out, each guarded: it changes nothing when somebody has written the key since it was read. Of linked
 * servers the one that has the right item writes it again, guarded by its own cas unique: a copy written on the other
 * one would come back over the link, and over what was written meanwhile.
 * @throws AskError, LinkBrokenError
 */
export async function performActions(options: PerformOptions): Promise<Performed[]> {
  const {servers, actions, linked, signal} = options
  const outcomes = new Map<SyncAction, ActionOutcome>()
  const writes: Record<Side, {readonly action: SyncAction; readonly write: ItemWrite}[]> = {from: [], to: []}
  for (const action of actions) {
    const planned = linked ? writeOverLink(action, options) : writeDirect(action, options)
    if (typeof planned === 'string') outcomes.set(action, planned)
    else writes[planned.side].push({action, write: planned.write})
  }
  const write = async (side: Side): Promise<void> => {
    const found = await servers.write(
      side,
      writes[side].map(({write}) => write),
    )
    for (const [place, {action}] of writes[side].entries()) outcomes.set(action, found[place]!)
  }
  await Promise.all([write('from'), write('to')])
  const performed = actions.map(action => ({action, outcome: outcomes.get(action)!}))
  if (linked) await waitUntilCrossed(servers, keysDone(performed), signal)
  return performed
}

interface PlannedWrite {
  readonly side: Side
  readonly write: ItemWrite
}

type PlanOptions = Pick<PerformOptions, 'servers' | 'unknownTtlSeconds'>

function writeDirect(action: SyncAction, options: PlanOptions): PlannedWrite | ActionOutcome {
  if (action.kind === 'delete') {
    const {side, item} = action
    return {side, write: {kind: 'delete', key: item.key, cas: item.cas!}}
  }
  const side = otherSide(action.source)
  const expiresAt = expiryFor(action.item, side, options)
  if (typeof expiresAt === 'string') return expiresAt
  const item = {...action.item, expiresAt}
  const {replaces} = action
  return {side, write: replaces === null ? {kind: 'add', item} : {kind: 'cas', item, cas: replaces.cas!}}
}

function writeOverLink(action: SyncAction, options: PlanOptions): PlannedWrite | ActionOutcome {
  if (action.kind === 'delete') return {side: otherSide(action.side), write: {kind: 'forget', key: action.item.key}}
  const {source, item} = action
  const expiresAt = expiryFor(item, source, options)
  if (typeof expiresAt === 'string') return expiresAt
  return {side: source, write: {kind: 'cas', item: {...item, expiresAt}, cas: item.cas!}}
}

function expiryFor(item: StoredItem, side: Side, {servers, unknownTtlSeconds}: PlanOptions): number | ActionOutcome {
  if (item.expiresAt === null && unknownTtlSeconds === null) return 'exptimeUnknown'
  if (isUnsafe(item, servers.facts[side])) return 'unsafeFlags'
  const rules = {shiftSeconds: 0, unknownTtlSeconds: unknownTtlSeconds ?? 0}
  return expiryAtTarget(item.expiresAt, rules, Math.floor(Date.now() / 1000))
}

export function otherSide(side: Side): Side {
  return side === 'from' ? 'to' : 'from'
}

function keysDone(performed: readonly Performed[]): string[] {
  return performed.filter(({outcome}) => outcome === 'done').map(({action}) => action.item.key)
}

/** Without a write that arrives for so long, the link is taken for broken. */
const CROSS_LIMIT_MS = 5000
const POLL_MS = 2

/** Keeps no more writes on their way than one batch: a queue between the servers never fills by them. */
async function waitUntilCrossed(
  servers: TwoServers,
  keys: readonly string[],
  signal: AbortSignal | undefined,
): Promise<void> {
  let waiting = keys
  let sinceMs = performance.now()
  while (waiting.length > 0) {
    const listed = waiting.map(key => ({key, expiresAt: null}))
    const [from, to] = await Promise.all([servers.read('from', listed, null), servers.read('to', listed, null)])
    const left = waiting.filter((_, place) => !isSame(from[place] as StoredItem | null, to[place] as StoredItem | null))
    const now = performance.now()
    if (left.length < waiting.length) sinceMs = now
    else if (now - sinceMs > CROSS_LIMIT_MS) throw new LinkBrokenError(left.length)
    waiting = left
    if (waiting.length > 0) await delay(POLL_MS, undefined, {signal})
  }
}

function isSame(from: StoredItem | null, to: StoredItem | null): boolean {
  if (from === null || to === null) return from === to
  const difference = differenceOf(from, to)
  return difference === null || difference === 'exptime'
}

/** A link that carried writes when the sync began, and does not any more. */
class LinkBrokenError extends RepbenchError {
  constructor(keys: number) {
    super(
      'ERR_LINK_BROKEN',
      `Expected ${keys} written again to reach the other server over their link, got none within ${CROSS_LIMIT_MS / 1000} s: the link no longer carries`,
    )
  }
}
