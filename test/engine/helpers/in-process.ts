import {runLoadThread} from '../../../src/engine/run/load-thread.js'
import type {StartLoadThread} from '../../../src/engine/run/worker-messages.js'

/** A load thread on this very event loop; messages cross as they do between threads. */
export const inProcess: StartLoadThread = (assignment, {onMessage}) => {
  const receive = runLoadThread({
    assignment: structuredClone(assignment),
    post: message => setImmediate(onMessage, structuredClone(message)),
    onEnd: () => {},
  })
  return {post: message => setImmediate(receive, structuredClone(message)), terminate: () => {}}
}
