import {describe, expect, it, vi} from 'vitest'
import {turns} from '../../../helpers/fake-network.js'
import {HELLO, OfflineLink, PEER, RESILIENT_HELLO} from '../../../helpers/offline-link.js'
import {heldItem, storeItem} from '../../../helpers/stored-items.js'

async function started(...options: ConstructorParameters<typeof OfflineLink>): Promise<OfflineLink> {
  const node = new OfflineLink(...options)
  await node.start()
  return node
}

describe('a node without -x', () => {
  it('listens at once', async () => {
    const node = new OfflineLink()
    expect(node.state).toBe('idle none')
    await node.start()
    expect([node.opened, node.state, node.log()]).toEqual([true, 'listening none', ['listen']])
    expect(node.network.dialled).toEqual([])
    expect(node.link.stats()).toMatchObject({mode: 'default', turnedAway: 0, fullSyncs: 0, overflows: 0})
  })

  it.each([false, true])('is orphaned when its port is taken, resilient or not: %s', async resilient => {
    const node = new OfflineLink({resilient}, {verbosity: 0})
    node.network.portIsTaken = true
    await node.start()
    expect([node.opened, node.state]).toEqual(['EADDRINUSE', 'orphaned none'])
    expect(node.log()).toEqual(['failed to initialize replication server socket'])
    await node.pass(60_000)
    expect(node.network.servers).toHaveLength(1)
  })

  it('does not start when a name in --peers has no address', async () => {
    const node = await started({peers: ['10.0.0.1']})
    expect(node.opened).toBe(true)
    await node.accept(HELLO, PEER)
    expect([node.state, node.link.stats().turnedAway]).toEqual(['listening none', 1])
  })
})

describe('a node that accepts', () => {
  it('is the master, closes its port, and copies its items', async () => {
    const node = await started()
    storeItem(node.context, 'a', 'x')
    node.log()
    const peer = await node.accept(`${HELLO}rep b 0 0 1 7\r\ny\r\n`)
    expect(node.state).toBe('paired master')
    expect(node.network.listening).toBeNull()
    expect(peer.sent).toContain('rep a 0 0 1 1\r\nx\r\n')
    expect(peer.sent).toMatch(/^rep.*marugoto_end\r\n$/s)
    expect(node.log()).toEqual(['accept', 'marugoto start', 'marugoto 2', 'marugoto owari'])
    expect(heldItem(node.context.store, 'b')).toMatchObject({value: 'y', syncMark: 1})
    expect(node.link.stats()).toMatchObject({fullSyncs: 1, resyncs: 0})
    expect(peer.told.filter(call => call.startsWith('keep'))).toEqual([])
  })

  it('says less of an empty copy', async () => {
    const node = await started()
    node.log()
    const peer = await node.accept()
    expect([peer.sent, node.log()]).toEqual(['marugoto_end\r\n', ['accept']])
    expect(node.link.stats().fullSyncs).toBe(1)
  })

  it('tells first of a flush that is due', async () => {
    const node = await started()
    const {clock, store} = node.context
    store.flushAt(clock.nowSeconds + 100)
    expect((await node.accept()).sent).toBe(`flush_all ${clock.nowSeconds + 100}\r\nmarugoto_end\r\n`)
  })

  it('sends each change, and applies what comes', async () => {
    const node = await started()
    const peer = await node.accept()
    peer.take()
    storeItem(node.context, 'a', 'x')
    await node.change('a')
    await node.change('b', 'deleted')
    expect(peer.sent).toBe('rep a 0 0 1 1\r\nx\r\ndelete b\r\n')
    await node.receive(peer, 'rep c 0 0 1 9\r\nz\r\n')
    expect(heldItem(node.context.store, 'c')?.value).toBe('z')
  })

  it('does not take a word of the end of a copy for a join', async () => {
    const node = await started()
    node.link.changes.missedDeletes.add({key: Buffer.from('a'), casHigh: 0, casLow: 1})
    const peer = await node.accept()
    node.log()
    await node.receive(peer, 'marugoto_end\r\n')
    expect([node.state, node.log(), node.link.stats().fullSyncs]).toEqual(['paired master', [], 1])
    expect(node.link.changes.missedDeletes.size).toBe(0)
  })

  it('that is not resilient takes a resilient peer as any other', async () => {
    const node = await started()
    const peer = await node.accept(RESILIENT_HELLO)
    await node.receive(peer, 'rep a 0 0 3 9\r\nnew\r\nrep a 0 0 3 5\r\nold\r\n')
    expect(heldItem(node.context.store, 'a')?.value).toBe('old')
    expect(peer.sent).toBe('marugoto_end\r\n')
  })

  it('listens again when the link is lost, with nothing queued', async () => {
    const node = await started({}, {verbosity: 2})
    const peer = await node.accept()
    peer.takes = false
    await node.change('a', 'deleted')
    peer.writableLength = 2 ** 20
    await node.change('b', 'deleted')
    await node.change('c', 'deleted')
    expect(node.link.stats()).toMatchObject({queueDepth: 2, queuePeak: 2})
    node.log()
    await node.lose(peer)
    expect(node.state).toBe('listening none')
    expect(node.link.stats().queueDepth).toBe(0)
    expect(node.log()).toEqual([
      'close',
      'close send',
      'qitem free 2 items',
      '<7 connection closed.',
      'close conn',
      '<3 server listening (replication)',
      'listen',
    ])
    await node.pass(60_000)
    expect([node.network.dialled, node.state]).toEqual([[], 'listening none'])
    await node.accept()
    expect(node.link.stats()).toMatchObject({link: 'paired', role: 'master', fullSyncs: 2, resyncs: 1})
  })

  it('loses the link when its queue is full, and says so without -v', async () => {
    const node = await started({queueLimit: 2}, {verbosity: 0})
    const peer = await node.accept()
    peer.takes = false
    peer.writableLength = 2 ** 20
    await node.change('a')
    await node.change('b')
    expect([node.state, node.link.stats().overflows]).toEqual(['paired master', 0])
    await node.change('c')
    expect([node.state, node.link.stats().overflows, peer.told.at(-1)]).toEqual(['listening none', 1, 'destroy'])
    expect(node.log()).toEqual(["can't create Q_ITEM"])
  })

  it('lets clients go on when the peer has taken what they wait for', async () => {
    const node = await started({queueLimit: 8})
    const peer = await node.accept()
    peer.takes = false
    peer.writableLength = 2 ** 20
    for (const key of ['a', 'b', 'c', 'd']) await node.change(key)
    let released = 0
    node.link.changes.whenReleased(() => released++)
    await turns()
    expect([node.link.changes.holding, released]).toEqual([true, 0])
    peer.takes = true
    peer.drain()
    await turns()
    expect([node.link.changes.holding, released]).toEqual([false, 1])
  })

  it('marks what came in each join, from 1 to 255, and then anew', async () => {
    const node = await started()
    const forget = vi.spyOn(node.context.store, 'forgetSyncMarks')
    const marks: unknown[] = []
    for (let join = 1; join <= 257; join++) {
      const peer = await node.accept('rep a 0 0 1 1\r\nx\r\n')
      marks.push(heldItem(node.context.store, 'a')!.syncMark)
      await node.lose(peer)
      if (join === 255) expect(forget).toHaveBeenCalledTimes(1)
    }
    expect(marks).toEqual([...Array.from({length: 255}, (_, index) => index + 1), 1, 2])
    expect(forget).toHaveBeenCalledTimes(2)
  })
})

describe('a silent peer from the address of -x', () => {
  async function withSilentPeer() {
    const node = await started({peerHost: PEER})
    await node.refused()
    const silent = await node.accept('')
    expect(node.state).toBe('paired master')
    node.log()
    return {node, silent}
  }

  it('keeps the port open until it sends a frame', async () => {
    const {node, silent} = await withSilentPeer()
    expect(node.network.listening).not.toBeNull()
    await node.receive(silent, HELLO)
    expect([node.network.listening, node.state]).toEqual([null, 'paired master'])
  })

  it('is replaced by one from its address with a frame', async () => {
    const {node, silent} = await withSilentPeer()
    const peer = await node.accept('rep a 0 0 1 1\r\nx\r\n')
    expect([silent.told.at(-1), node.state]).toEqual(['destroy', 'paired master'])
    expect(node.log()).toEqual(['close', 'accept'])
    expect(node.network.listening).toBeNull()
    expect(heldItem(node.context.store, 'a')?.value).toBe('x')
    await node.change('b', 'deleted')
    expect(peer.sent.endsWith('delete b\r\n')).toBe(true)
    await node.lose(peer)
    expect(node.state).toBe('listening none')
  })

  it('is not replaced by one from elsewhere', async () => {
    const {node, silent} = await withSilentPeer()
    const other = await node.accept(HELLO, '10.0.0.3')
    expect([other.told.at(-1), silent.told.at(-1)]).toEqual(['reset', 'resume'])
    expect([node.state, node.log()]).toEqual(['paired master', []])
  })
})

describe('a node with -x', () => {
  it('connects, and is the slave when it has got the peer’s copy', async () => {
    const node = new OfflineLink({peerHost: PEER})
    await node.pass(30_000)
    await node.start()
    expect([node.state, node.opened, node.log()]).toEqual(['dialling none', false, [`connect (peer=${PEER}:4000)`]])
    expect(node.network.dialled[0]!.options).toMatchObject({host: PEER, port: 4000})
    expect(node.network.dialled[0]!.options).not.toHaveProperty('localAddress')
    const peer = await node.connected()
    expect([node.state, node.log(), peer.sent]).toEqual(['joining none', ['marugoto copying'], HELLO])
    await node.receive(peer, 'rep a 3 0 1 9\r\nx\r\n')
    expect([node.state, node.opened, node.link.stats().fullSyncs]).toEqual(['joining none', false, 0])
    expect(node.link.changes.holding).toBe(false)
    await node.pass(60_000)
    await node.receive(peer, 'marugoto_end\r\n')
    expect([node.state, node.opened, node.log()]).toEqual(['paired slave', true, ['start']])
    expect(heldItem(node.context.store, 'a')?.value).toBe('x')
    expect(node.link.stats()).toMatchObject({fullSyncs: 1, lastFullSyncSeconds: 60})
    expect(node.network.servers).toEqual([])
    peer.take()
    await node.change('b', 'deleted')
    expect(peer.sent).toBe('delete b\r\n')
    await node.receive(peer, 'marugoto_end\r\n')
    expect([node.link.stats().fullSyncs, node.log()]).toEqual([1, []])
  })

  it('says nothing when it is as repcached', async () => {
    const node = await started({peerHost: PEER, likeRepcached: true})
    expect((await node.connected()).sent).toBe('')
  })

  it('takes its own address where both are on loopback', async () => {
    const node = new OfflineLink({peerHost: '127.0.0.1'})
    Object.assign(node.context.settings, {host: '127.0.0.2'})
    await node.start()
    expect(node.network.dialled[0]!.options).toMatchObject({localAddress: '127.0.0.2'})
  })

  it('listens when it is refused, and lets its clients in', async () => {
    const node = await started({peerHost: PEER}, {verbosity: 2})
    node.log()
    await node.refused()
    expect([node.state, node.opened]).toEqual(['listening none', true])
    expect(node.log()).toEqual([
      'marugoto copying',
      'close',
      'close send',
      'qitem free 0 items',
      'close conn',
      '<3 server listening (replication)',
      'listen',
    ])
    await node.pass(60_000)
    expect(node.network.dialled).toHaveLength(1)
  })

  it('lets its clients in with a part of the items when the peer dies', async () => {
    const node = await started({peerHost: PEER})
    const peer = await node.connected()
    await node.receive(peer, 'rep a 0 0 1 9\r\nx\r\nrep b 0 0 5 9\r\nx')
    node.log()
    await node.lose(peer)
    expect([node.state, node.opened, node.log()]).toEqual(['listening none', true, ['close', 'listen']])
    expect(node.context.store.items).toBe(1)
    expect(node.link.stats().fullSyncs).toBe(0)
  })

  it('never lets clients in when it can neither join nor listen', async () => {
    const node = await started({peerHost: PEER})
    node.network.portIsTaken = true
    await node.refused()
    await node.pass(60_000)
    expect([node.state, node.opened, node.network.dialled.length]).toEqual(['orphaned none', false, 1])
    expect(node.log().at(-1)).toBe('failed to initialize replication server socket')
  })
})

describe('the end of a node', () => {
  async function drained(node: OfflineLink): Promise<{done: () => boolean}> {
    let done = false
    void node.link.drain().then(() => {
      done = true
    })
    await turns()
    return {done: () => done}
  }

  it('closes the link at once when all is sent', async () => {
    const node = await started()
    const peer = await node.accept()
    node.log()
    const {done} = await drained(node)
    expect([done(), node.state, node.log()]).toEqual([true, 'closed master', ['cleanup complete']])
    expect(peer.told.at(-1)).toBe('end')
    peer.emit('close')
    await turns()
    expect([node.state, node.network.listening, node.log()]).toEqual(['closed master', null, []])
  })

  it('sends everything first', async () => {
    const node = await started()
    const peer = await node.accept()
    peer.take()
    peer.takes = false
    await node.change('a', 'deleted')
    const {done} = await drained(node)
    await node.change('b', 'deleted')
    expect([done(), node.state]).toEqual([false, 'paired master'])
    peer.takes = true
    peer.drain()
    await turns()
    expect([done(), node.state, peer.sent]).toEqual([true, 'closed master', 'delete a\r\ndelete b\r\n'])
  })

  it('waits no longer for a peer that is gone', async () => {
    const node = await started()
    const peer = await node.accept()
    peer.takes = false
    await node.change('a', 'deleted')
    const {done} = await drained(node)
    peer.emit('end')
    await turns()
    expect([done(), node.state, node.network.listening]).toEqual([true, 'closed none', null])
    expect(node.log()).not.toContain('cleanup complete')
  })

  it('closes a port that waits', async () => {
    const node = await started()
    node.log()
    const {done} = await drained(node)
    expect([done(), node.state, node.network.listening, node.log()]).toEqual([true, 'closed none', null, []])
  })

  it('gives up an attempt to connect, and does not listen after it', async () => {
    const node = await started({peerHost: PEER})
    const {done} = await drained(node)
    expect([done(), node.state, node.network.latest.told]).toEqual([true, 'closed none', ['destroy']])
    await node.pass(60_000)
    expect([node.network.listening, node.network.dialled.length]).toEqual([null, 1])
  })

  it('leaves a join', async () => {
    const node = await started({peerHost: PEER})
    const peer = await node.connected()
    peer.takes = false
    await node.change('a', 'deleted')
    const {done} = await drained(node)
    expect([done(), node.state, peer.told.at(-1)]).toEqual([true, 'closed none', 'end'])
    await node.receive(peer, 'marugoto_end\r\n')
    expect(node.state).toBe('closed none')
  })
})
