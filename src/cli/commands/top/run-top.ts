import {setTimeout as delay} from 'node:timers/promises'
import {type Address, formatAddress} from '../../../protocol/address.js'
import type {CliContext} from '../../app/context.js'
import {UsageError} from '../../app/errors.js'
import {type ExitCode, exitCodes} from '../../app/exit-codes.js'
import {formatJson, jsonLine} from '../../app/json-text.js'
import {print} from '../../app/print.js'
import {exitCodeOfSignal} from '../../app/shutdown.js'
import {LiveScreen} from './live-screen.js'
import {type Observation, observeNodes} from './observe-nodes.js'
import {topDocument} from './top-json.js'
import {allAnswer, type TopState} from './top-state.js'
import {formatTop} from './top-text.js'

/** With --once: how long a link may take to show whether it lives, beyond the window and the budget of its lag. */
const TRUTH_MS = 1500
const TRUTH_POLL_MS = 50
/** With --once: polls after the first, over one interval. */
const ONCE_POLLS = 3

export interface TopOptions {
  readonly once?: true
  readonly json?: true
  readonly slabs?: true
  readonly pair?: true
  /** commander's `--no-probe`. */
  readonly probe: boolean
  /** Seconds from one table to the next, which its rates are of. */
  readonly interval: number
  /** Seconds that a write may be on its way to the other node of a pair. */
  readonly lagBudget: number
}

/** `repbench top`. */
export async function runTop(servers: readonly Address[], options: TopOptions, context: CliContext): Promise<number> {
  assertServers(servers, options)
  const {slabs, pair, probe, interval, lagBudget} = options
  const observation = observeNodes({
    servers,
    slabs: slabs === true,
    pair: pair === true,
    probe,
    windowMs: interval * 1000,
    lagBudgetMs: lagBudget * 1000,
  })
  // Also when the reader of a pipe goes away: probe keys are deleted.
  const forget = context.shutdown.add(() => observation.close())
  try {
    const show = options.once ? showOnce : options.json ? streamDocuments : showLive
    await show({observation, options, context})
  } finally {
    forget()
    await observation.close()
  }
  const {received} = context.shutdown
  return received === undefined ? exitCodeOf(observation.state()) : exitCodeOfSignal(received)
}

interface Shown {
  readonly observation: Observation
  readonly options: TopOptions
  readonly context: CliContext
}

async function showOnce({observation, options, context}: Shown): Promise<void> {
  const {shutdown, stdout, version} = context
  const {signal} = shutdown
  const startedAt = new Date()
  try {
    observation.start()
    // The window begins with the first answer, however long that took.
    await observation.pollNow()
    // What a repcached's connections tell of its link has to be seen twice.
    for (let poll = 1; poll <= ONCE_POLLS; poll++) {
      await delay((options.interval * 1000) / ONCE_POLLS, undefined, {signal})
      await observation.pollNow()
    }
    const giveUpMs = performance.now() + options.lagBudget * 1000 + TRUTH_MS
    while (observation.state().link?.verdict === 'unknown' && performance.now() < giveUpMs) {
      await delay(TRUTH_POLL_MS, undefined, {signal})
    }
    await observation.settle(signal)
  } catch (error) {
    if (shutdown.received !== undefined) return
    throw error
  }
  const state = observation.state()
  const {interval: windowSeconds} = options
  stdout.write(
    options.json
      ? formatJson(topDocument(state, {version, startedAt, windowSeconds}))
      : `${linesOf(state, options).join('\n')}\n`,
  )
}

/** A document a line, each of the interval before it. */
async function streamDocuments({observation, options, context}: Shown): Promise<void> {
  const {version} = context
  const {interval: windowSeconds} = options
  observation.start()
  await observation.pollNow()
  await tick({
    intervalMs: windowSeconds * 1000,
    signal: untilUnread(context),
    onTick: async () => {
      const startedAt = new Date(Date.now() - windowSeconds * 1000)
      await observation.pollNow()
      const document = topDocument(observation.state(), {version, startedAt, windowSeconds})
      // A slow reader gets fewer documents, never late ones.
      await print(context, jsonLine(document))
    },
  })
}

/** On a terminal a picture that is drawn over; elsewhere a table each interval. */
async function showLive({observation, options, context}: Shown): Promise<void> {
  const {shutdown, stdout} = context
  const quit = new AbortController()
  const screen = stdout.isTTY ? new LiveScreen({stdout, stdin: context.stdin, onQuit: () => quit.abort()}) : null
  const forget = shutdown.add(() => screen?.close())
  untilUnread(context).addEventListener('abort', () => quit.abort(), {once: true})
  observation.start()
  screen?.open()
  screen?.draw(['asking …'])
  try {
    await observation.pollNow()
    await tick({
      intervalMs: options.interval * 1000,
      signal: quit.signal,
      onTick: async () => {
        await observation.pollNow()
        const lines = linesOf(observation.state(), options)
        if (screen === null) await print(context, `${lines.join('\n')}\n\n`)
        else screen.draw([...lines, '', 'q ends'])
      },
    })
  } finally {
    screen?.close()
    forget()
  }
  if (screen !== null) stdout.write(`${linesOf(observation.state(), options).join('\n')}\n`)
}

/** Aborted by a signal, or when the reader of stdout is gone. */
function untilUnread({shutdown, outputs}: CliContext): AbortSignal {
  return AbortSignal.any([shutdown.signal, outputs.stdout.failed])
}

function linesOf(state: TopState, {slabs}: TopOptions): string[] {
  return formatTop(state, {slabs: slabs === true})
}

/** Of a pair the link counts too: what could not be found out is no success. */
function exitCodeOf(state: TopState): ExitCode {
  if (!allAnswer(state)) return exitCodes.fail
  if (state.link === null) return exitCodes.pass
  if (state.link.verdict === 'paired') return state.link.parting === null ? exitCodes.pass : exitCodes.fail
  return state.link.verdict === 'unknown' ? exitCodes.unknown : exitCodes.fail
}

function assertServers(servers: readonly Address[], {pair}: TopOptions): void {
  const names = servers.map(formatAddress)
  const twice = names.find((name, index) => names.indexOf(name) < index)
  if (twice !== undefined) throw new UsageError(`Expected each server once, got ${twice} twice`)
  if (pair && servers.length !== 2) throw new UsageError(`Expected two servers with --pair, got ${servers.length}`)
}

interface TickOptions {
  readonly intervalMs: number
  readonly signal: AbortSignal
  /** Awaited: a tick whose time comes meanwhile is left out. */
  readonly onTick: () => Promise<void>
}

/** Calls back once an interval, by a schedule that does not drift, until `signal` is aborted. */
async function tick({intervalMs, signal, onTick}: TickOptions): Promise<void> {
  let dueMs = performance.now()
  while (!signal.aborted) {
    const missed = Math.max(0, Math.floor((performance.now() - dueMs) / intervalMs))
    dueMs += (1 + missed) * intervalMs
    try {
      await delay(dueMs - performance.now(), undefined, {signal})
    } catch (error) {
      if (signal.aborted) return
      throw error
    }
    await onTick()
  }
}
