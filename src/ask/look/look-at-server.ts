import {setTimeout as delay} from 'node:timers/promises'
import type {Address} from '../../protocol/address.js'
import {identifySpeaker, quote, type Speaker} from '../../protocol/text/first-words.js'
import type {AskProblem} from '../ask-error.js'
import {exchangeFirstWords, type FirstExchange} from './first-exchange.js'
import {LookError} from './look-error.js'
import {longVersionQuestion, otherQuestions, versionQuestion} from './questions.js'

interface LookOptions {
  /** For the whole look. @default 5000 */
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** A server that answers as a memcached does. */
interface Seen {
  /** As asked for, with the host's address instead of its name. */
  readonly address: Address
  /** As it says; null when it does not say. */
  readonly version: string | null
  /** Connections that the look has made. */
  readonly connections: number
}

const LOOK_MS = 5000
/** A server that is silent for so long may wait for more bytes. */
const PATIENCE_MS = 1000

/**
 * Asks a server for its version, to learn what is there before any work with it.
 * A server that hangs up without a word is asked in other ways, each on a connection of its own.
 * @throws LookError which says what is there instead of a memcached
 */
export async function lookAtServer(address: Address, {timeoutMs = LOOK_MS, signal}: LookOptions = {}): Promise<Seen> {
  const stop = new AbortController()
  const common = {
    address,
    endMs: performance.now() + timeoutMs,
    signal: signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]),
  }
  try {
    const plain = askInTurn({...common, questions: [versionQuestion, ...otherQuestions]})
    const long = askLongLater({...common, patienceMs: Math.min(PATIENCE_MS, timeoutMs / 3)})
    const first = await Promise.race([plain, long.then(outcome => outcome ?? plain)])
    const {speaker, exchange, connections} = first
    if (speaker === null) throw describeSilence(address, exchange, timeoutMs)
    return seenOrThrow(speaker, {address, exchange, connections})
  } finally {
    stop.abort()
  }
}

interface Asking {
  readonly address: Address
  readonly endMs: number
  readonly signal: AbortSignal
}

interface Outcome {
  /** Null when the bytes identify no server. */
  readonly speaker: Speaker | null
  /** The one that identified it, else the first. */
  readonly exchange: FirstExchange
  readonly connections: number
}

/** One question after the other, each on a connection of its own, for as long as the server hangs up without a word. */
async function askInTurn({questions, endMs, ...options}: Asking & {questions: readonly Buffer[]}): Promise<Outcome> {
  let first: FirstExchange | null = null
  let connections = 0
  for (const question of questions) {
    const timeoutMs = Math.max(1, endMs - performance.now())
    const exchange = await exchangeFirstWords({...options, question, timeoutMs, isEnough})
    connections++
    const speaker = identifySpeaker(exchange.bytes)
    if (speaker !== null) return {speaker, exchange, connections}
    first ??= exchange
    if (!hungUpWithoutAWord(exchange)) break
  }
  return {speaker: null, exchange: first!, connections}
}

/** Of a server that is silent for a while; null where that tells nothing. */
async function askLongLater({patienceMs, ...asking}: Asking & {patienceMs: number}): Promise<Outcome | null> {
  try {
    await delay(patienceMs, undefined, {signal: asking.signal})
  } catch {
    return null
  }
  const outcome = await askInTurn({...asking, questions: [longVersionQuestion, ...otherQuestions]})
  return outcome.speaker === null ? null : {...outcome, connections: outcome.connections + 1}
}

/** The same of several servers at once. @throws LookError of the first that is no memcached */
export function lookAtServers(addresses: readonly Address[], options?: LookOptions): Promise<readonly Seen[]> {
  return Promise.all(addresses.map(address => lookAtServer(address, options)))
}

interface SeenParts {
  readonly address: Address
  readonly exchange: FirstExchange
  readonly connections: number
}

function seenOrThrow(speaker: Speaker, {address, exchange, connections}: SeenParts): Seen {
  switch (speaker.kind) {
    case 'memcached':
      return {address: {...address, host: exchange.ip ?? address.host}, version: speaker.version, connections}
    case 'locked':
      throw new LookError({code: 'ERR_WANTS_PASSWORD', address, says: 'wants a user and a password, repbench has none'})
    case 'full':
      throw new LookError({
        code: 'ERR_TOO_MANY_CONNECTIONS',
        address,
        says: `turned the connection away: ${speaker.reply}`,
      })
    case 'stranger':
      throw new LookError({code: 'ERR_NO_MEMCACHED', address, says: speaker.says})
  }
}

function isEnough(bytes: Uint8Array): boolean {
  return identifySpeaker(bytes) !== null
}

function hungUpWithoutAWord({ip, bytes, problem}: FirstExchange): boolean {
  // A reset may come before the connection is known to stand.
  return bytes.length === 0 && (isReset(problem) || (ip !== null && isClosed(problem)))
}

function describeSilence(address: Address, {ip, bytes, problem}: FirstExchange, timeoutMs: number): LookError {
  const cause = problem?.cause
  if (problem?.code === 'ERR_ASK_ABORTED' || (ip === null && !isReset(problem))) {
    return new LookError({code: 'ERR_UNREACHABLE', address, says: problem?.got ?? 'no connection', cause})
  }
  const what = bytes.length === 0 ? 'without a word' : `after ${quote(bytes)}`
  if (isClosed(problem) || isReset(problem)) {
    const verb = isClosed(problem) ? 'closed' : 'reset'
    return new LookError({code: 'ERR_NO_MEMCACHED', address, says: `${verb} the connection ${what}`, cause})
  }
  const said = bytes.length === 0 ? 'nothing' : `only ${quote(bytes)}`
  return new LookError({
    code: 'ERR_SILENT_SERVER',
    address,
    says: `took the connection and said ${said} for ${Number((timeoutMs / 1000).toFixed(1))} s`,
  })
}

function isClosed(problem: AskProblem | null): boolean {
  return problem?.code === 'ERR_ASK_CLOSED'
}

function isReset(problem: AskProblem | null): boolean {
  return problem?.code === 'ERR_ASK_RESET'
}
