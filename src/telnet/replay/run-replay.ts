import {performance} from 'node:perf_hooks'
import {setTimeout as delay} from 'node:timers/promises'
import {fromPrintable} from '../../protocol/printable.js'
import type {ConsoleSession} from '../session.js'
import type {ReplayStep} from './replay-plan.js'

/** How one step went. */
export interface ReplayedStep {
  readonly step: ReplayStep
  /** What the node answered this time. */
  readonly got: readonly string[]
  /** null: there was nothing to compare with. */
  readonly same: boolean | null
  /** How long it took until a read was as before; null when it was so at once, or never. */
  readonly settledAfterMs: number | null
}

export interface ReplayOptions {
  readonly steps: readonly ReplayStep[]
  /** By the names in the steps. */
  readonly sessions: ReadonlyMap<string, Pick<ConsoleSession, 'sendBytes' | 'repliesDue' | 'observe' | 'state'>>
  readonly signal: AbortSignal
  readonly onStep?: (replayed: ReplayedStep) => void
}

const REPLY_LIMIT_MS = 2000
/** The recorded session took its time before it read what was written on the other node. */
const SETTLE_LIMIT_MS = 1000
const ASK_AGAIN_MS = 5

/** Sends the steps to the nodes one after the other, and holds the replies against the recorded ones. */
export async function runReplay({steps, sessions, signal, onStep}: ReplayOptions): Promise<ReplayedStep[]> {
  const replayed: ReplayedStep[] = []
  for (const step of steps) {
    if (signal.aborted) break
    const session = sessions.get(step.node)
    const result = session === undefined ? unsent(step) : await replayStep(step, session, signal)
    replayed.push(result)
    onStep?.(result)
  }
  return replayed
}

type ReplaySession = Pick<ConsoleSession, 'sendBytes' | 'repliesDue' | 'observe' | 'state'>

async function replayStep(step: ReplayStep, session: ReplaySession, signal: AbortSignal): Promise<ReplayedStep> {
  const startedMs = performance.now()
  let got = await exchange(step, session)
  let same = isSame(step, got)
  let settledAfterMs: number | null = null
  while (same === false && step.onlyReads && session.state() === 'connected' && !signal.aborted) {
    if (performance.now() - startedMs > SETTLE_LIMIT_MS) break
    await delay(ASK_AGAIN_MS)
    got = await exchange(step, session)
    same = isSame(step, got)
    settledAfterMs = same ? performance.now() - startedMs : null
  }
  return {step, got, same, settledAfterMs}
}

/** Sends the lines of a step; the lines of the replies. */
async function exchange({sent, expected}: ReplayStep, session: ReplaySession): Promise<string[]> {
  const got: string[] = []
  const done = Promise.withResolvers<void>()
  const check = () => {
    const complete = session.repliesDue() === 0 && got.length >= (expected?.length ?? 0)
    if (complete || session.state() === 'closed') done.resolve()
  }
  const stop = session.observe(fresh => {
    got.push(...fresh.filter(({kind}) => kind === 'received').map(({text}) => text))
    check()
  })
  const timer = setTimeout(done.resolve, REPLY_LIMIT_MS)
  for (const line of sent) session.sendBytes(fromPrintable(line))
  check()
  await done.promise
  clearTimeout(timer)
  stop()
  return got
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
  return {step, got: [], same: null, settledAfterMs: null}
}
