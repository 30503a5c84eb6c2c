import {Worker} from 'node:worker_threads'
import {AskError} from '../../ask/ask-error.js'
import type {AskOptions} from '../../ask/ask-once.js'
import {OwnTrafficByAddress} from '../../ask/own-traffic.js'
import type {LagEvent} from '../../engine/lag/lag-event.js'
import type {StopOptions} from '../../engine/lag/lag-probe.js'
import type {Address} from '../../protocol/address.js'
import {assertNever} from '../../protocol/errors.js'
import type {PairProbe, PairProbes, ProbedNode, ProbePairOptions} from '../../server/node-api/pair-probe.js'
import type {FromProbeThread, NodeAnswer, ToProbeThread} from './messages.js'
import {shiftEvent, shiftEvidence, shiftSample} from './shift-times.js'

interface LagListeners {
  readonly onEvent: (event: LagEvent) => void
  /** The thread is gone, and nothing is measured there any more. */
  readonly onEnd: () => void
}

interface OpenLag extends LagListeners {
  readonly closed: PromiseWithResolvers<void>
}

interface AskedQuestion extends PromiseWithResolvers<NodeAnswer> {
  readonly address: Address
}

interface OpenProbe extends Pick<ProbePairOptions, 'onLag' | 'onEvidence'> {
  evidence: PairProbes
  readonly closed: PromiseWithResolvers<void>
}

/** The thread as its starter sees it. */
export interface ProbeThreadHandle {
  post(message: ToProbeThread): void
  terminate(): Promise<unknown>
}

export interface ProbeThreadHandlers {
  onMessage(message: FromProbeThread): void
  /** It ended, and is not to be used any more. */
  onEnd(problem: string): void
}

interface ProbeThreadOptions {
  readonly traffic?: OwnTrafficByAddress
  readonly startThread?: (handlers: ProbeThreadHandlers) => ProbeThreadHandle
}

const nothing = {crossedAtMs: null, missing: null, problem: null, oldestUnseenMs: null}

/**
 * Probes of pairs on a thread of their own: a frame that the UI draws just when a write arrives would be counted into
 * its lag. Started with the first probe.
 */
export class ProbeThread {
  readonly #startThread: (handlers: ProbeThreadHandlers) => ProbeThreadHandle
  readonly #probes = new Map<number, OpenProbe>()
  readonly #lags = new Map<number, OpenLag>()
  readonly #traffic: OwnTrafficByAddress
  readonly #questions = new Map<number, AskedQuestion>()
  #asked = 0
  #thread: ProbeThreadHandle | undefined
  #opened = 0

  /** @param options traffic counts what the probes do to the nodes. @default a counter of its own, and a worker */
  constructor({traffic = new OwnTrafficByAddress(), startThread = startWorker}: ProbeThreadOptions = {}) {
    this.#traffic = traffic
    this.#startThread = startThread
  }

  /** The same as `new LinkProbe(options)`, elsewhere. */
  readonly open = ({nodes, intervalMs, onLag, onEvidence}: ProbePairOptions): PairProbe => {
    this.#opened += 1
    const pair = this.#opened
    const probe: OpenProbe = {onLag, onEvidence, evidence: [nothing, nothing], closed: Promise.withResolvers()}
    this.#probes.set(pair, probe)
    const target = ({traffic, ...node}: ProbedNode) => ({...node, traffic: traffic.memory})
    return {
      get evidence() {
        return probe.evidence
      },
      start: () => this.#post({type: 'open', pair, nodes: [target(nodes[0]), target(nodes[1])], intervalMs}),
      close: async () => {
        await this.#closeOne(pair, probe)
        this.#probes.delete(pair)
      },
    }
  }

  /** Measures the lag of a pair that is loaded, on this clock. @returns what ends it */
  openLag({a, b, ...listeners}: {a: Address; b: Address} & LagListeners): (options: StopOptions) => Promise<void> {
    this.#opened += 1
    const pair = this.#opened
    const lag: OpenLag = {...listeners, closed: Promise.withResolvers()}
    this.#lags.set(pair, lag)
    const target = (address: Address) => ({address, traffic: this.#traffic.at(address).memory})
    this.#post({type: 'openLag', pair, nodes: [target(a), target(b)]})
    return async options => {
      await this.#closeOne(pair, lag, options)
      this.#lags.delete(pair)
    }
  }

  /**
   * Asks a node something there, where no frame is counted into its answer; its time is on this clock.
   * @throws AskError as askOnce() does
   */
  readonly ask = (address: Address, command: string, {timeoutMs}: AskOptions = {}): Promise<NodeAnswer> => {
    this.#asked += 1
    const question = this.#asked
    const answer = Promise.withResolvers<NodeAnswer>()
    this.#questions.set(question, {...answer, address})
    this.#post({type: 'ask', question, address, command, timeoutMs})
    return answer.promise
  }

  async close(): Promise<void> {
    const thread = this.#thread
    this.#thread = undefined
    await thread?.terminate()
  }

  async #closeOne(
    pair: number,
    {closed}: Pick<OpenProbe, 'closed'>,
    {drainMs, signal}: StopOptions = {},
  ): Promise<void> {
    if (this.#thread === undefined) return
    this.#post({type: 'close', pair, drainMs})
    const hurry = (): void => this.#thread?.post({type: 'hurry', pair})
    signal?.addEventListener('abort', hurry)
    await closed.promise
    signal?.removeEventListener('abort', hurry)
  }

  #post(message: ToProbeThread): void {
    this.#thread ??= this.#start()
    this.#thread.post(message)
  }

  #start(): ProbeThreadHandle {
    const thread = this.#startThread({
      onMessage: message => this.#take(message),
      onEnd: problem => {
        if (this.#thread === thread) this.#failed(problem)
      },
    })
    return thread
  }

  #take(message: FromProbeThread): void {
    switch (message.type) {
      case 'news': {
        const probe = this.#probes.get(message.pair)
        if (probe === undefined) return
        const byMs = -performance.timeOrigin
        const [there, back] = message.evidence
        probe.evidence = [shiftEvidence(there, byMs), shiftEvidence(back, byMs)]
        for (const sample of message.lags) probe.onLag(shiftSample(sample, byMs))
        probe.onEvidence()
        break
      }
      case 'lag': {
        const lag = this.#lags.get(message.pair)
        for (const event of message.events) lag?.onEvent(shiftEvent(event, -performance.timeOrigin))
        break
      }
      case 'answered':
        this.#answerOf(message.question)?.resolve({...message, atMs: message.atMs - performance.timeOrigin})
        break
      case 'notAnswered':
        this.#answerOf(message.question)?.reject(new AskError(message.facts))
        break
      case 'closed':
        ;(this.#probes.get(message.pair) ?? this.#lags.get(message.pair))?.closed.resolve()
        break
      default:
        assertNever(message)
    }
  }

  #answerOf(question: number): AskedQuestion | undefined {
    const answer = this.#questions.get(question)
    this.#questions.delete(question)
    return answer
  }

  /** What nobody looks for is neither there nor missing. */
  #failed(problem: string): void {
    this.#thread = undefined
    this.#traffic.forget('probes')
    for (const {address, reject} of this.#questions.values()) {
      reject(
        new AskError({code: 'ERR_ASK_ABORTED', address, expected: 'an answer', got: `no thread that asks: ${problem}`}),
      )
    }
    this.#questions.clear()
    for (const lag of this.#lags.values()) {
      lag.closed.resolve()
      lag.onEnd()
    }
    this.#lags.clear()
    for (const probe of this.#probes.values()) {
      probe.evidence = [
        {...nothing, problem},
        {...nothing, problem},
      ]
      probe.closed.resolve()
      probe.onEvidence()
    }
  }
}

function startWorker({onMessage, onEnd}: ProbeThreadHandlers): ProbeThreadHandle {
  const worker = new Worker(new URL('./worker.js', import.meta.url))
  worker.on('message', onMessage)
  worker.on('error', error => onEnd(`its thread failed: ${String(error)}`))
  worker.on('messageerror', error => onEnd(`its thread failed: ${String(error)}`))
  worker.on('exit', () => onEnd('its thread ended'))
  return {post: message => worker.postMessage(message), terminate: () => worker.terminate()}
}
