import {expect, it, onTestFinished, vi} from 'vitest'
import {ProbeThread, type ProbeThreadHandlers} from '../../src/cli/probe-thread/probe-thread.js'
import {runProbes} from '../../src/cli/probe-thread/run-probes.js'
import {LinkWatch} from '../../src/server/link-watch.js'
import type {LagSample} from '../../src/server/probe-direction.js'
import {converse} from '../helpers/converse.js'
import {startLinkedPair} from '../helpers/linked-pair.js'

/** The thread on this very event loop; messages cross as they do between threads. */
function inProcess() {
  const ended = Promise.withResolvers<ProbeThreadHandlers>()
  const start = (handlers: ProbeThreadHandlers) => {
    const receive = runProbes(message => setImmediate(handlers.onMessage, structuredClone(message)))
    ended.resolve(handlers)
    return {
      post: (message: Parameters<typeof receive>[0]) => receive(structuredClone(message)),
      terminate: async () => {},
    }
  }
  return {threads: new ProbeThread(start), handlers: ended.promise}
}

async function watched() {
  const pair = await startLinkedPair()
  const {threads, handlers} = inProcess()
  const lags: LagSample[] = []
  const watch = new LinkWatch({
    nodes: [
      {name: 'm1', address: pair.master},
      {name: 's1', address: pair.slave},
    ],
    makeProbe: threads.open,
    onLag: sample => lags.push(sample),
  })
  onTestFinished(() => watch.close())
  watch.start()
  const see = (verdict: string) =>
    vi.waitFor(() => expect(watch.truth.verdict).toBe(verdict), {timeout: 15_000, interval: 10})
  return {...pair, watch, lags, see, handlers}
}

it('tells on this clock what the probes of a thread have seen, and counts what they have done', async () => {
  const {watch, lags, see, hold, master, slave} = await watched()
  await see('paired')
  await vi.waitFor(() => expect(new Set(lags.map(({from}) => from))).toEqual(new Set(['m1', 's1'])))
  for (const {atMs} of lags) expect(Math.abs(performance.now() - atMs)).toBeLessThan(60_000)
  for (const name of ['m1', 's1']) {
    const {gets, hits, misses, sets} = watch.ownCounts(name)
    expect(sets).toBeGreaterThan(0)
    expect(gets).toBeGreaterThan(3)
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
