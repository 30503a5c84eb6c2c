import {emptyTally} from '../../../src/engine/measure/accounts.js'
import {noLatencies} from '../../../src/engine/measure/latency.js'
import type {LoadDelta} from '../../../src/engine/measure/recorder.js'
import {noRequests} from '../../../src/engine/measure/request-counts.js'

/** What a load thread reports that has done nothing yet; tests change what they are about. */
export function makeDelta(changes: Partial<LoadDelta> = {}): LoadDelta {
  return {
    elapsedMs: 0,
    intended: 0,
    unsent: 0,
    tally: emptyTally(),
    keysRead: 0,
    keysFound: 0,
    verification: null,
    connections: {open: 0, opened: 0, reopened: 0, failedOver: 0, failedBack: 0},
    connectionErrors: {},
    bytesIn: 0,
    bytesOut: 0,
    requests: noRequests(),
    lateCalls: 0,
    heldUpCalls: 0,
    idleMs: 0,
    response: [noLatencies],
    service: [noLatencies],
    netResponse: [noLatencies],
    netService: [noLatencies],
    slip: noLatencies,
    steps: [],
    ...changes,
  }
}
