import {expect, test} from 'vitest'
import {LookError} from '../../../src/ask/look/look-error.js'
import type {LoadPlan} from '../../../src/engine/plan/plan.js'
import {runResultSchema} from '../../../src/engine/result/run-result.js'
import type {RunSnapshot} from '../../../src/engine/result/run-snapshot.js'
import {runLoad} from '../../../src/engine/run/run.js'
import type {StartLoadThread} from '../../../src/engine/run/worker-messages.js'
import {startFakeMemcached, wellBehaved} from '../../helpers/fake-memcached.js'
import {inProcess} from '../helpers/in-process.js'
import {makePlan} from '../helpers/plans.js'

const signal = new AbortController().signal

test('a result says all of a run, and follows the schema', async () => {
  const server = await startFakeMemcached()
  const snapshots: RunSnapshot[] = []
  const plan = makePlan({
    connections: 5,
    threads: 2,
    ratePerSecond: 500,
    durationSeconds: 1.2,
    mix: [
      {method: 'set', weight: 1},
      {method: 'get', weight: 1},
    ],
  })
  const result = await runLoad({
    plan,
    targets: [server.address],
    signal,
    startThread: inProcess,
    onSnapshot: snapshot => snapshots.push(snapshot),
  })

  expect(runResultSchema.parse(result)).toEqual(result)
  expect(result).toMatchObject({
    verdict: 'pass',
    interrupted: false,
    operations: {intended: 600, sent: 600, unsent: 0, ok: 600, miss: 0, errors: {}},
    connections: {planned: 5, opened: 5, errors: {}},
    generator: {threads: 2},
  })
  expect(result.durationSeconds).toBeGreaterThanOrEqual(1.2)
  expect(result.throughput.opsPerSecond).toBeLessThanOrEqual(result.throughput.offeredPerSecond!)
  const {response, byMethod} = result.latencyUs
  expect(response.count).toBe(600)
  expect(byMethod.set!.count + byMethod.get!.count).toBe(600)
  expect(result.timeline.map(({t}) => t)).toEqual([0, 1])
  expect(result.timeline.reduce((sum, {ops}) => sum + ops, 0)).toBe(600)

  expect(snapshots.at(-1)).toMatchObject({phase: 'done', progress: 1, connections: 0})
  expect(snapshots.at(-1)?.operations).toEqual(result.operations)
  expect(snapshots.length).toBeGreaterThan(3)
  const progress = snapshots.map(snapshot => snapshot.progress)
  expect(progress).toEqual(progress.toSorted((a, b) => a - b))
})

test.each<[string, Partial<LoadPlan>]>([
  ['whose calls come at random', {arrival: 'exponential'}],
  ['whose rate rises', {ratePhases: [{fromPerSecond: 100, toPerSecond: 300, seconds: 1}]}],
])('the progress of a load %s is that of its time', async (_, change) => {
  const server = await startFakeMemcached()
  const progress: number[] = []
  await runLoad({
    plan: makePlan({ratePerSecond: 200, durationSeconds: 1, ...change}),
    targets: [server.address],
    signal,
    startThread: inProcess,
    onSnapshot: snapshot => {
      if (snapshot.phase === 'running') progress.push(snapshot.progress - snapshot.elapsedSeconds)
    },
  })
  expect(progress.length).toBeGreaterThan(0)
  for (const difference of progress) expect(difference).toBeCloseTo(0, 6)
})

test('connections ask for the same in the same order, whatever the number of threads', async () => {
  const conversations = async (threads: number): Promise<string[]> => {
    const server = await startFakeMemcached()
    const plan = makePlan({
      connections: 5,
      threads,
      callsPerConnection: 200,
      pipeline: 3,
      mix: [
        {method: 'get', weight: 3},
        {method: 'set', weight: 1},
      ],
      keyCount: 1000,
      keyDistribution: {kind: 'zipf', exponent: 1},
      sizes: {kind: 'exponential', meanBytes: 50},
    })
    await runLoad({plan, targets: [server.address], signal, startThread: inProcess})
    const bySocket = Map.groupBy(server.requests, ({socket}) => socket)
    return [...bySocket.values()].map(requests => requests.map(({line}) => line).join('\n')).toSorted()
  }
  const alone = await conversations(1)
  expect(alone).toHaveLength(5)
  expect(await conversations(2)).toEqual(alone)
  expect(await conversations(5)).toEqual(alone)
})

test('a server that dies fails the run and stands in its events', async () => {
  const server = await startFakeMemcached(request => {
    if (request.index === 100) for (const socket of server.sockets) socket.resetAndDestroy()
    return wellBehaved(request)
  })
  const plan = makePlan({ratePerSecond: 500, durationSeconds: 60})
  const result = await runLoad({plan, targets: [server.address], signal, startThread: inProcess})
  expect(result).toMatchObject({verdict: 'fail', connections: {errors: {reset: 2}}})
  expect(result.operations.unsent).toBeGreaterThan(20_000)
  expect(result.events).toMatchObject([{kind: 'connectionFailed', text: '2 connections: reset'}])
})

test('events of nodes stand on the same clock', async () => {
  const server = await startFakeMemcached()
  const plan = makePlan({ratePerSecond: 100, durationSeconds: 0.3})
  let listening = 0
  const result = await runLoad({
    plan,
    targets: [server.address],
    signal,
    startThread: inProcess,
    nodes: [
      {
        onEvent: listener => {
          listening++
          const monotonicMs = performance.now()
          listener({monotonicMs, atMs: 0, node: 'm1', kind: 'linkUp', text: 'replication: start'})
          return () => listening--
        },
      },
    ],
  })
  expect(listening).toBe(0)
  expect(result.events).toMatchObject([{node: 'm1', kind: 'linkUp', text: 'replication: start'}])
  expect(result.events[0]!.t).toBeLessThan(0)
})

test('an aborted run ends and reports what it has', async () => {
  const server = await startFakeMemcached()
  const stopping = new AbortController()
  const result = await runLoad({
    plan: makePlan({ratePerSecond: 500, durationSeconds: 600}),
    targets: [server.address],
    signal: stopping.signal,
    startThread: inProcess,
    onSnapshot: ({operations}) => {
      if (operations.ok > 0) stopping.abort()
    },
  })
  expect(result).toMatchObject({interrupted: true, verdict: 'unknown', operations: {intended: 300_000}})
  expect(result.operations.ok).toBe(result.operations.sent)
  expect(result.events.map(({kind}) => kind)).toEqual(['interrupted'])
})

test('a run that is aborted before its load began has no length', async () => {
  const stop = new AbortController()
  const server = await startFakeMemcached(command => {
    stop.abort()
    return wellBehaved(command)
  })
  const plan = makePlan({connections: 1, ratePerSecond: 1000, durationSeconds: 300, keyCount: 50_000, prefill: true})
  const result = await runLoad({plan, targets: [server.address], signal: stop.signal, startThread: inProcess})
  expect(result).toMatchObject({interrupted: true, durationSeconds: 0, timeline: []})
})

test('nobody at the target is an error of one line', async () => {
  const plan = makePlan()
  const run = runLoad({plan, targets: [{host: '127.0.0.1', port: 1}], signal, startThread: inProcess})
  await expect(run).rejects.toThrow(LookError)
  await expect(run).rejects.toThrow(/^Expected a server at 127\.0\.0\.1:1, got a refused connection/)
})

test('a load thread that dies fails the run', async () => {
  const server = await startFakeMemcached()
  const dying: StartLoadThread = (_, {onFailure}) => {
    setImmediate(onFailure, new Error('gone'))
    return {post: () => {}, terminate: () => {}}
  }
  const run = runLoad({plan: makePlan(), targets: [server.address], signal, startThread: dying})
  await expect(run).rejects.toThrow('gone')
})
