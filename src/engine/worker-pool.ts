import {Worker} from 'node:worker_threads'
import {assertNever} from '../protocol/errors.js'
import {LoadThreadError} from './errors.js'
import {share} from './share.js'
import type {FromLoadThread, LoadAssignment, ThreadReport, ToLoadThread} from './worker-messages.js'

interface LoadThread {
  post(message: ToLoadThread): void
  terminate(): void
}

interface LoadThreadEvents {
  onMessage(message: FromLoadThread): void
  onFailure(error: Error): void
}

export type StartLoadThread = (assignment: LoadAssignment, events: LoadThreadEvents) => LoadThread

/** From "all are ready" to the start, so that every thread has heard of it in time. */
const START_LEAD_MS = 10
/** A thread that was told to stop and says nothing for so long is ended. */
const STOP_MAX_MS = 5000

export interface PoolOptions extends Omit<LoadAssignment, 'connections'> {
  readonly signal: AbortSignal
  readonly startThread?: StartLoadThread
  /** When the load starts, on performance.now() of this thread. */
  readonly onStart: (startMs: number) => void
  /** @param final the thread has finished */
  readonly onReport: (thread: number, report: ThreadReport, final: boolean) => void
}

/** Runs a plan on its threads, all of which start at one moment. Resolves when all have finished; rejects when one fails. */
export async function runThreads(options: PoolOptions): Promise<void> {
  const {plan, target, signal, startThread = startWorker, onStart, onReport} = options
  const {promise, resolve, reject} = Promise.withResolvers<void>()
  const threads: LoadThread[] = []
  let starting = plan.threads
  let running = plan.threads
  let stopTimer: NodeJS.Timeout | undefined

  const ready = (): void => {
    if (--starting > 0) return
    const startMs = performance.now() + START_LEAD_MS
    onStart(startMs)
    for (const thread of threads) thread.post({type: 'start', startAtEpochMs: performance.timeOrigin + startMs})
  }
  const stop = (): void => {
    for (const thread of threads) thread.post({type: 'stop'})
    const silent = (): void => reject(new LoadThreadError(`Expected load threads to stop, got ${running} that do not`))
    stopTimer = setTimeout(silent, STOP_MAX_MS)
  }
  const onMessage = (thread: number, message: FromLoadThread): void => {
    switch (message.type) {
      case 'ready':
        ready()
        break
      case 'progress':
        onReport(thread, message.report, false)
        break
      case 'finished':
        onReport(thread, message.report, true)
        if (--running === 0) resolve()
        break
      default:
        assertNever(message)
    }
  }

  try {
    for (const [thread, connections] of share({total: plan.connections, parts: plan.threads}).entries()) {
      const events = {onMessage: (message: FromLoadThread) => onMessage(thread, message), onFailure: reject}
      threads.push(startThread({plan, target, connections}, events))
    }
    signal.addEventListener('abort', stop, {once: true})
    if (signal.aborted) stop()
    await promise
  } finally {
    signal.removeEventListener('abort', stop)
    clearTimeout(stopTimer)
    for (const thread of threads) thread.terminate()
  }
}

/** A thread of its own. A dead worker must not look like a slow one: its every end but a regular one is a failure. */
function startWorker(assignment: LoadAssignment, {onMessage, onFailure}: LoadThreadEvents): LoadThread {
  const worker = new Worker(new URL('./worker.js', import.meta.url), {workerData: assignment})
  let finished = false
  worker.on('message', (message: FromLoadThread) => {
    finished = message.type === 'finished'
    onMessage(message)
  })
  worker.on('error', cause => onFailure(new LoadThreadError(`Load thread failed: ${String(cause)}`, {cause})))
  worker.on('messageerror', cause => onFailure(new LoadThreadError('Load thread sent what cannot be read', {cause})))
  worker.on('exit', code => {
    if (!finished) onFailure(new LoadThreadError(`Expected the load thread to finish, got exit ${code} before`))
  })
  return {post: message => worker.postMessage(message), terminate: () => void worker.terminate()}
}
