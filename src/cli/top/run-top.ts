import {setTimeout as delay} from 'node:timers/promises'
import {type Address, formatAddress} from '../../protocol/address.js'
import type {CliContext} from '../context.js'
import {UsageError} from '../errors.js'
import {type ExitCode, exitCodes} from '../exit-codes.js'
import {formatJson} from '../reports/run-json.js'
import {topDocument} from '../reports/top-json.js'
import {formatTop} from '../reports/top-text.js'
import {exitCodeOfSignal} from '../shutdown.js'
import {LiveScreen} from './live-screen.js'
import {type Observation, observeNodes} from './observe-nodes.js'
import {allAnswer, type TopState} from './top-state.js'

const INTERVAL_MS = 1000
/** With --once: how long a link may take to show whether it lives, beyond the two polls. */
const TRUTH_MS = 2500
const TRUTH_POLL_MS = 50

export interface TopOptions {
  readonly once?: true
  readonly json?: true
  readonly slabs?: true
  readonly pair?: true
  /** commander's `--no-probe`. */
  readonly probe: boolean
}

/** `repbench top`. */
export async function runTop(servers: readonly Address[], options: TopOptions, context: CliContext): Promise<number> {
  assertServers(servers, options)
  const once = options.once ?? options.json ?? false
  return await (once ? showOnce(servers, options, context) : showLive(servers, options, context))
}

async function showOnce(servers: readonly Address[], options: TopOptions, context: CliContext): Promise<number> {
  const {shutdown, stdout, version} = context
  const {signal} = shutdown
  const startedAt = new Date()
  const observation = observe(servers, options)
  try {
    observation.start()
    await delay(INTERVAL_MS, undefined, {signal})
    await observation.pollNow()
    const giveUpMs = performance.now() + TRUTH_MS
    while (observation.state().link?.verdict === 'unknown' && performance.now() < giveUpMs) {
      await delay(TRUTH_POLL_MS, undefined, {signal})
    }
  } catch (error) {
    if (shutdown.received !== undefined) return exitCodeOfSignal(shutdown.received)
    throw error
  } finally {
    await observation.close()
  }
  const state = observation.state()
  stdout.write(
    options.json ? formatJson(topDocument(state, {version, startedAt})) : `${linesOf(state, options).join('\n')}\n`,
  )
  return exitCodeOf(state)
}

/** On a terminal a picture that is drawn over; elsewhere a table each second. */
async function showLive(servers: readonly Address[], options: TopOptions, context: CliContext): Promise<number> {
  const {shutdown, stdout, stdin} = context
  const {promise: quit, resolve} = Promise.withResolvers<void>()
  const observation = observe(servers, options)
  const screen = stdout.isTTY ? new LiveScreen({stdout, stdin, onQuit: resolve}) : null
  const forget = shutdown.add(() => screen?.close())
  const show = () => {
    const lines = linesOf(observation.state(), options)
    if (screen === null) stdout.write(`${lines.join('\n')}\n\n`)
    else screen.draw([...lines, '', 'q ends'])
  }
  shutdown.signal.addEventListener('abort', () => resolve(), {once: true})
  observation.start()
  screen?.open()
  screen?.draw(['asking …'])
  // Shortly after each poll, so that what is shown is new.
  const timer = setInterval(show, INTERVAL_MS)
  try {
    await quit
  } finally {
    clearInterval(timer)
    screen?.close()
    forget()
    await observation.close()
  }
  if (screen !== null) stdout.write(`${linesOf(observation.state(), options).join('\n')}\n`)
  return shutdown.received === undefined ? exitCodeOf(observation.state()) : exitCodeOfSignal(shutdown.received)
}

function observe(servers: readonly Address[], options: TopOptions): Observation {
  const {slabs, pair, probe} = options
  return observeNodes({servers, slabs: slabs === true, pair: pair === true, probe})
}

function linesOf(state: TopState, {slabs}: TopOptions): string[] {
  return formatTop(state, {slabs: slabs === true})
}

/** Of a pair the link counts too: what could not be found out is no success. */
function exitCodeOf(state: TopState): ExitCode {
  if (!allAnswer(state)) return exitCodes.fail
  if (state.link === null || state.link.verdict === 'paired') return exitCodes.pass
  return state.link.verdict === 'unknown' ? exitCodes.unknown : exitCodes.fail
}

function assertServers(servers: readonly Address[], {pair}: TopOptions): void {
  const names = servers.map(formatAddress)
  const twice = names.find((name, index) => names.indexOf(name) < index)
  if (twice !== undefined) throw new UsageError(`Expected each server once, got ${twice} twice`)
  if (pair && servers.length !== 2) throw new UsageError(`Expected two servers with --pair, got ${servers.length}`)
}
