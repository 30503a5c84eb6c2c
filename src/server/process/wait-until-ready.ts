import {setTimeout as delay} from 'node:timers/promises'
import {type AskOptions, askOnce} from '../../ask/ask-once.js'
import type {Address} from '../../protocol/address.js'

const READY_POLL_MS = 10

export interface ReadyWait {
  readonly address: Address
  readonly timeoutMs: number
  /** Resolves when the process is gone. */
  readonly ended: Promise<unknown>
  /** Why the node will never be ready, as soon as its log tells. */
  readonly findProblem: () => string | null
  readonly signal: AbortSignal | undefined
}

/** How a start went: null = the client port answers `version`. */
export type ReadyProblem = null | {readonly kind: 'ended'} | {readonly kind: 'hopeless'; readonly text: string}

/** Waits until a node serves clients, or it is clear that it won't. */
export async function waitUntilReady(wait: ReadyWait): Promise<ReadyProblem> {
  const {address, timeoutMs, ended, findProblem, signal} = wait
  const limit = AbortSignal.timeout(timeoutMs)
  const dead = new AbortController()
  void ended.then(() => dead.abort())
  const giveUp = AbortSignal.any([limit, dead.signal, ...(signal ? [signal] : [])])
  while (!giveUp.aborted) {
    const answers = await answersVersion(address, {signal: giveUp})
    const problem = findProblem()
    if (problem !== null) return {kind: 'hopeless', text: problem}
    if (answers) return null
    await delay(READY_POLL_MS, undefined, {signal: giveUp}).catch(() => {})
  }
  if (dead.signal.aborted) return {kind: 'ended'}
  return {kind: 'hopeless', text: signal?.aborted ? 'an abort' : `no answer within ${timeoutMs} ms`}
}

async function answersVersion(address: Address, options: AskOptions): Promise<boolean> {
  return askOnce(address, 'version', options).then(
    lines => lines[0]?.startsWith('VERSION ') ?? false,
    () => false,
  )
}
