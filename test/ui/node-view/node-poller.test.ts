import {expect, it} from 'vitest'
import {noTraffic, type OwnCounts} from '../../../src/ask/own-traffic.js'
import {NodePoller} from '../../../src/ui/node-view/node-poller.js'
import {waitFor} from '../../helpers/wait-for.js'
import {FakeNode, fakeAnswer} from '../helpers/fake-ports.js'

async function polled(counts: OwnCounts[]): Promise<{asked: number; own: OwnCounts | null | undefined}> {
  const node = new FakeNode('m1')
  const poller = new NodePoller({ownCounts: () => counts.shift() ?? null, ask: fakeAnswer})
  poller.pollAll([node])
  await waitFor(() => expect(poller.of(node).latest).not.toBeNull())
  const own = poller.of(node).latest?.own
  const polls = node.asked * 'stats\r\n'.length
  const replies = (node.asked - 1) * 'STAT curr_items 7\r\nEND\r\n'.length
  return {
    asked: node.asked,
    own: own == null ? own : {...own, bytesRead: own.bytesRead - polls, bytesWritten: own.bytesWritten - replies},
  }
}

const counts = (gets: number, underWay = 0): OwnCounts => ({...noTraffic, gets, bytesRead: gets * 20, underWay})

it('asks a node again when something of our own went on meanwhile', async () => {
  expect(await polled([counts(1), counts(1)])).toEqual({asked: 1, own: counts(1)})
  expect(await polled([counts(1), counts(2), counts(2), counts(2)])).toEqual({asked: 2, own: counts(2)})
  expect(await polled([counts(1, 1), counts(1), counts(1), counts(1)])).toEqual({asked: 2, own: counts(1)})
})

it('takes what it gets where it never ends', async () => {
  const endless = Array.from({length: 50}, (_, index) => counts(index, 1))
  const {asked, own} = await polled(endless)
  expect(asked).toBe(6)
  expect(own).toEqual(counts(11, 1))
})

it('has no figures of a node any more from the moment on in which it died', async () => {
  const node = new FakeNode('m1')
  const poller = new NodePoller({ownCounts: () => null, ask: fakeAnswer})
  poller.pollAll([node])
  await waitFor(() => expect(poller.of(node).latest).not.toBeNull())
  node.change({state: 'dead'})
  const silenced = poller.of(node)
  expect(silenced).toMatchObject({latest: null, rates: null})
  expect(poller.of(node)).toBe(silenced)
})

it('says how long the answer took where it was asked, not here', async () => {
  const node = new FakeNode('m1')
  const poller = new NodePoller({
    ownCounts: () => null,
    ask: async () => ({lines: ['STAT curr_items 7', 'END'], atMs: 1000, roundTripMs: 0.25}),
  })
  poller.pollAll([node])
  await waitFor(() => expect(poller.of(node).latest).toMatchObject({atMs: 1000, roundTripMs: 0.25}))
})
