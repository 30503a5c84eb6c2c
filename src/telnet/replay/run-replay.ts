import {performance} from 'node:perf_hooks'
import {setTimeout as delay} from 'node:timers/promises'
import {fromPrintable} from '../../protocol/printable.js'
import type {ConsoleSession} from '../session/session.js'
import type {ReplayStep} from './replay-plan.js'

/** How one step went. */
export interface ReplayedStep {
  readonly step: ReplayStep
  /** What the node answered this time. */
  readonly got: readonly string[]
  /** Null when there was nothing to compare with, or no answer. */
  readonly same: boolean | null
  /** False where it could not be sent, or a reply that was certain to come did not. */
  readonly answered: boolean
  /** How long it took until a read was as before; null when it was so at once, or never. */
  readonly settledAfterMs: number | null
}

export interface ReplayOptions {
  readonly steps: readonly ReplayStep[]
  /** By the names in the steps. */
  readonly sessions: ReadonlyMap<string, ReplaySession>
  readonly signal: AbortSignal
  readonly onStep?: (replayed: ReplayedStep) => void
}

const REPLY_LIMIT_MS = 2000
/** The recorded session took its time before it read what was written on the other node. */
const SETTLE_LIMIT_MS = 1000
const ASK_AGAIN_MS = 5
/** More lines than expected differ already: a server that does not end its reply costs no memory. */
const LINES_KEPT_MORE = 20

/**
 * Sends the steps to the nodes one after the other, and holds the replies against the recorded ones. A node that leaves
 * a step unanswered gets no more: its late replies would pass for those to the next steps.
 */
export async function runReplay({steps, sessions, signal, onStep}: ReplayOptions): Promise<ReplayedStep[]> {
  const replayed: ReplayedStep[] = []
  const silent = new Set<string>()
  for (const step of steps) {
    if (signal.aborted) break
    const session = silent.has(step.node) ? undefined : sessions.get(step.node)
    const result = session === undefined ? unsent(step) : await replayStep(step, session, signal)
    if (signal.aborted && !result.answered) break
    if (!result.answered) silent.add(step.node)
    replayed.push(result)
    onStep?.(result)
  }
  return replayed
}

type ReplaySession = Pick<ConsoleSession, 'sendBytes' | 'repliesDue' | 'observe' | 'state'>

async function replayStep(step: ReplayStep, session: ReplaySession, signal: AbortSignal): Promise<ReplayedStep> {
  const startedMs = performance.now()
  let {got, answered} = await exchange(step, session, signal)
  let same = isSame(step, got)
  let settledAfterMs: number | null = null
  while (same === false && answered && step.onlyReads && session.state() === 'connected' && !signal.aborted) {
    if (performance.now() - startedMs > SETTLE_LIMIT_MS) break
    await delay(ASK_AGAIN_MS)
    ;({got, answered} = await exchange(step, session, signal))
    same = isSame(step, got)
    settledAfterMs = same ? performance.now() - startedMs : null
  }
  return {step, got, same: answered ? same : null, answered, settledAfterMs}
}

interface Exchanged {
  /** Lines of the replies, of more than were expected only some. */
  readonly got: string[]
  readonly answered: boolean
}

/** Sends the lines of a step. @returns the lines received until all replies were there, or the time was up */
async function exchange({sent, expected}: ReplayStep, session: ReplaySession, signal: AbortSignal): Promise<Exchanged> {
  if (session.state() === 'closed') return {got: [], answered: false}
  const kept = (expected?.length ?? 0) + LINES_KEPT_MORE
  const got: string[] = []
  // A session that ends no longer knows what it was owed.
  let due = 0
  let isSent = false
  const done = Promise.withResolvers<void>()
  const check = () => {
    const isClosed = session.state() === 'closed'
    if (!isClosed) due = session.repliesDue()
    if (isClosed || (isSent && due === 0 && got.length >= (expected?.length ?? 0))) done.resolve()
  }
  const stop = session.observe(fresh => {
    const lines = fresh.filter(({kind}) => kind === 'received')
    got.push(...lines.slice(0, kept - got.length).map(({text}) => text))
    check()
  })
  const timer = setTimeout(done.resolve, REPLY_LIMIT_MS)
  const giveUp = () => done.resolve()
  signal.addEventListener('abort', giveUp)
  for (const line of sent) session.sendBytes(fromPrintable(line))
  isSent = true
  check()
  await done.promise
  signal.removeEventListener('abort', giveUp)
  clearTimeout(timer)
  stop()
  return {got, answered: due === 0}
}

function isSame({expected}: ReplayStep, got: readonly string[]): boolean | null {
  if (expected === null) return null
  return expected.length === got.length && expected.every((line, index) => comparable(line) === comparable(got[index]!))
}

/** Without the unique number of an item, which is another one on every node. */
function comparable(line: string): string {
  return line.replace(/^(VALUE \S+ \d+ \d+) \d+$/, '$1').replace(/^((?:HD|VA \d+)\b.*) c\d+\b/, '$1')
}

function unsent(step: ReplayStep): ReplayedStep {
  return {step, got: [], same: null, answered: false, settledAfterMs: null}
}
