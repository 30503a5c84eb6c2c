import {assertNever} from '../../protocol/errors.js'
import type {LoadAssignment} from '../loop/load-assignment.js'
import {LoadLoop} from '../loop/load-loop.js'
import {ThreadHealth, type ThreadReport} from '../measure/thread-health.js'
import type {LoadPhase} from '../plan/phases.js'
import type {FromLoadThread, ToLoadThread} from './worker-messages.js'

/** The UI draws as often. */
const REPORTS_PER_SECOND = 5

/**
 * Runs one load thread, on whichever event loop: takes and posts messages. All
 * phases run in the same thread, so that the warmed-up code is what is measured.
 * @param onEnd called when the thread is not needed any more
 * @returns the function that takes the main thread's messages
 */
export function runLoadThread({
  assignment,
  post,
  onEnd,
}: {
  assignment: LoadAssignment
  post: (message: FromLoadThread) => void
  onEnd: () => void
}): (message: ToLoadThread) => void {
  let phase: RunningPhase | undefined
  return message => {
    switch (message.type) {
      case 'phase':
        phase = new RunningPhase({assignment, phase: message.phase, post})
        break
      case 'start':
        phase?.start(message.startAtEpochMs - performance.timeOrigin)
        break
      case 'rate':
        phase?.changeRate(message.ratePerSecond, message.atEpochMs - performance.timeOrigin)
        break
      case 'stop':
        phase?.stop()
        break
      case 'end':
        onEnd()
        break
      default:
        assertNever(message)
    }
  }
}

class RunningPhase {
  readonly #health = new ThreadHealth()
  readonly #loop: LoadLoop

  constructor(options: {assignment: LoadAssignment; phase: LoadPhase; post: (message: FromLoadThread) => void}) {
    const {assignment, phase, post} = options
    this.#loop = new LoadLoop({
      ...assignment,
      ...phase,
      onReady: () => post({type: 'ready'}),
      onFinished: () => {
        clearInterval(reporting)
        post({type: 'finished', report: this.#report(), outages: this.#loop.outages()})
        this.#health.stop()
      },
    })
    const reporting = setInterval(() => post({type: 'progress', report: this.#report()}), 1000 / REPORTS_PER_SECOND)
    this.#health.start()
    this.#loop.connect()
  }

  start(startMs: number): void {
    this.#health.start()
    this.#loop.start(startMs)
  }

  changeRate(ratePerSecond: number, atMs: number): void {
    this.#loop.changeRate(ratePerSecond, atMs)
  }

  stop(): void {
    this.#loop.stop()
  }

  #report(): ThreadReport {
    return {delta: this.#loop.takeDelta(), ...this.#health.read()}
  }
}
