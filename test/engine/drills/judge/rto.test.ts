import {describe, expect, test} from 'vitest'
import {measureRto} from '../../../../src/engine/drills/judge/rto.js'
import type {RunResult} from '../../../../src/engine/result/run-result.js'

type Outage = RunResult['outages'][number]

const reset: Outage = {connection: 0, from: 2.99, failed: 3.0104, failure: 'reset', attempt: 3.0206, to: 3.0253}

function measure(...outages: readonly Outage[]) {
  return measureRto({outages: [...outages], by: 'load', resolutionMs: 10, fault: 3, faultBefore: null})
}

test('the three parts are rounded so that they add up', () => {
  const {worst, max} = measure(reset)
  expect(worst).toEqual({client: 0, ms: 25, detectionMs: 10, how: 'reset', waitingMs: 11, connectMs: 4})
  expect(max).toBe(25)
})

test('retries and delays are the policy’s, up to the attempt that was answered', () => {
  const {worst} = measure({...reset, attempt: 3.62, to: 3.65})
  expect(worst).toMatchObject({ms: 650, detectionMs: 10, waitingMs: 610, connectMs: 30})
})

test('the median client and the worst have parts of their own; one that is never served is the worst', () => {
  const clients = [3.1, 3.2, 3.3].map((to, connection) => ({...reset, connection, to}))
  expect(measure(...clients)).toMatchObject({median: {client: 1, ms: 200}, worst: {client: 2, ms: 300}})
  const never = {...reset, connection: 7, failure: 'call time-out', failed: 4, attempt: 9, to: null}
  expect(measure(...clients, never)).toMatchObject({
    clients: 4,
    never: 1,
    median: {client: 1},
    worst: {client: 7, ms: null, detectionMs: 1000, how: 'call time-out', waitingMs: null, connectMs: null},
  })
})

test('a client that was served for a while after the fault counts from its last good reply', () => {
  expect(measure({...reset, from: 4.13, failed: 4.14, attempt: 4.16, to: 4.18}).worst).toMatchObject({
    ms: 50,
    detectionMs: 10,
    waitingMs: 20,
    connectMs: 20,
  })
})

const held: Outage = {connection: 0, from: 2.995, failed: 3.004, failure: null, attempt: null, to: 5.001}

test('a call that waited for a frozen node is an outage without a failure', () => {
  expect(measure(held).worst).toEqual({
    client: 0,
    ms: 2001,
    detectionMs: 2001,
    how: 'held',
    waitingMs: 0,
    connectMs: 0,
  })
  expect(measure({...held, to: null})).toMatchObject({never: 1, worst: {ms: null, how: 'held', waitingMs: null}})
})

test('a wait no longer than one before the fault is no outage of it, nor one that began when it was over', () => {
  const before = {...held, from: 1, failed: 1.1, to: 1.5}
  expect(measure(before, {...held, to: 3.35}).clients).toBe(0)
  const later = {...held, from: 5.99, failed: 6, to: 6.9}
  expect(measure(later).clients).toBe(0)
  expect(measure(reset, later)).toMatchObject({clients: 1, max: 25})
})

describe('an outage may be of the fault', () => {
  const held = {...reset, failure: null, attempt: null}

  test('when the connection failed then, or a moment before', () => {
    expect(measure({...reset, failed: 2.95}).clients).toBe(1)
    expect(measure({...reset, failed: 2.949}).clients).toBe(0)
  })

  test('when a call waited over the fault, longer than any before it', () => {
    const wait = (failed: number, to: number | null, connection = 0) => ({
      ...held,
      connection,
      from: failed,
      failed,
      to,
    })
    expect(measure(wait(2.9, 3.4)).clients).toBe(1)
    expect(measure(wait(2.2, 3)).clients).toBe(0)
    expect(measure(wait(1, 1.6, 1), wait(2.9, 3.5)).clients).toBe(0)
    expect(measure(wait(1, 1.6, 1), wait(2.9, 3.51)).clients).toBe(1)
    expect(measure(wait(2.4, 3, 1), wait(2.9, 3.5)).clients).toBe(0)
    expect(measure(wait(2.9, null)).never).toBe(1)
    // A connection that failed before is no wait.
    expect(measure({...reset, failed: 1, to: 2.9}, wait(2.9, 3.5, 1)).clients).toBe(1)
  })

  test('but not when it waited for something that came after', () => {
    expect(measure({...held, from: 3.06, failed: 3.06, to: 4}).clients).toBe(0)
    expect(measure({...held, from: 3.05, failed: 3.06, to: 4}).clients).toBe(1)
  })
})

test('a client that was never served counts from the fault', () => {
  expect(measure({...reset, from: null}).worst).toMatchObject({ms: 25})
  expect(measure({...reset, from: 3.05, failed: 3.06, attempt: 3.07, to: 3.2}).worst).toMatchObject({ms: 200})
})

test('of several outages of a client the longest counts, whatever their order; of equal ones the first', () => {
  const short = {...reset, to: 3.05}
  const long = {...reset, to: 3.5}
  expect(measure(short, long).max).toBe(500)
  expect(measure(long, short).max).toBe(500)
  expect(measure(long, {...reset, to: null}).never).toBe(1)
  const other = {...long, failure: 'refused'}
  expect(measure(long, other).worst?.how).toBe('reset')
})

test('clients are told by their number, and judged by their times', () => {
  const clients = [3.3, 3.1, 3.4, 3.2].map((to, index) => ({...reset, connection: 9 - index, to}))
  const {byClient, min, p50, max} = measure(...clients)
  expect(byClient.map(({client}) => client)).toEqual([6, 7, 8, 9])
  expect([min, p50, max]).toEqual([100, 200, 400])
})

test('a call that waits still has been detected for as long as its connection held', () => {
  const {worst} = measure({...reset, failure: null, attempt: null, failed: 3.2, to: null})
  expect(worst).toEqual({client: 0, ms: null, detectionMs: 200, how: 'held', waitingMs: null, connectMs: null})
})
