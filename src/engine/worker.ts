import {parentPort, workerData} from 'node:worker_threads'
import {runLoadThread} from './load-thread.js'
import type {FromLoadThread, LoadAssignment, ToLoadThread} from './worker-messages.js'

const port = parentPort
if (port === null) throw new Error('Expected to run as a worker thread')

const receive = runLoadThread({
  assignment: workerData as LoadAssignment,
  post: (message: FromLoadThread) => {
    port.postMessage(message)
    // Nothing is left to do: without this the open port would keep the thread alive.
    if (message.type === 'finished') port.close()
  },
})
port.on('message', (message: ToLoadThread) => receive(message))
