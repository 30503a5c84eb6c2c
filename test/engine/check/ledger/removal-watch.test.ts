import {getEventListeners} from 'node:events'
import {describe, expect, onTestFinished, test} from 'vitest'
import {RemovalWatch} from '../../../../src/engine/check/ledger/removal-watch.js'
import {noRequests, type RequestCount} from '../../../../src/engine/measure/request-counts.js'
import {startFakeMemcached} from '../../../helpers/fake-memcached.js'
import {ScriptedClock, turns} from '../../../helpers/scripted-clock.js'

type Stats = Readonly<Record<string, number>>

const calm: Stats = {pid: 7, evictions: 0, reclaimed: 0, expired_unfetched: 0, bytes: 10, limit_maxbytes: 100}
const nothing = {evictions: 0, reclaimed: 0, expiredUnfetched: 0}

/** A node whose statistics a test changes; null: it does not answer. */
async function startNode(name: string, first: Stats | null = calm) {
  const script = {stats: first}
  const {address, requests, sockets} = await startFakeMemcached(() => {
    if (script.stats === null) return undefined
    return `${Object.entries(script.stats)
      .map(([figure, value]) => `STAT ${figure} ${value}\r\n`)
      .join('')}END\r\n`
  })
  const tell = (stats: Stats | null): void => {
    script.stats = stats === null ? null : {...calm, ...stats}
  }
  return {name, address, tell, sockets, asked: () => requests.length}
}

function watching(nodes: ConstructorParameters<typeof RemovalWatch>[0], requests?: RequestCount) {
  const clock = new ScriptedClock()
  // A wait lasts as long as a test lets it.
  clock.onWait = () => {}
  const watch = new RemovalWatch(nodes, requests)
  onTestFinished(() => watch.close())
  const pass = async (ms: number): Promise<void> => {
    clock.advance(ms)
    await turns()
  }
  return {clock, watch, pass}
}

/** The outcome of a promise as soon as it has one. */
function outcomeOf<T>(promise: Promise<T>): {value: T | undefined} {
  const outcome: {value: T | undefined} = {value: undefined}
  void promise.then(value => {
    outcome.value = value
  })
  return outcome
}

describe('what nodes remove while they are watched', () => {
  test('is the difference of their counts, by name', async () => {
    const [a, b] = [await startNode('a', {...calm, evictions: 5}), await startNode('b')]
    const {watch} = watching([a, b])
    await watch.start()
    a.tell({evictions: 8, reclaimed: 2, expired_unfetched: 4})
    expect(await watch.finish()).toEqual([
      {name: 'a', evictions: 3, reclaimed: 2, expiredUnfetched: 4, isCertain: true},
      {name: 'b', ...nothing, isCertain: true},
    ])
    await turns()
    expect([a.asked(), b.asked(), a.sockets.size]).toEqual([2, 2, 0])
  })

  test('is asked for twice a second, so that a restart is seen', async () => {
    const node = await startNode('a')
    const {watch, pass} = watching([node])
    await watch.start()
    node.tell({evictions: 3})
    await pass(499)
    expect(node.asked()).toBe(1)
    await pass(1)
    expect(node.asked()).toBe(2)
    node.tell({pid: 8, evictions: 4})
    await pass(500)
    expect(await watch.finish()).toEqual([{name: 'a', ...nothing, evictions: 7, isCertain: false}])
    await pass(5000)
    expect(node.asked()).toBe(4)
  })

  test('is certain across a restart of a node that was half empty', async () => {
    const node = await startNode('a', {...calm, bytes: 49})
    const {watch} = watching([node])
    await watch.start()
    node.tell({pid: 8, evictions: 4})
    expect(await watch.finish()).toEqual([{name: 'a', ...nothing, evictions: 4, isCertain: true}])
  })

  test.each(['evictions', 'bytes', 'limit_maxbytes'])('is not certain where it does not tell its %s', async figure => {
    const {[figure]: _, ...others} = calm
    const node = await startNode('a', others)
    const {watch} = watching([node])
    await watch.start()
    node.tell({pid: 8})
    expect(await watch.finish()).toEqual([{name: 'a', ...nothing, isCertain: false}])
  })

  test('counts its requests', async () => {
    const requests = noRequests()
    const {watch} = watching([await startNode('a'), await startNode('b')], requests)
    await watch.start()
    await watch.finish()
    expect(requests).toEqual({...noRequests(), connections: 4})
  })
})

describe('a node that does not answer', () => {
  test('is given a second, is not asked again meanwhile, and then is', async () => {
    const [node, other] = [await startNode('a', null), await startNode('b')]
    const {watch, pass} = watching([node, other])
    const started = outcomeOf(watch.start().then(() => 'started'))
    await pass(0)
    await pass(990)
    expect([started.value, node.asked(), other.asked()]).toEqual([undefined, 1, 1])
    await pass(9)
    node.tell({evictions: 2})
    await pass(2)
    await pass(500)
    expect([started.value, node.asked(), other.asked()]).toEqual(['started', 2, 2])
    // What it told first is where its count starts.
    node.tell({evictions: 3})
    expect(await watch.finish()).toEqual([
      {name: 'a', ...nothing, evictions: 1, isCertain: true},
      {name: 'b', ...nothing, isCertain: true},
    ])
  })

  test('in the end is waited for a second, and another one', async () => {
    const node = await startNode('a', null)
    const {clock, watch, pass} = watching([node])
    void watch.start()
    await pass(0)
    const removals = outcomeOf(watch.finish())
    await pass(1000)
    expect([clock.waitsMs, node.asked(), removals.value]).toEqual([[1000], 2, undefined])
    await pass(1001)
    expect(removals.value).toEqual([{name: 'a', ...nothing, isCertain: false}])
  })

  test.each([
    [300, 300],
    [5000, 1000],
  ])('is waited for no longer than %i ms of a reply allow', async (replyMs, waitMs) => {
    const node = await startNode('a', null)
    const {clock, watch, pass} = watching([node])
    void watch.start()
    await pass(0)
    const removals = outcomeOf(watch.finish({replyMs}))
    await pass(waitMs)
    expect(clock.waitsMs).toEqual([waitMs])
    await pass(waitMs - 5)
    expect(removals.value).toBeUndefined()
    await pass(10)
    expect(removals.value).toEqual([{name: 'a', ...nothing, isCertain: false}])
  })

  test('is not waited for after an interrupt', async () => {
    const node = await startNode('a', null)
    const stop = new AbortController()
    const {watch, pass} = watching([node])
    void watch.start()
    await pass(0)
    const removals = outcomeOf(watch.finish({signal: stop.signal}))
    await pass(10)
    stop.abort()
    await pass(0)
    expect([removals.value, node.asked()]).toEqual([[{name: 'a', ...nothing, isCertain: false}], 1])
    expect(getEventListeners(stop.signal, 'abort')).toEqual([])
  })
})

test('a watch that has finished leaves its signal alone', async () => {
  const {signal} = new AbortController()
  const {watch} = watching([await startNode('a')])
  await watch.start()
  await watch.finish({signal})
  expect(getEventListeners(signal, 'abort')).toEqual([])
})

test('a watch that is closed asks nothing more', async () => {
  const node = await startNode('a')
  const {watch, pass} = watching([node])
  await watch.start()
  watch.close()
  await pass(2000)
  expect(await watch.finish()).toEqual([{name: 'a', ...nothing, isCertain: true}])
  expect(node.asked()).toBe(1)
})

test('without a watch all counts since the start of the nodes', async () => {
  const [a, b] = [await startNode('a', {...calm, evictions: 9, expired_unfetched: 1}), await startNode('b')]
  const silent = await startNode('c', {})
  const {watch, pass} = watching([a, b, silent])
  expect(await watch.sinceStart()).toEqual([
    {name: 'a', ...nothing, evictions: 9, expiredUnfetched: 1, isCertain: true},
    {name: 'b', ...nothing, isCertain: true},
    {name: 'c', ...nothing, isCertain: false},
  ])
  await pass(2000)
  expect(a.asked()).toBe(1)
})
