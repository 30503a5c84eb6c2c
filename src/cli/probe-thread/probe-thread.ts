import {Worker} from 'node:worker_threads'
import {OwnTrafficByAddress} from '../../ask/own-traffic.js'
import type {LagEvent} from '../../engine/lag/lag-event.js'
import type {StopOptions} from '../../engine/lag/lag-probe.js'
import type {Address} from '../../protocol/address.js'
import {assertNever} from '../../protocol/errors.js'
import type {PairProbe, PairProbes, ProbedNode, ProbePairOptions} from '../../server/node-api/pair-probe.js'
import type {NodePolls, NodePollsOptions} from '../../server/observe/stats-watch.js'
import type {NodeSample} from '../../server/stats/node-sample.js'
import type {FromProbeThread, ProbeTarget, ToProbeThread} from './messages.js'
import {shiftEvent, shiftEvidence, shiftLag, shiftSample} from './shift-times.js'

interface LagListeners {
  readonly onEvent: (event: LagEvent) => void
  /** The thread is gone, and nothing is measured there any more. */
  readonly onEnd: () => void
}

interface OpenLag extends LagListeners {
  readonly closed: PromiseWithResolvers<void>
}

interface OpenPolls extends Pick<NodePollsOptions, 'onSample'> {
  reopen(): void
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

const REOPEN_MS = 1000

/**
 * Probes of pairs and polls of nodes on a thread of their own: a frame that the UI draws just when a write arrives would be counted into
 * its lag. Started with the first probe.
 */
export class ProbeThread {
  readonly #startThread: (handlers: ProbeThreadHandlers) => ProbeThreadHandle
  readonly #probes = new Map<number, OpenProbe>()
  readonly #lags = new Map<number, OpenLag>()
  readonly #traffic: OwnTrafficByAddress
  readonly #polls = new Map<number, OpenPolls>()
  readonly #requests = new Map<number, (samples: readonly NodeSample[]) => void>()
  #requested = 0
  #reopening: NodeJS.Timeout | undefined
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
    return {
      get evidence() {
        return probe.evidence
      },
      start: () => this.#post({type: 'open', pair, nodes: [targetOf(nodes[0]), targetOf(nodes[1])], intervalMs}),
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

  /** The same as `new StatsWatch(options)`, elsewhere: no frame is counted into an answer. */
  readonly polls = ({onSample, nodes, ...options}: NodePollsOptions): NodePolls => {
    this.#opened += 1
    const polls = this.#opened
    const open = {type: 'openPolls', polls, nodes: nodes.map(targetOf), ...options} as const
    return {
      start: () => {
        this.#polls.set(polls, {onSample, reopen: () => this.#post(open)})
        this.#post(open)
      },
      poll: () => this.#post({type: 'poll', polls}),
      pollNow: () => {
        this.#requested += 1
        const {promise, resolve} = Promise.withResolvers<readonly NodeSample[]>()
        this.#requests.set(this.#requested, resolve)
        this.#post({type: 'pollNow', polls, request: this.#requested})
        return promise
      },
      close: () => {
        this.#polls.delete(polls)
        this.#thread?.post({type: 'closePolls', polls})
      },
    }
  }

  async close(): Promise<void> {
    clearTimeout(this.#reopening)
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
        for (const sample of message.lags) probe.onLag(shiftLag(sample, byMs))
        probe.onEvidence()
        break
      }
      case 'lag': {
        const lag = this.#lags.get(message.pair)
        for (const event of message.events) lag?.onEvent(shiftEvent(event, -performance.timeOrigin))
        break
      }
      case 'sample':
        this.#polls.get(message.polls)?.onSample(shiftSample(message.sample, -performance.timeOrigin), message.inTurn)
        break
      case 'polled':
        this.#answer(
          message.request,
          message.samples.map(sample => shiftSample(sample, -performance.timeOrigin)),
        )
        break
      case 'closed':
        ;(this.#probes.get(message.pair) ?? this.#lags.get(message.pair))?.closed.resolve()
        break
      default:
        assertNever(message)
    }
  }

  #answer(request: number, samples: readonly NodeSample[]): void {
    this.#requests.get(request)?.(samples)
    this.#requests.delete(request)
  }

  /** Without the thread a write is neither seen nor missing. */
  #failed(problem: string): void {
    this.#thread = undefined
    this.#traffic.forget('probes')
    for (const request of [...this.#requests.keys()]) this.#answer(request, [])
    // Not at once: the cause may end the next thread too.
    this.#reopening = setTimeout(() => {
      for (const {reopen} of this.#polls.values()) reopen()
    }, REOPEN_MS)
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

function targetOf({name, address, traffic}: ProbedNode): ProbeTarget {
  return {name, address, traffic: traffic.memory}
}

function startWorker({onMessage, onEnd}: ProbeThreadHandlers): ProbeThreadHandle {
  const worker = new Worker(new URL('./worker.js', import.meta.url))
  worker.on('message', onMessage)
  worker.on('error', error => onEnd(`its thread failed: ${String(error)}`))
  worker.on('messageerror', error => onEnd(`its thread failed: ${String(error)}`))
  worker.on('exit', () => onEnd('its thread ended'))
  return {post: message => worker.postMessage(message), terminate: () => worker.terminate()}
}
