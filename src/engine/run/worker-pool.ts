import {Worker} from 'node:worker_threads'
import {assertNever} from '../../protocol/errors.js'
import {LoadThreadError} from '../errors.js'
import type {LoadAssignment} from '../loop/load-assignment.js'
import type {Outage} from '../measure/outages.js'
import type {ThreadReport} from '../measure/thread-health.js'
import type {LoadPhase} from '../plan/phases.js'
import {isOpenLoop} from '../plan/plan.js'
import {share} from '../plan/share.js'
import type {RunOptions} from './run-options.js'
import type {FromLoadThread, LoadThread, LoadThreadEvents, ToLoadThread} from './worker-messages.js'

/** From "all are ready" to the start, so that every thread gets the message in time. */
const START_LEAD_MS = 10
/** A thread that does not stop within this time is terminated. */
const STOP_MAX_MS = 5000

/** A thread's report; with the outages of its clients when the thread has finished the phase. */
interface PhaseReport {
  readonly thread: number
  readonly report: ThreadReport
  readonly outages: readonly Outage[] | null
}

interface PoolOptions
  extends Pick<RunOptions, 'plan' | 'spread' | 'signal' | 'control' | 'startThread'>,
    Pick<LoadAssignment, 'targets' | 'verify'> {
  /** One after the other, each on all threads. */
  readonly phases: readonly LoadPhase[]
}

/** Times are on performance.now() of this thread. */
interface PoolListener {
  /** The rate is changed. */
  onRate(ratePerSecond: number, atMs: number): void
  onStart(phase: LoadPhase, startMs: number): void
  onReport(phase: LoadPhase, report: PhaseReport): void
}

/**
 * Runs phases on threads; all threads start a phase at the same time. Resolves
 * when all have finished; rejects when one thread fails. When aborted, it ends
 * the current phase and skips the rest.
 */
export async function runThreads(options: PoolOptions, listener: PoolListener): Promise<void> {
  const pool = new WorkerPool(options, listener)
  const {signal, phases, control} = options
  const stop = (): void => pool.stop()
  signal.addEventListener('abort', stop, {once: true})
  control?.attach(ratePerSecond => pool.changeRate(ratePerSecond))
  try {
    for (const phase of phases) {
      if (signal.aborted) break
      await pool.run(phase)
    }
    pool.end()
  } finally {
    control?.attach(undefined)
    signal.removeEventListener('abort', stop)
    pool.terminate()
  }
}

class WorkerPool {
  readonly #listener: PoolListener
  readonly #threads: readonly LoadThread[]
  readonly #failed = Promise.withResolvers<never>()
  #phase: LoadPhase | undefined
  #starting = 0
  #running = 0
  #started = false
  #finished: (() => void) | undefined
  #stopTimer: NodeJS.Timeout | undefined

  constructor(options: PoolOptions, listener: PoolListener) {
    this.#listener = listener
    const {plan, targets, spread = false, verify, control, startThread = startWorker} = options
    const adjustable = control !== undefined
    // A thread may fail between two phases.
    this.#failed.promise.catch(() => {})
    this.#threads = share({total: plan.connections, parts: plan.threads}).map((connections, thread) =>
      startThread(
        {targets, spread, connections, verify, adjustable},
        {
          onMessage: message => this.#receive(thread, message),
          onFailure: error => this.#failed.reject(error),
        },
      ),
    )
  }

  async run(phase: LoadPhase): Promise<void> {
    this.#phase = phase
    this.#starting = this.#running = this.#threads.length
    this.#started = false
    const {promise, resolve} = Promise.withResolvers<void>()
    this.#finished = resolve
    this.#post({type: 'phase', phase})
    await Promise.race([promise, this.#failed.promise])
  }

  /** @returns false when there is no schedule to change */
  changeRate(ratePerSecond: number): boolean {
    const phase = this.#phase
    if (phase?.name !== 'load' || !isOpenLoop(phase.plan) || !this.#started || this.#running === 0) return false
    const atMs = performance.now() + START_LEAD_MS
    this.#post({type: 'rate', ratePerSecond, atEpochMs: performance.timeOrigin + atMs})
    this.#listener.onRate(ratePerSecond, atMs)
    return true
  }

  stop(): void {
    this.#post({type: 'stop'})
    const silent = (): void =>
      this.#failed.reject(new LoadThreadError(`cannot stop the load: ${this.#running} threads do not answer`))
    this.#stopTimer = setTimeout(silent, STOP_MAX_MS)
  }

  end(): void {
    this.#post({type: 'end'})
  }

  terminate(): void {
    clearTimeout(this.#stopTimer)
    for (const thread of this.#threads) thread.terminate()
  }

  #receive(thread: number, message: FromLoadThread): void {
    const listener = this.#listener
    switch (message.type) {
      case 'ready':
        if (--this.#starting === 0) this.#start()
        break
      case 'progress':
        listener.onReport(this.#phase!, {thread, report: message.report, outages: null})
        break
      case 'finished':
        listener.onReport(this.#phase!, {thread, report: message.report, outages: message.outages})
        if (--this.#running === 0) this.#finished?.()
        break
      default:
        assertNever(message)
    }
  }

  #start(): void {
    const startMs = performance.now() + START_LEAD_MS
    this.#started = true
    this.#listener.onStart(this.#phase!, startMs)
    this.#post({type: 'start', startAtEpochMs: performance.timeOrigin + startMs})
  }

  #post(message: ToLoadThread): void {
    for (const thread of this.#threads) thread.post(message)
  }
}

/** Starts a worker thread. A dead worker must not look like a slow one: any exit before the end is a failure. */
function startWorker(assignment: LoadAssignment, {onMessage, onFailure}: LoadThreadEvents): LoadThread {
  const worker = new Worker(new URL('./worker.js', import.meta.url), {workerData: assignment})
  let ended = false
  worker.on('message', onMessage)
  worker.on('error', cause => onFailure(new LoadThreadError(`load thread failed: ${String(cause)}`, {cause})))
  worker.on('messageerror', cause => onFailure(new LoadThreadError('load thread sent an unreadable message', {cause})))
  worker.on('exit', code => {
    if (!ended) onFailure(new LoadThreadError(`load thread exited with code ${code} before it finished`))
  })
  return {
    post: message => {
      if (message.type === 'end') ended = true
      worker.postMessage(message)
    },
    terminate: () => {
      ended = true
      void worker.terminate()
    },
  }
}
