import {expect, it} from 'vitest'
import type {LagEvent} from '../../../src/engine/lag/lag-event.js'
import {LagRecord} from '../../../src/engine/lag/lag-record.js'
import type {TimelineEntry} from '../../../src/engine/result/run-result.js'
import {RunLag} from '../../../src/engine/run/run-lag.js'

const address = {host: '127.0.0.1', port: 1}
const nothing = {connections: 0, sets: 0, gets: 0, deletes: 0}

/** A run whose probe does what the test says. */
function scripted() {
  const record = new LagRecord()
  let tell: (event: LagEvent) => void = () => {}
  const lag = new RunLag([address, address], ({onEvent}) => {
    tell = event => {
      record.take(event)
      onEvent?.(event)
    }
    return {record, stop: async () => record.end()}
  })
  return {lag, tell: (event: LagEvent) => tell(event)}
}

function stored(number: number, atMs: number): LagEvent {
  return {type: 'stored', direction: 'aToB', number, atMs}
}

const asOf = (atMs: number): LagEvent => ({type: 'asOf', atMs, a: nothing, b: nothing})

it('is null where it is not measured', () => {
  const lag = new RunLag(undefined)
  lag.open()
  lag.start(0)
  expect([lag.summary(), lag.snapshot()]).toEqual([null, null])
})

it('counts nothing that was written before the load', async () => {
  const {lag, tell} = scripted()
  lag.open()
  const startMs = performance.now()
  tell(stored(1, startMs - 1000))
  expect(lag.snapshot()).toBeNull()
  lag.start(startMs)
  tell({type: 'seen', direction: 'aToB', number: 1, atMs: startMs + 1, lagUs: 900_000, resolutionUs: 0})
  tell(stored(2, startMs + 5))
  tell({type: 'seen', direction: 'aToB', number: 2, atMs: startMs + 6, lagUs: 1000, resolutionUs: 0})
  await lag.stop({signal: new AbortController().signal})
  expect(lag.summary()!.aToB).toMatchObject({count: 1, max: 1000})
})

it('shows the age of what has not arrived, in snapshots and in the timeline', async () => {
  const {lag, tell} = scripted()
  lag.open()
  const startMs = performance.now()
  lag.start(startMs)
  tell(stored(1, startMs))
  for (const ms of [200, 900, 1900]) {
    tell(asOf(startMs + ms))
    expect(lag.snapshot()!.aToB).toMatchObject({intervalUs: expect.closeTo(ms * 1000)})
  }
  expect(lag.snapshot()!.bToA.intervalUs).toBeNull()
  tell({type: 'seen', direction: 'aToB', number: 1, atMs: startMs + 2500, lagUs: 2_500_000, resolutionUs: 0})
  expect(lag.snapshot()!.aToB).toMatchObject({intervalUs: 2_500_000, since: {count: 1, unseen: 0}})
  await lag.stop({signal: new AbortController().signal})
  const second = {seconds: 1, ops: 0, errors: 0, p50: null, p99: null, p999: null, max: null, lag: null}
  const timeline: TimelineEntry[] = [0, 1, 2, 3].map(t => ({t, ...second}))
  const lags = lag.addTo(timeline).map(entry => entry.lag)
  expect(lags.slice(2)).toEqual([2_500_000, null])
})
