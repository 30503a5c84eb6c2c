import {noTraffic} from '../../src/ask/own-traffic.js'
import {figuresOf} from '../../src/server/stats/node-figures.js'
import type {NodeRates} from '../../src/server/stats/node-rates.js'
import type {AnsweredSample, SilentSample} from '../../src/server/stats/node-sample.js'

/** What a node says when it is polled. */
export function answeredSample(
  node: string,
  {stats = {}, ...parts}: {stats?: Readonly<Record<string, number>>} & Partial<AnsweredSample> = {},
): AnsweredSample {
  const reply = new Map(Object.entries(stats).map(([name, value]) => [name, String(value)]))
  return {
    kind: 'answered',
    node,
    atMs: 0,
    roundTripMs: 0.2,
    figures: figuresOf(reply, noTraffic, 0),
    clients: null,
    rates: null,
    restarted: false,
    replication: null,
    innerConnections: null,
    slabs: null,
    ...parts,
  }
}

export function silentSample(node: string): SilentSample {
  return {kind: 'silent', node, atMs: 0, problem: 'no answer within 900 ms', sinceMs: 0}
}

export function nodeRates(rates: Partial<NodeRates>): NodeRates {
  const {seconds = 1, operations = 0} = rates
  return {
    gets: 0,
    hits: 0,
    sets: 0,
    evictions: 0,
    bytesRead: 0,
    bytesWritten: 0,
    hitRatio: null,
    ...rates,
    seconds,
    operations,
  }
}
