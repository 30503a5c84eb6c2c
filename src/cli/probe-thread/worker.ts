import {parentPort} from 'node:worker_threads'
import type {ToProbeThread} from './messages.js'
import {runProbes} from './run-probes.js'

const receive = runProbes(message => parentPort?.postMessage(message))
parentPort?.on('message', (message: ToProbeThread) => receive(message))
