import {expect, test} from 'vitest'
import type {McperfPlan} from '../../../src/engine/mcperf/plan.js'
import {type McperfResult, runMcperf} from '../../../src/engine/mcperf/run.js'
import {startFakeMemcached} from '../../helpers/fake-memcached.js'
import {ScriptedServer} from '../../helpers/scripted-server.js'
import {waitFor} from '../../helpers/wait-for.js'

const base: Omit<McperfPlan, 'target'> = {
  method: 'set',
  prefix: 'mcp:',
  expirySeconds: 0,
  noreply: false,
  client: 0,
  connections: 1,
  calls: 1,
  connectionInterval: {kind: 'none'},
  callInterval: {kind: 'none'},
  sizes: {kind: 'uniform', min: 1024, max: 10240},
  timeoutSeconds: 0,
  resets: false,
  noDelay: true,
}

function run(target: McperfPlan['target'], plan: Partial<McperfPlan>, signal?: AbortSignal): Promise<McperfResult> {
  return runMcperf({plan: {...base, target, ...plan}, signal: signal ?? new AbortController().signal})
}

const rate = (perSecond: number) => ({kind: 'deterministic', value: 1 / perSecond}) as const

/** Key numbers and sizes as they came. */
const keysAndSizes = (requests: readonly {key: string; value: Buffer | null}[]) =>
  requests.map(({key, value}) => [Number.parseInt(key.slice(4), 16), value?.length])

const firstSizes = [8471, 3565, 1833, 5006, 6926, 3512, 2483, 3990, 7552, 2150, 7102, 3576]
const firstCalls = firstSizes.map((size, index) => [index + 1, size])

test('one connection after the other, one call after the other, one counter for all', async () => {
  const server = await startFakeMemcached()
  const {counters} = await run(server.address, {connections: 3, calls: 4})
  expect(keysAndSizes(server.requests)).toEqual(firstCalls)
  expect(counters).toMatchObject({connectionsIssued: 3, connectionsPeak: 1, connectionsOpen: 0, errorCount: 0})
  expect(counters.connection.count).toBe(3)
  expect(counters.requests.count).toBe(12)
  expect(counters.types.stored).toBe(12)
})

test('many connections share the counter and the sizes', async () => {
  const server = await startFakeMemcached()
  const {counters} = await run(server.address, {connections: 6, calls: 2, connectionInterval: rate(100_000)})
  const calls = keysAndSizes(server.requests).sort(([a = 0], [b = 0]) => a - b)
  expect(calls).toEqual(firstCalls)
  expect(counters.connection.count).toBe(6)
})

test('with a call rate calls are sent whatever is under way', async () => {
  const waiting: (() => void)[] = []
  const server = await startFakeMemcached(({socket, index}) => {
    waiting.push(() => socket.write('STORED\r\n'))
    if (index === 11) setTimeout(() => waiting.forEach(reply => void reply()), 20)
    return undefined
  })
  const {counters} = await run(server.address, {calls: 12, callInterval: rate(1000)})
  expect(keysAndSizes(server.requests)).toEqual(firstCalls)
  expect(counters.types.stored).toBe(12)
  // All waited for the last. A timer may fire up to 1 ms early by the clock that measures.
  expect(counters.responseTimes.max).toBeGreaterThan(19)
})

test('a noreply call is complete when it is sent', async () => {
  const server = await startFakeMemcached(() => undefined)
  const {counters} = await run(server.address, {connections: 3, calls: 4, noreply: true})
  await waitFor(() => expect(server.requests).toHaveLength(12))
  expect(keysAndSizes(server.requests)).toEqual(firstCalls)
  expect(server.requests[0]?.line).toBe('set mcp:00000001 0 0 8471 noreply')
  expect(counters.requests.count).toBe(12)
  expect(counters.responses.count).toBe(0)
})

test('get has replies also with noreply', async () => {
  const server = await startFakeMemcached()
  const {counters} = await run(server.address, {method: 'get', calls: 3, noreply: true})
  expect(counters.types.value).toBe(3)
  expect(counters.responses.sum).toBe(3 * 'VALUE mcp:00000001 0 1\r\nx\r\nEND\r\n'.length)
})

test('values larger than any buffer go out whole', async () => {
  const server = await startFakeMemcached()
  const size = 3_000_000
  const {counters} = await run(server.address, {calls: 2, sizes: {kind: 'deterministic', value: size}})
  expect(keysAndSizes(server.requests)).toEqual([
    [1, size],
    [2, size],
  ])
  expect(server.requests.every(({value}) => value!.every(byte => byte === 0x30))).toBe(true)
  expect(counters.requests.max).toBe(size + 'set mcp:00000001 0 0 3000000 \r\n\r\n'.length)
})

test.each([0, 1])('without connections or calls there is an end: %d', async connections => {
  const server = await startFakeMemcached()
  const {counters} = await run(server.address, {connections, calls: 0})
  expect(counters).toMatchObject({connectionsIssued: connections, errorCount: 0})
  expect(server.requests).toEqual([])
})

test('a server that says nothing costs each connection its time-out', async () => {
  const server = await startFakeMemcached(() => undefined)
  const {counters} = await run(server.address, {connections: 3, calls: 5, timeoutSeconds: 0.1})
  expect(counters.errors).toMatchObject({'client-timo': 3, other: 0})
  expect(counters.requests.count).toBe(3)
  expect(counters.responses.count).toBe(0)
})

test('a server that reads nothing ends a run with a time-out, noreply or not', async () => {
  const paused = await startFakeMemcached(undefined, socket => void socket.pause())
  const big = {calls: 100, sizes: {kind: 'deterministic', value: 1_000_000}, timeoutSeconds: 0.2} as const
  for (const noreply of [true, false]) {
    const {counters} = await run(paused.address, {...big, noreply, callInterval: rate(1e6)})
    expect(counters.errors).toMatchObject({'client-timo': 1})
  }
})

test('a server that closes, resets or refuses is counted by connection', async () => {
  const closing = await startFakeMemcached(({socket}) => void socket.end())
  expect((await run(closing.address, {connections: 2})).counters.errors).toMatchObject({other: 2})
  const resetting = await startFakeMemcached(({socket}) => void socket.resetAndDestroy())
  expect((await run(resetting.address, {connections: 2})).counters.errors).toMatchObject({connreset: 2})
  const gone = await ScriptedServer.listen()
  await gone.close()
  const {counters} = await run(gone.address, {connections: 2, connectionInterval: rate(1000)})
  expect(counters.errors).toMatchObject({connrefused: 2})
  expect(counters).toMatchObject({connectionsIssued: 2, connectionsPeak: 0})
})

test('a reply that nobody waits for ends the connection, but not after noreply', async () => {
  const talking = await startFakeMemcached(() => 'STORED\r\nSTORED\r\n')
  expect((await run(talking.address, {calls: 5})).counters.errors).toMatchObject({other: 1})
  const {counters} = await run(talking.address, {calls: 500, noreply: true, callInterval: rate(10_000)})
  expect(counters).toMatchObject({errorCount: 0})
})

test('an interrupt ends the run with what there is', async () => {
  const interrupt = new AbortController()
  const server = await startFakeMemcached(({index}) => {
    if (index === 3) interrupt.abort()
    return index < 3 ? 'STORED\r\n' : undefined
  })
  const {counters, interrupted} = await run(server.address, {calls: 100}, interrupt.signal)
  expect(interrupted).toBe(true)
  expect(counters.requests.count).toBe(4)
  expect(counters.responses.count).toBe(3)
  expect(counters.connection.count).toBe(1)
})
