import {describe, expect, it, vi} from 'vitest'
import {turns} from '../../../helpers/fake-network.js'
import type {FakeSocket} from '../../../helpers/fake-socket.js'
import {HELLO, OfflineLink, PEER, REDIAL_MS, RESILIENT_HELLO} from '../../../helpers/offline-link.js'
import {heldItem, storeItem} from '../../../helpers/stored-items.js'

async function started(verbosity = 1, settings = {}): Promise<OfflineLink> {
  const node = new OfflineLink({resilient: true, peerHost: PEER, ...settings}, {verbosity})
  await node.start()
  return node
}

/** A node that has found no peer, and listens. */
async function listening(verbosity = 1): Promise<OfflineLink> {
  const node = await started(verbosity)
  await node.refused()
  expect([node.state, node.opened]).toEqual(['listening none', true])
  node.log()
  return node
}

/** A node whose peer, resilient or not, has told that it is one. */
async function joining(frames = HELLO): Promise<{node: OfflineLink; peer: FakeSocket}> {
  const node = await started()
  const peer = await node.connected()
  await node.receive(peer, frames)
  return {node, peer}
}

const attempts = ({network}: OfflineLink): number => network.dialled.length

describe('a resilient node that connects', () => {
  it('draws cas uniques by the clock', async () => {
    const node = await started()
    expect(node.context.store.cas.ordersVersions).toBe(true)
    expect(new OfflineLink().context.store.cas.ordersVersions).toBe(false)
    expect(node.link.stats().mode).toBe('resilient')
  })

  it('joins when the peer has sent a frame, not before', async () => {
    const node = await started()
    const peer = await node.connected()
    expect([node.state, node.log(), peer.sent]).toEqual(['dialling none', [`connect (peer=${PEER}:4000)`], HELLO])
    expect(node.link.changes.holding).toBe(false)
    await node.receive(peer, HELLO)
    expect([node.state, node.log()]).toEqual(['joining none', ['marugoto copying']])
    expect(peer.sent).toBe(`${HELLO}${RESILIENT_HELLO}`)
    expect(peer.told).toEqual(['keep alive true 5000'])
    expect([node.link.changes.holding, node.link.changes.full, node.opened]).toEqual([true, true, false])
  })

  it('gives up a peer that sends nothing for five seconds', async () => {
    const node = await started()
    const peer = await node.connected()
    await node.pass(4999)
    expect(node.state).toBe('dialling none')
    await node.pass(1)
    expect([node.state, peer.told, node.opened]).toEqual(['listening none', ['destroy'], true])
  })

  it('gives up a join in which nothing comes for five seconds', async () => {
    const {node, peer} = await joining()
    await node.pass(5000)
    await node.receive(peer, 'rep a 0 0 1 1\r\nx\r\n')
    await node.pass(5000)
    expect(node.state).toBe('joining none')
    await node.pass(5000)
    expect([node.state, peer.told.at(-1)]).toEqual(['listening none', 'destroy'])
  })

  it('does not give up a silent peer once it is paired', async () => {
    const {node, peer} = await joining()
    await node.receive(peer, 'marugoto_end\r\n')
    await node.pass(60_000)
    expect([node.state, peer.told]).toEqual(['paired slave', ['keep alive true 5000']])
  })
})

describe('two resilient nodes', () => {
  it('both send their copy, and no client waits for it', async () => {
    const {node, peer} = await joining()
    storeItem(node.context, 'a', 'x')
    peer.take()
    await node.receive(peer, RESILIENT_HELLO)
    expect(peer.take()).toBe('rep a 0 0 1 1\r\nx\r\nmarugoto_end\r\n')
    expect([node.state, node.link.changes.holding]).toEqual(['joining none', false])
    await node.receive(peer, RESILIENT_HELLO)
    await node.receive(peer, 'marugoto_end\r\n')
    expect([node.state, node.opened, peer.sent]).toEqual(['paired slave', true, ''])
    expect(node.link.stats().fullSyncs).toBe(1)
  })

  it('keep the newer of two versions', async () => {
    const {node, peer} = await joining(RESILIENT_HELLO)
    await node.receive(peer, 'rep a 0 0 3 9\r\nnew\r\nrep a 0 0 3 5\r\nold\r\n')
    expect(heldItem(node.context.store, 'a')?.value).toBe('new')
  })

  it('tell each other first what was deleted meanwhile, and forget it with the peer’s copy', async () => {
    const node = await listening()
    await node.change('a', 'deleted')
    const [missed] = [...node.link.changes.missedDeletes.all()]
    const cas = (BigInt(missed!.casHigh) << 32n) | BigInt(missed!.casLow)
    const peer = await node.accept(RESILIENT_HELLO)
    expect(peer.sent).toBe(`${RESILIENT_HELLO}rep a 0 2592001 0 ${cas}\r\n\r\nmarugoto_end\r\n`)
    expect([node.state, peer.told.includes('keep alive true 5000')]).toEqual(['paired master', true])
    await node.receive(peer, 'marugoto_end\r\n')
    expect(node.link.changes.missedDeletes.size).toBe(0)
  })

  it('send one copy as a master, though both greet', async () => {
    const node = await listening()
    storeItem(node.context, 'a', 'x')
    const peer = await node.accept(HELLO)
    peer.take()
    await node.receive(peer, RESILIENT_HELLO)
    expect(peer.sent).toBe('')
    await node.receive(peer, 'rep b 0 0 3 9\r\nnew\r\nrep b 0 0 3 5\r\nold\r\n')
    expect(heldItem(node.context.store, 'b')?.value).toBe('new')
  })

  it('greet anew on the next link', async () => {
    const node = await listening()
    const first = await node.accept(RESILIENT_HELLO)
    await node.lose(first)
    const second = await node.accept(HELLO)
    await node.receive(second, 'rep b 0 0 3 9\r\nnew\r\nrep b 0 0 3 5\r\nold\r\n')
    expect(heldItem(node.context.store, 'b')?.value).toBe('old')
    await node.receive(second, `${RESILIENT_HELLO}rep b 0 0 3 4\r\n4th\r\n`)
    expect(heldItem(node.context.store, 'b')?.value).toBe('old')
  })

  it('come by a hello that is too late to no link', async () => {
    const node = await listening()
    const peer = await node.accept(HELLO)
    await node.lose(peer)
    await node.receive(peer, RESILIENT_HELLO)
    expect(node.state).toBe('listening none')
  })
})

it('a resilient slave sends a peer that is not resilient the items that it lacks, and no end', async () => {
  const {node, peer} = await joining()
  storeItem(node.context, 'mine', 'x')
  await node.receive(peer, 'rep yours 0 0 1 9\r\ny\r\n')
  peer.take()
  expect(node.link.changes.holding).toBe(true)
  await node.receive(peer, 'marugoto_end\r\n')
  expect(peer.sent).toBe('rep mine 0 0 1 1\r\nx\r\n')
  expect([node.state, node.opened, node.link.changes.holding]).toEqual(['paired slave', true, false])
  expect(node.link.stats().fullSyncs).toBe(1)
})

describe('a resilient node that has lost its peer', () => {
  it('listens, and tries to connect after ever longer waits, which shows from -vv on', async () => {
    const node = await listening()
    await node.pass(REDIAL_MS - 1)
    expect(attempts(node)).toBe(1)
    await node.pass(1)
    expect([attempts(node), node.state, node.log()]).toEqual([2, 'listening none', []])
    await node.refused()
    expect([node.state, node.log()]).toEqual(['listening none', []])
    await node.pass(2 * REDIAL_MS - 1)
    expect(attempts(node)).toBe(2)
    await node.pass(1)
    expect(attempts(node)).toBe(3)
  })

  it('tells at -vv of each attempt', async () => {
    const node = await listening(2)
    await node.pass(REDIAL_MS)
    expect(node.log()).toEqual([`connect (peer=${PEER}:4000)`])
  })

  it('tells at -v of the first attempt of each search', async () => {
    const {node, peer} = await joining()
    await node.receive(peer, 'marugoto_end\r\n')
    node.log()
    await node.lose(peer)
    expect([node.state, node.log()]).toEqual(['listening none', ['close', 'listen']])
    await node.pass(REDIAL_MS)
    expect(attempts(node)).toBe(2)
  })

  it('joins the peer that it finds, and listens no longer', async () => {
    const node = await listening()
    await node.pass(REDIAL_MS)
    const peer = await node.connected()
    expect(node.network.listening).not.toBeNull()
    await node.receive(peer, RESILIENT_HELLO)
    expect([node.state, node.network.listening]).toEqual(['joining none', null])
    await node.receive(peer, 'marugoto_end\r\n')
    expect(node.state).toBe('paired slave')
    await node.lose(peer)
    await node.pass(REDIAL_MS)
    expect(attempts(node)).toBe(3)
  })

  it('gives up a peer that it has found and that sends nothing, and goes on', async () => {
    const node = await listening()
    await node.pass(REDIAL_MS)
    await node.connected()
    await node.pass(5000)
    expect([node.network.latest.told, node.state]).toEqual([['destroy'], 'listening none'])
    await node.pass(2 * REDIAL_MS)
    expect(attempts(node)).toBe(3)
  })

  it('takes the peer that connects meanwhile, and gives up its own attempt', async () => {
    const node = await listening()
    await node.pass(REDIAL_MS)
    const peer = await node.accept(RESILIENT_HELLO)
    expect([node.state, node.network.latest.told]).toEqual(['paired master', ['destroy']])
    await node.pass(60_000)
    expect([attempts(node), peer.told.includes('destroy')]).toEqual([2, false])
  })

  it('makes no attempt once it has a peer', async () => {
    const node = await listening()
    await node.accept(RESILIENT_HELLO)
    await node.pass(60_000)
    expect(attempts(node)).toBe(1)
  })

  it('makes none to its own port', async () => {
    const node = await started(1, {connectPort: 5000, peerHost: '10.0.0.1'})
    await node.refused()
    await node.pass(60_000)
    expect([attempts(node), node.state, node.network.servers.length]).toEqual([1, 'listening none', 1])
  })

  it('lets its clients in when its port is taken, and tries again to listen and to connect', async () => {
    const node = await started()
    node.network.portIsTaken = true
    node.log()
    await node.refused()
    expect([node.opened, node.state]).toEqual([true, 'idle none'])
    expect(node.log()).toEqual(['marugoto copying', 'close', 'failed to initialize replication server socket'])
    await node.pass(REDIAL_MS)
    expect([attempts(node), node.network.servers.length]).toEqual([2, 2])
    expect(node.log()).toEqual([])
    await node.refused()
    expect(node.log()).toEqual(['marugoto copying', 'close'])
    node.network.portIsTaken = false
    await node.pass(2 * REDIAL_MS)
    expect([attempts(node), node.network.servers.length, node.state]).toEqual([3, 4, 'listening none'])
  })

  it('goes on to look for a free port that is its peer’s', async () => {
    const node = await started(1, {connectPort: 5000, peerHost: '10.0.0.1'})
    node.network.portIsTaken = true
    await node.refused()
    await node.pass(REDIAL_MS)
    expect(attempts(node)).toBe(2)
    await node.refused()
    node.network.portIsTaken = false
    await node.pass(2 * REDIAL_MS)
    expect([attempts(node), node.state]).toEqual([2, 'listening none'])
    await node.pass(60_000)
    expect(attempts(node)).toBe(2)
  })

  it('makes no attempt after its end', async () => {
    const node = await listening()
    await node.link.drain()
    await node.pass(60_000)
    expect([attempts(node), node.state, node.network.listening]).toEqual([1, 'closed none', null])
    expect(node.network.servers).toHaveLength(1)
  })

  it('makes none when it ends while it is about to listen', async () => {
    const node = await listening()
    const peer = await node.accept(RESILIENT_HELLO)
    const {promise, resolve} = Promise.withResolvers<void>()
    node.network.untilListening = promise
    await node.lose(peer)
    await node.link.drain()
    resolve()
    await turns()
    await node.pass(60_000)
    expect([attempts(node), node.state, node.network.listening]).toEqual([1, 'closed none', null])
    expect(node.network.servers).toHaveLength(2)
  })

  it('makes none when it ends while it tries again to listen', async () => {
    const node = await started()
    node.network.portIsTaken = true
    await node.refused()
    const {promise, resolve} = Promise.withResolvers<void>()
    node.network.untilListening = promise
    await node.pass(REDIAL_MS)
    await node.link.drain()
    resolve()
    await node.pass(60_000)
    expect([attempts(node), node.state]).toEqual([1, 'closed none'])
  })

  it('tells anew of a port that is taken after it had a peer', async () => {
    const node = await listening()
    await node.pass(REDIAL_MS)
    const peer = await node.connected()
    await node.receive(peer, RESILIENT_HELLO)
    node.log()
    node.network.portIsTaken = true
    await node.lose(peer)
    expect(node.log()).toEqual(['close', 'failed to initialize replication server socket'])
    await node.pass(REDIAL_MS)
    expect(node.log()).toEqual([])
  })

  it('gives up the attempt under way at its end', async () => {
    const node = await listening()
    await node.pass(REDIAL_MS)
    await node.link.drain()
    expect(node.network.latest.told).toEqual(['destroy'])
    await node.pass(60_000)
    expect([attempts(node), node.state]).toEqual([2, 'closed none'])
  })

  it('holds no client after its end', async () => {
    const {node} = await joining()
    let released = 0
    node.link.changes.whenReleased(() => released++)
    await node.link.drain()
    await turns()
    expect([released, node.link.changes.holding]).toEqual([1, false])
  })
})

it('a resilient node without -x only listens', async () => {
  const node = new OfflineLink({resilient: true})
  await node.start()
  const peer = await node.accept(RESILIENT_HELLO)
  await node.lose(peer)
  expect(vi.getTimerCount()).toBe(0)
  await node.pass(60_000)
  expect([attempts(node), node.state]).toEqual([0, 'listening none'])
})
