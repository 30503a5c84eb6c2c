import {beforeEach, describe, expect, it, onTestFinished, vi} from 'vitest'
import {REP_LINE_MAX_BYTES} from '../../../../src/protocol/replication/replication-frame.js'
import {NodeLog} from '../../../../src/server/embedded/node/node-log-writer.js'
import {type Admitted, isSameHost, PeerAdmission} from '../../../../src/server/embedded/replication/peer-admission.js'
import {turns} from '../../../helpers/fake-network.js'
import {FakeSocket} from '../../../helpers/fake-socket.js'

let log: string[]
let admitted: Admitted[]
let admission: PeerAdmission

beforeEach(() => {
  vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout', 'performance']})
  onTestFinished(() => {
    vi.useRealTimers()
  })
  log = []
  admitted = []
  admission = make()
})

function make({peers = null, verbosity = 1}: {peers?: readonly string[] | null; verbosity?: number} = {}) {
  return new PeerAdmission({
    log: new NodeLog({verbosity}, line => log.push(line.trimEnd())),
    peers,
    onAdmitted: one => admitted.push(one),
  })
}

function arrive(remoteAddress: string | undefined = '10.0.0.1'): FakeSocket {
  const socket = new FakeSocket({remoteAddress})
  admission.arrived(socket.socket)
  return socket
}

async function pass(ms: number): Promise<void> {
  vi.advanceTimersByTime(ms)
  await turns()
}

const silence = 'sent no frame within 2 s; a repcached, which sends none, is let in from the address of -x'
const turnedAway = (address: string, reason: string) => `replication: turned away ${address}: ${reason}`

describe('a connection with a frame', () => {
  it('is the peer, with all that came, and is read no further here', async () => {
    const socket = arrive()
    expect(socket.told).toEqual(['resume'])
    socket.receive('rep a 0 0 3')
    expect(admitted).toEqual([])
    socket.receive(' 1\r\nabc')
    expect(admitted).toEqual([])
    await turns()
    expect(admitted).toEqual([{socket, address: '10.0.0.1', received: Buffer.from('rep a 0 0 3 1\r\nabc')}])
    expect(socket.told).toEqual(['resume', 'pause'])
    expect([socket.listenerCount('data'), socket.listenerCount('end')]).toEqual([0, 0])
    await pass(10_000)
    expect([socket.told, admission.turnedAway, log]).toEqual([['resume', 'pause'], 0, []])
  })

  it.each([
    'marugoto_end\n',
    'marugoto_end\r\n',
    'flush_all \r\n',
    'delete a\r\n',
    'marugoto_end x\r\n',
    'rep a b c 0 0 1 1\r\n',
  ])('is one with %j', async line => {
    arrive().receive(line)
    await turns()
    expect(admitted).toHaveLength(1)
  })

  it.each(['GET / HTTP/1.1\r\n', '\r\n', '\n', 'set a 0 0 1\r\n', 'rep a\r\n', 'marugoto_end\r\r\n'])(
    'is none with %j',
    async line => {
      const socket = arrive()
      socket.receive(line)
      await turns()
      expect(admitted).toEqual([])
      expect(socket.told).toEqual(['resume', 'pause', 'reset'])
      expect([log, admission.turnedAway]).toEqual([[turnedAway('10.0.0.1', 'sent no valid frame')], 1])
    },
  )

  it('has its line within the length of the longest one', async () => {
    const socket = arrive()
    socket.receive('x'.repeat(REP_LINE_MAX_BYTES))
    await turns()
    expect(socket.told).toEqual(['resume'])
    socket.receive('x')
    expect([socket.told.at(-1), log]).toEqual(['reset', [turnedAway('10.0.0.1', 'sent no valid frame')]])
  })

  it('that was closed before it is none any more', async () => {
    const socket = arrive()
    admission.close()
    socket.receive('marugoto_end\r\n')
    await turns()
    expect([admitted, admission.turnedAway]).toEqual([[], 0])
  })
})

describe('a connection that ends by itself', () => {
  it('is closed, and nobody tells of it', async () => {
    const socket = arrive()
    socket.emit('error', new Error('ECONNRESET'))
    socket.emit('end')
    expect(socket.told).toEqual(['resume', 'destroy'])
    await pass(5000)
    expect([log, admission.turnedAway]).toEqual([[], 0])
  })

  it('before it is looked at is let go', () => {
    const socket = new FakeSocket()
    admission.arrived(socket.socket)
    expect([socket.told, admission.turnedAway]).toEqual([['destroy'], 0])
  })
})

describe('a silent connection', () => {
  it('is turned away after two seconds', async () => {
    const socket = arrive()
    await pass(1999)
    expect(socket.told).toEqual(['resume'])
    await pass(1)
    expect(socket.told).toEqual(['resume', 'reset'])
    expect([log, admission.turnedAway]).toEqual([[turnedAway('10.0.0.1', silence)], 1])
    await pass(10_000)
    expect(admission.turnedAway).toBe(1)
  })

  it('is the peer when its frame is read after a standstill, before it is turned away', async () => {
    const socket = arrive()
    vi.advanceTimersByTime(9000)
    socket.receive('marugoto_end\r\n')
    await turns()
    expect([admitted.length, admission.turnedAway]).toEqual([1, 0])
  })

  it('makes room after 100 ms for the next of its address', async () => {
    const first = arrive()
    const other = arrive('10.0.0.2')
    await pass(10)
    const second = arrive()
    await pass(89)
    expect(first.told).toEqual(['resume'])
    await pass(1)
    expect(first.told).toEqual(['resume', 'reset'])
    expect(log).toEqual([turnedAway('10.0.0.1', 'another connection came from its address')])
    await pass(1899)
    expect(other.told).toEqual(['resume'])
    await pass(1)
    expect([other.told.at(-1), second.told.at(-1)]).toEqual(['reset', 'resume'])
    await pass(9)
    expect(second.told).toEqual(['resume'])
    await pass(1)
    expect(second.told.at(-1)).toBe('reset')
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is looked at when its time is over, not before', async () => {
    const set = vi.spyOn(globalThis, 'setTimeout')
    arrive()
    await pass(2000)
    expect(set.mock.calls.map(([, ms]) => ms)).toEqual([2000])
  })

  it('has one timer, whatever comes', async () => {
    arrive()
    arrive('10.0.0.2')
    await pass(5)
    arrive('10.0.0.3')
    arrive()
    expect(vi.getTimerCount()).toBe(1)
  })

  it('is the 256th at most: the first goes', () => {
    const first = arrive('10.1.0.0')
    for (let count = 1; count < 256; count++) arrive(`10.1.0.${count}`)
    expect([first.told, admission.turnedAway]).toEqual([['resume'], 0])
    arrive('10.2.0.0')
    expect([first.told.at(-1), admission.turnedAway]).toEqual(['reset', 1])
    expect(log).toEqual([turnedAway('10.1.0.0', 'too many connections')])
  })

  it('goes with all others when the port closes, without a word', async () => {
    const sockets = [arrive(), arrive('10.0.0.2')]
    admission.close()
    expect(sockets.map(({told}) => told.at(-1))).toEqual(['reset', 'reset'])
    expect([vi.getTimerCount(), admission.turnedAway]).toEqual([0, 0])
    const next = arrive('10.0.0.3')
    await pass(2000)
    expect(next.told.at(-1)).toBe('reset')
  })
})

describe('who is let in at once', () => {
  it.each<[PeerAdmission['admitsSilent'], string, boolean]>([
    ['none', '10.0.0.1', false],
    ['none', '127.0.0.1', false],
    ['all', '10.0.0.1', true],
    [{address: '10.0.0.1'}, '10.0.0.1', true],
    [{address: '10.0.0.2'}, '10.0.0.1', false],
    [{address: '127.0.0.1'}, '127.0.0.9', true],
    [{address: '127.0.0.1'}, '10.0.0.1', false],
    [{address: '10.0.0.1'}, '::ffff:10.0.0.1', true],
    [{address: '10.0.0.1'}, '::FFFF:10.0.0.1', true],
    [{address: '::ffff:a'}, '::ffff:a', true],
    [{address: '10.0.0.1'}, '1::ffff:10.0.0.1', false],
  ])('with silence of %j: %s: %s', (admitsSilent, address, isPeer) => {
    admission.admitsSilent = admitsSilent
    const socket = arrive(address)
    expect(admitted).toHaveLength(isPeer ? 1 : 0)
    if (isPeer)
      expect(admitted[0]).toEqual({socket, address: address.replace(/^::ffff:1/i, '1'), received: Buffer.alloc(0)})
    expect(vi.getTimerCount()).toBe(isPeer ? 0 : 1)
  })
})

describe('with --peers', () => {
  it('only their addresses may join', async () => {
    admission = make({peers: ['10.0.0.1', '::1'], verbosity: 0})
    await admission.resolvePeers()
    admission.admitsSilent = 'all'
    for (const address of ['10.0.0.1', '::1', '::ffff:10.0.0.1']) arrive(address)
    expect(admitted.map(({address}) => address)).toEqual(['10.0.0.1', '::1', '10.0.0.1'])
    const strangers = ['10.0.0.2', '::2'].map(address => arrive(address))
    expect(strangers.map(({told}) => told)).toEqual([['reset'], ['reset']])
    expect(log).toEqual([turnedAway('10.0.0.2', 'not in --peers'), turnedAway('::2', 'not in --peers')])
    expect([admission.turnedAway, vi.getTimerCount()]).toEqual([2, 0])
  })

  it('that are none nobody may', async () => {
    admission = make({peers: []})
    await admission.resolvePeers()
    arrive()
    expect(admission.turnedAway).toBe(1)
  })
})

describe('the log', () => {
  const turnAway = (address: string) => arrive(address).receive('x\r\n')

  it('tells of each address and reason once, until the port closes, and of 32 at most', () => {
    turnAway('10.0.0.1')
    turnAway('10.0.0.1')
    expect([log.length, admission.turnedAway]).toEqual([1, 2])
    admission.close()
    turnAway('10.0.0.1')
    expect(log).toHaveLength(2)
    for (let count = 2; count < 50; count++) turnAway(`10.0.0.${count}`)
    expect([log.length, admission.turnedAway]).toEqual([33, 51])
    expect(log.at(-1)).toBe(turnedAway('10.0.0.32', 'sent no valid frame'))
  })

  it('tells without -v of those that are in nobody’s hand: who is silent, and who may not', async () => {
    admission = make({verbosity: 0})
    arrive()
    turnAway('10.0.0.2')
    arrive('10.0.0.3')
    arrive('10.0.0.3')
    await pass(2000)
    expect(log).toEqual([turnedAway('10.0.0.1', silence), turnedAway('10.0.0.3', silence)])
  })
})

it.each([
  ['10.0.0.1', '10.0.0.1', true],
  ['10.0.0.1', '10.0.0.2', false],
  ['127.0.0.1', '127.0.0.2', true],
  ['127.0.0.1', '10.0.0.1', false],
  ['10.0.0.1', '127.0.0.1', false],
])('%s and %s are the same host: %s', (one, other, isSame) => {
  expect(isSameHost(one, other)).toBe(isSame)
})
