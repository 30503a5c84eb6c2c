import {parentPort, workerData} from 'node:worker_threads'
import type {LoadAssignment} from '../loop/load-assignment.js'
import {runLoadThread} from './load-thread.js'
import type {ToLoadThread} from './worker-messages.js'

const port = parentPort
if (port === null) throw new Error('Expected to run as a worker thread')

const receive = runLoadThread({
  assignment: workerData as LoadAssignment,
  post: message => port.postMessage(message),
  // The open port alone keeps the thread alive.
  onEnd: () => port.close(),
})
port.on('message', (message: ToLoadThread) => receive(message))
