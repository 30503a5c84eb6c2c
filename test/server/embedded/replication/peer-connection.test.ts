import {beforeEach, describe, expect, it, onTestFinished, vi} from 'vitest'
import {NodeLog} from '../../../../src/server/embedded/node/node-log-writer.js'
import {MissedDeletes} from '../../../../src/server/embedded/replication/missed-deletes.js'
import {PeerConnection, sourceOf} from '../../../../src/server/embedded/replication/peer-connection.js'
import {ReplicationQueue} from '../../../../src/server/embedded/replication/replication-queue.js'
import {FakeNetwork} from '../../../helpers/fake-network.js'
import {FakeSocket} from '../../../helpers/fake-socket.js'
import {offlineContext} from '../../../helpers/offline.js'
import {heldItem, storeItem} from '../../../helpers/stored-items.js'

let context: ReturnType<typeof offlineContext>
let queue: ReplicationQueue
let log: string[]
let told: string[]

beforeEach(() => {
  vi.useFakeTimers({toFake: ['setInterval', 'clearInterval']})
  onTestFinished(() => {
    vi.useRealTimers()
  })
  log = []
  told = []
  context = {...offlineContext(), log: new NodeLog({verbosity: 2}, line => log.push(line.trimEnd()))}
  queue = new ReplicationQueue(100)
})

function open(from: ConstructorParameters<typeof PeerConnection>[0]['from']): PeerConnection {
  return new PeerConnection({
    context,
    queue,
    missedDeletes: new MissedDeletes(),
    from,
    events: {
      onConnected: () => told.push('connected'),
      onHeard: () => told.push('heard'),
      onHello: () => told.push('hello'),
      onMarugotoEnd: () => told.push('end'),
      onCopied: keys => told.push(`copied ${keys}`),
      onSent: () => told.push('sent'),
      onLost: () => told.push('lost'),
    },
  })
}

function admit(received = '', fd = 7) {
  const socket = new FakeSocket({remoteAddress: '10.0.0.1', fd})
  return {socket, peer: open({socket: socket.socket, address: '10.0.0.1', received: Buffer.from(received)})}
}

describe('a connection that was admitted', () => {
  it('applies what had come before, once it is told to, and then what comes', () => {
    const {socket, peer} = admit('rep a 0 0 1 1\r\nx\r\nrep b 0 0 2 2\r\ny')
    expect([peer.id, heldItem(context.store, 'a'), told]).toEqual([7, null, []])
    peer.applyReceived()
    expect([heldItem(context.store, 'a')?.value, told]).toEqual(['x', ['heard']])
    peer.applyReceived()
    socket.receive('z\r\n')
    expect(heldItem(context.store, 'b')?.value).toBe('yz')
    expect(log[0]).toBe('<7 rep a 0 0 1 1')
  })

  it('may have sent nothing before', () => {
    const {socket, peer} = admit()
    peer.applyReceived()
    socket.receive('marugoto_end\r\n')
    expect(told).toEqual(['heard', 'end'])
  })

  it('has no name where the system gives none', () => {
    expect(admit('', -1).peer.id).toBe(0)
  })

  it('carries our frames, and tells of copies and rounds', () => {
    const {socket, peer} = admit()
    storeItem(context, 'a', 'x')
    peer.sender.startCopy({announcesEnd: true})
    peer.sender.pump()
    peer.sender.pump()
    expect(socket.sent).toBe('rep a 0 0 1 1\r\nx\r\nmarugoto_end\r\n')
    expect(told).toEqual(['copied 1', 'sent', 'sent'])
  })

  it('counts keys that it cannot carry, and tells of the first', () => {
    const {peer} = admit()
    for (const count of [1, 2, 3]) {
      queue.push('deleted', Buffer.from('a b'), 0, 3)
      peer.sender.pump()
      expect(context.counters.unreplicatedChanges).toBe(count)
      expect(log.filter(line => line.includes('send a key'))).toEqual([
        "replication: can't send a key with a space, line feed or NUL",
      ])
    }
  })

  it('keeps alive when it is told to', () => {
    const {socket, peer} = admit()
    expect(socket.told).toEqual(['resume'])
    peer.keepAlive()
    expect(socket.told).toEqual(['resume', 'keep alive true 5000'])
  })
})

describe('a connection that we make', () => {
  it('has a name once it is made, and greets when it is told to', () => {
    const network = new FakeNetwork()
    const peer = open({host: '10.0.0.2', port: 4, localAddress: '10.0.0.1'})
    const {options, socket} = network.dialled[0]!
    expect(options).toEqual({
      host: '10.0.0.2',
      port: 4,
      localAddress: '10.0.0.1',
      noDelay: true,
      onread: {buffer: expect.objectContaining({length: 65_536}), callback: expect.any(Function)},
    })
    socket._handle.fd = 12
    socket.emit('connect')
    expect([peer.id, told, socket.sent]).toEqual([12, ['connected'], ''])
    peer.applyReceived()
    peer.sendHello()
    expect(socket.sent).toBe('delete repbench:peer:1\r\n')
    socket.receive('rep a 0 0 1 1\r\nx\r\n')
    expect(heldItem(context.store, 'a')?.value).toBe('x')
  })

  it('has none before', () => {
    const network = new FakeNetwork()
    network.nextFd = -1
    const peer = open({host: '10.0.0.2', port: 4})
    expect(peer.id).toBe(0)
    network.latest.emit('connect')
    expect(peer.id).toBe(0)
  })
})

describe('a connection ends', () => {
  it.each(['end', 'close'])('with its %s, once', event => {
    const {socket} = admit()
    socket.receive('rep a 0 0 5 1\r\nab')
    socket.emit(event)
    expect(told).toEqual(['heard', 'lost'])
    for (const later of ['end', 'close']) socket.emit(later)
    expect(told).toEqual(['heard', 'lost'])
    expect([socket.told, heldItem(context.store, 'a')]).toEqual([['resume', 'destroy'], null])
    expect(context.store.items).toBe(0)
  })

  it('and gives back the room of a value that is not complete', () => {
    const {socket, peer} = admit()
    socket.receive('rep a 0 0 5 1\r\nab')
    const discard = vi.spyOn(context.store, 'discard')
    peer.cut()
    expect(discard).toHaveBeenCalledTimes(1)
  })

  it.each([
    ['an invalid frame', 'GET / HTTP/1.1\r\n'],
    ['a value that is longer than it says', 'rep a 0 0 1 1\r\nxyz\r\n'],
    ['a line without an end', 'x'.repeat(3000)],
  ])('by %s, and is read no further', (_, bytes) => {
    const {socket} = admit()
    socket.receive(bytes)
    expect(log.at(-1)).toBe('replication: the peer sent an invalid frame')
    expect(socket.told).toEqual(['resume', 'destroy', 'pause'])
    expect(told.at(-1)).toBe('lost')
  })

  it('after all was sent when we finish it, and nobody calls that a loss', () => {
    const {socket, peer} = admit()
    peer.cutWhenSilent()
    peer.finish()
    expect([socket.told, vi.getTimerCount()]).toEqual([['resume', 'end'], 0])
    socket.emit('close')
    peer.cut()
    expect([told, socket.told]).toEqual([[], ['resume', 'end']])
  })

  it.each([
    [{syscall: 'write', errno: -32}, ['replication: send error 32']],
    [{syscall: 'write'}, ['replication: send error 0']],
    [{syscall: 'read', errno: -104}, []],
    [{}, []],
  ])('with an error %j, which shows without -v if it came by sending', (facts, lines) => {
    context = {...context, log: new NodeLog({verbosity: 0}, line => log.push(line.trimEnd()))}
    const {socket} = admit()
    socket.emit('error', Object.assign(new Error('gone'), facts))
    expect(log).toEqual(lines)
  })
})

describe('a silent peer', () => {
  it('is cut after five seconds without a byte', () => {
    const {socket, peer} = admit()
    peer.cutWhenSilent()
    socket.receive('d')
    vi.advanceTimersByTime(5000)
    socket.receive('e')
    vi.advanceTimersByTime(5000)
    expect(told).toEqual([])
    vi.advanceTimersByTime(4999)
    expect(told).toEqual([])
    vi.advanceTimersByTime(1)
    expect([told, socket.told.at(-1), vi.getTimerCount()]).toEqual([['lost'], 'destroy', 0])
  })

  it('is cut, too, when it has sent nothing at all', () => {
    const {peer} = admit()
    peer.cutWhenSilent()
    vi.advanceTimersByTime(5000)
    expect(told).toEqual(['lost'])
  })

  it('may be silent where it was not said otherwise, and again afterwards', () => {
    const {peer} = admit()
    vi.advanceTimersByTime(60_000)
    peer.cutWhenSilent()
    peer.allowSilence()
    vi.advanceTimersByTime(60_000)
    expect([told, vi.getTimerCount()]).toEqual([[], 0])
  })
})

it.each([
  ['127.0.0.2', '127.0.0.1', {localAddress: '127.0.0.2'}],
  ['127.0.0.2', '10.0.0.1', {}],
  ['10.0.0.1', '127.0.0.1', {}],
  ['::1', '127.0.0.1', {}],
  [null, '127.0.0.1', {}],
])('a node at %s connects to %s from %j', (own, peer, source) => {
  expect(sourceOf(own, peer)).toEqual(source)
})
