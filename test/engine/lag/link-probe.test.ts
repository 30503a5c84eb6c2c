import {expect, onTestFinished, test} from 'vitest'
import {OwnTraffic} from '../../../src/ask/own-traffic.js'
import {LinkProbe} from '../../../src/engine/lag/link-probe.js'
import type {LagSample} from '../../../src/server/node-api/pair-probe.js'
import {waitFor} from '../../helpers/wait-for.js'
import {delayedPair} from '../helpers/delayed-pair.js'

test('tells each lag by the names of the nodes, both ways', async () => {
  const {start, store} = delayedPair(0)
  const [master, slave] = await start()
  const samples: LagSample[] = []
  let told = 0
  const probe = new LinkProbe({
    nodes: [
      {name: 'm', address: master.address, traffic: new OwnTraffic()},
      {name: 's', address: slave.address, traffic: new OwnTraffic()},
    ],
    intervalMs: 10,
    onLag: sample => samples.push(sample),
    onEvidence: () => told++,
  })
  onTestFinished(() => probe.close())
  const nothing = {crossedAtMs: null, missing: null, problem: null, oldestUnseenMs: null}
  expect(probe.evidence).toEqual([nothing, nothing])
  probe.start()
  await waitFor(() => expect(new Set(samples.map(({from, to}) => `${from}>${to}`))).toEqual(new Set(['m>s', 's>m'])))
  expect(told).toBeGreaterThan(0)
  expect(Object.keys(samples[0]!).sort()).toEqual(['atMs', 'from', 'lagUs', 'resolutionUs', 'to'])
  for (const {crossedAtMs} of probe.evidence) expect(crossedAtMs).not.toBeNull()
  await probe.close()
  expect(store.size).toBe(0)
})

test('is closed without a start', async () => {
  const address = {host: '127.0.0.1', port: 1}
  const node = {name: 'm', address, traffic: new OwnTraffic()}
  const probe = new LinkProbe({nodes: [node, node], onLag: () => {}, onEvidence: () => {}})
  await expect(probe.close()).resolves.toBeUndefined()
})
