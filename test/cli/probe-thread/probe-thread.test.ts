import {expect, it, onTestFinished} from 'vitest'
import {OwnTrafficByAddress} from '../../../src/ask/own-traffic.js'
import {lagOnThread} from '../../../src/cli/probe-thread/lag-on-thread.js'
import {ProbeThread, type ProbeThreadHandlers} from '../../../src/cli/probe-thread/probe-thread.js'
import {runProbes} from '../../../src/cli/probe-thread/run-probes.js'
import type {LagEvent} from '../../../src/engine/lag/lag-event.js'
import type {LagSample} from '../../../src/server/node-api/pair-probe.js'
import {LinkWatch} from '../../../src/server/observe/link-watch.js'
import type {NodeSample} from '../../../src/server/stats/node-sample.js'
import {converse} from '../../helpers/converse.js'
import {startLinkedPair} from '../../helpers/linked-pair.js'
import {waitFor} from '../../helpers/wait-for.js'

/** The thread on this very event loop; messages cross as they do between threads. */
function inProcess() {
  const ended = Promise.withResolvers<ProbeThreadHandlers>()
  const start = (handlers: ProbeThreadHandlers) => {
    let isGone = false
    const receive = runProbes(message => {
      const copy = structuredClone(message)
      setImmediate(() => isGone || handlers.onMessage(copy))
    })
    ended.resolve({
      ...handlers,
      onEnd(problem) {
        isGone = true
        handlers.onEnd(problem)
      },
    })
    return {
      post: (message: Parameters<typeof receive>[0]) => receive(structuredClone(message)),
      terminate: async () => {},
    }
  }
  const traffic = new OwnTrafficByAddress()
  return {threads: new ProbeThread({traffic, startThread: start}), traffic, handlers: ended.promise}
}

async function watched() {
  const pair = await startLinkedPair()
  const {threads, traffic, handlers} = inProcess()
  const lags: LagSample[] = []
  const watch = new LinkWatch({
    nodes: [
      {name: 'm1', address: pair.master},
      {name: 's1', address: pair.slave},
    ],
    makeProbe: threads.open,
    traffic,
    onLag: sample => lags.push(sample),
  })
  onTestFinished(() => watch.close())
  watch.start()
  const see = (verdict: string) => waitFor(() => expect(watch.truth.verdict).toBe(verdict))
  return {...pair, watch, traffic, lags, see, handlers}
}

it('tells on this clock what the probes of a thread have seen, and counts what they have done', async () => {
  const {watch, traffic, lags, see, hold, master, slave} = await watched()
  await see('paired')
  await waitFor(() => expect(new Set(lags.map(({from}) => from))).toEqual(new Set(['m1', 's1'])))
  for (const {atMs} of lags) expect(Math.abs(performance.now() - atMs)).toBeLessThan(60_000)
  for (const address of [master, slave]) {
    const own = traffic.at(address)
    await waitFor(() => expect(own.counts().gets).toBeGreaterThan(3))
    const {gets, hits, misses, sets} = own.counts()
    expect(sets).toBeGreaterThan(0)
    expect(hits + misses).toBe(gets)
  }
  hold()
  await see('unpaired-but-serving')
  expect(watch.truth.why).toMatch(/^writes have not crossed .* for \d+\.\d s/)
  await watch.close()
  for (const address of [master, slave]) expect(await converse(address, 'stats\r\n')).toContain('STAT curr_items')
})

it('says so when the thread is gone, and can be closed', async () => {
  const {watch, see, handlers, lags} = await watched()
  await see('paired')
  const {onEnd} = await handlers
  onEnd('its thread ended')
  const before = lags.length
  await watch.close()
  expect(lags.length).toBe(before)
})

it('measures the lag of a load or a drill there, and counts what that takes', async () => {
  const {master, slave} = await startLinkedPair()
  const {threads, traffic} = inProcess()
  const events: LagEvent[] = []
  const probe = lagOnThread(threads)({a: master, b: slave, onEvent: event => events.push(event)})
  const sinceMs = performance.now()
  // What a drill waits for.
  await waitFor(() => expect(probe.record.crossedSince(sinceMs)).toBe(true))
  expect(probe.record.worstLagMs(sinceMs)).toBeGreaterThan(0)
  const seen = () => events.filter(({type}) => type === 'seen')
  await waitFor(() => expect(seen().length).toBeGreaterThan(20))
  await probe.stop({drainMs: 5000})
  const {aToB, bToA, probe: asked, measuredOn} = probe.record.summary()
  expect(measuredOn).toEqual(['probeThread'])
  expect(aToB.count + bToA.count - aToB.unseen - bToA.unseen).toBe(seen().length)
  expect(aToB.p50).toBeGreaterThan(0)
  const times = events.flatMap(event => ('atMs' in event ? [event.atMs] : []))
  for (const atMs of times) expect(Math.abs(performance.now() - atMs)).toBeLessThan(60_000)
  for (const [address, node] of [
    [master, asked!.a],
    [slave, asked!.b],
  ] as const) {
    const {gets, hits, misses, sets, deletes, underWay} = traffic.at(address).counts()
    expect(sets).toBeGreaterThan(0)
    expect([gets, underWay]).toEqual([hits + misses, 0])
    expect(node).toEqual({connections: 2, sets, gets, deletes})
    const stats = await converse(address, 'stats\r\n')
    const counted = (name: string) => Number(new RegExp(`STAT ${name} (\\d+)`).exec(stats)?.[1])
    const left = [counted('cmd_get') - gets, counted('get_hits') - hits, counted('cmd_set') - sets]
    expect(left).toEqual([0, 0, 0])
    await waitFor(async () => expect(await converse(address, 'stats\r\n')).toContain('STAT curr_items 0'))
  }
})

it('polls nodes there, tells samples on this clock, and goes on when the thread is gone', async () => {
  const {master} = await startLinkedPair()
  const {threads, traffic, handlers} = inProcess()
  const samples: NodeSample[] = []
  const nobody = {host: '127.0.0.1', port: 1}
  const polls = threads.polls({
    nodes: [
      {name: 'm1', address: master, traffic: traffic.at(master)},
      {name: 'x1', address: nobody, traffic: traffic.at(nobody)},
    ],
    onSample: sample => samples.push(sample),
  })
  onTestFinished(() => polls.close())
  polls.start()
  const polled = await polls.pollNow()
  expect(polled).toMatchObject([
    {node: 'm1', kind: 'answered'},
    {node: 'x1', kind: 'silent', problem: 'a refused connection: nothing listens there'},
  ])
  for (const {atMs} of [...polled, ...samples]) expect(Math.abs(performance.now() - atMs)).toBeLessThan(60_000)
  expect(samples.length).toBeGreaterThanOrEqual(2)
  expect(traffic.at(master).counts().bytesRead).toBeGreaterThan(0)
  const {onEnd} = await handlers
  const unanswered = polls.pollNow()
  onEnd('its thread ended')
  expect(await unanswered).toEqual([])
  const before = samples.length
  await waitFor(() => expect(samples.length).toBeGreaterThan(before))
})

it('goes on to measure the lag of a drill here when the thread is gone', async () => {
  const {master, slave} = await startLinkedPair()
  const {threads, handlers} = inProcess()
  const probe = lagOnThread(threads)({a: master, b: slave})
  await waitFor(() => expect(probe.record.crossedSince(0)).toBe(true))
  const {onEnd} = await handlers
  onEnd('its thread ended')
  const sinceMs = performance.now()
  await waitFor(() => expect(probe.record.crossedSince(sinceMs)).toBe(true))
  await probe.stop()
  expect(probe.record.summary().measuredOn).toEqual(['probeThread', 'mainThread'])
})
