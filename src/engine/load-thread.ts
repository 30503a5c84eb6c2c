import {assertNever} from '../protocol/errors.js'
import {LoadLoop} from './load-loop.js'
import {ThreadHealth} from './thread-health.js'
import type {FromLoadThread, LoadAssignment, ThreadReport, ToLoadThread} from './worker-messages.js'

/** Reports a second; the UI draws as often. */
const REPORTS_PER_SECOND = 5

/**
 * One load thread's work, wherever it runs: takes messages, posts messages.
 * @returns the function that takes the main thread's messages
 */
export function runLoadThread({
  assignment,
  post,
}: {
  assignment: LoadAssignment
  post: (message: FromLoadThread) => void
}): (message: ToLoadThread) => void {
  const health = new ThreadHealth()
  const loop = new LoadLoop({
    ...assignment,
    onReady: () => post({type: 'ready'}),
    onFinished: () => {
      clearInterval(reporting)
      post({type: 'finished', report: report()})
      health.stop()
    },
  })
  const report = (): ThreadReport => ({delta: loop.takeDelta(), ...health.read()})
  const reporting = setInterval(() => post({type: 'progress', report: report()}), 1000 / REPORTS_PER_SECOND)
  health.start()
  loop.connect()
  return message => {
    switch (message.type) {
      case 'start':
        health.start()
        loop.start(message.startAtEpochMs - performance.timeOrigin)
        break
      case 'stop':
        loop.stop()
        break
      default:
        assertNever(message)
    }
  }
}
