import {networkInterfaces} from 'node:os'
import {beforeEach, describe, expect, it, onTestFinished, vi} from 'vitest'
import {NodeLog} from '../../../../src/server/embedded/node/node-log-writer.js'
import {defaultSettings} from '../../../../src/server/embedded/node/node-settings.js'
import type {Admitted} from '../../../../src/server/embedded/replication/peer-admission.js'
import {ReplicationPort} from '../../../../src/server/embedded/replication/replication-port.js'
import {FakeNetwork, turns} from '../../../helpers/fake-network.js'
import {FakeSocket} from '../../../helpers/fake-socket.js'
import {offlineContext} from '../../../helpers/offline.js'

let network: FakeNetwork
let log: string[]
let accepted: Admitted[]

beforeEach(() => {
  vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout', 'performance']})
  onTestFinished(() => {
    vi.useRealTimers()
  })
  network = new FakeNetwork()
  log = []
  accepted = []
})

function make({
  host = '127.0.0.1',
  likeRepcached = false,
  peers = null,
}: {
  host?: string | null
  likeRepcached?: boolean
  peers?: readonly string[] | null
} = {}): ReplicationPort {
  const context = {
    ...offlineContext({host}),
    log: new NodeLog({verbosity: 2}, line => log.push(line.trimEnd())),
  }
  return new ReplicationPort({
    context,
    settings: {...defaultSettings.replication!, listenPort: 5000, likeRepcached, peers},
    onAccept: admitted => accepted.push(admitted),
  })
}

async function bound(options: Parameters<typeof make>[0] = {}, partner: string | null = null) {
  const port = make(options)
  port.partner = partner
  await port.prepare()
  await port.bind()
  return port
}

const admittedFrom = (address: string, received = ''): Admitted => ({
  socket: new FakeSocket().socket,
  address,
  received: Buffer.from(received),
})

describe('a replication port', () => {
  it('is bound with what adopting its connections needs, and once', async () => {
    const port = make()
    expect(port.bound).toBe(false)
    await port.bind()
    await port.bind()
    expect(network.servers).toHaveLength(1)
    const [server] = network.servers
    expect(server!.options).toEqual({pauseOnConnect: true, allowHalfOpen: true, noDelay: true, keepAlive: true})
    expect(server!.listensAt).toEqual({port: 5000, host: '127.0.0.1', backlog: 511})
    expect([port.bound, log]).toEqual([true, ['<3 server listening (replication)']])
  })

  it('queues one connection as repcached, at all addresses where none is given', async () => {
    await bound({host: null, likeRepcached: true})
    expect(network.servers[0]!.listensAt).toEqual({port: 5000, host: '0.0.0.0', backlog: 1})
  })

  it('has no name where the system gives none', async () => {
    const port = make()
    const bind = port.bind()
    Object.assign(network.servers[0]!, {_handle: null})
    await bind
    expect(log).toEqual(['<0 server listening (replication)'])
  })

  it('that is taken is not bound, and may be bound later', async () => {
    network.portIsTaken = true
    const port = make()
    await expect(port.bind()).rejects.toMatchObject({code: 'EADDRINUSE'})
    expect([port.bound, log]).toEqual([false, []])
    network.portIsTaken = false
    await port.bind()
    expect(port.bound).toBe(true)
  })

  it('closes with those who wait at it, and can be bound again', async () => {
    const port = await bound()
    const waiting = network.listening!.accept()
    port.close()
    expect([port.bound, network.listening, waiting.told.at(-1)]).toEqual([false, null, 'reset'])
    port.close()
    await port.bind()
    expect(network.listening).not.toBeNull()
  })

  it('lets in only the --peers, and counts the others', async () => {
    const port = await bound({peers: ['10.0.0.1']})
    for (const remoteAddress of ['10.0.0.1', '10.0.0.2']) {
      network.listening!.accept(new FakeSocket({remoteAddress})).receive('marugoto_end\r\n')
    }
    await turns()
    expect([accepted.map(({address}) => address), port.turnedAway]).toEqual([['10.0.0.1'], 1])
  })
})

describe('who says nothing', () => {
  const arrive = (remoteAddress: string) => network.listening!.accept(new FakeSocket({remoteAddress}))

  it.each([
    [false, null, '10.0.0.1', 0],
    [false, null, '127.0.0.1', 0],
    [false, '10.0.0.1', '10.0.0.1', 1],
    [false, '10.0.0.2', '10.0.0.1', 0],
    [true, null, '10.0.0.1', 1],
    [true, '10.0.0.2', '10.0.0.1', 1],
  ])('as repcached: %s, -x %s: %s is let in so often: %d', async (likeRepcached, partner, address, times) => {
    await bound({likeRepcached}, partner)
    arrive(address)
    expect(accepted).toHaveLength(times)
  })

  it('and is the peer keeps the port open, for one from its host with a frame, and for no other silent one', async () => {
    const port = await bound({}, '10.0.0.1')
    for (const address of ['10.0.0.1', '127.0.0.1'])
      expect(port.replacesSilentPeer(admittedFrom(address, 'x'))).toBe(false)
    port.closeBehind(admittedFrom('10.0.0.1'))
    expect(port.bound).toBe(true)
    arrive('10.0.0.1')
    expect(accepted).toEqual([])
    expect(port.replacesSilentPeer(admittedFrom('10.0.0.1', 'x'))).toBe(true)
    expect(port.replacesSilentPeer(admittedFrom('10.0.0.2', 'x'))).toBe(false)
    port.heardPeer()
    expect(port.bound).toBe(false)
    expect(port.replacesSilentPeer(admittedFrom('10.0.0.1', 'x'))).toBe(false)
  })

  it('and is gone leaves the port as it was', async () => {
    const port = await bound({}, '10.0.0.1')
    port.closeBehind(admittedFrom('10.0.0.1'))
    await port.bind()
    expect(port.replacesSilentPeer(admittedFrom('10.0.0.1', 'x'))).toBe(false)
    port.heardPeer()
    expect(port.bound).toBe(true)
    arrive('10.0.0.1')
    expect(accepted).toHaveLength(1)
  })

  it('closes the port behind it as with repcached, as does one with a frame', async () => {
    const likeRepcached = await bound({likeRepcached: true})
    likeRepcached.closeBehind(admittedFrom('10.0.0.1'))
    expect(likeRepcached.bound).toBe(false)
    const port = await bound({}, '10.0.0.1')
    port.closeBehind(admittedFrom('10.0.0.1', 'marugoto_end\r\n'))
    expect([port.bound, port.replacesSilentPeer(admittedFrom('10.0.0.1'))]).toEqual([false, false])
  })
})

describe('a connection to the port itself', () => {
  it('is known by address and port, while it is bound', async () => {
    const port = make({host: '127.0.0.9'})
    expect(port.isAt('127.0.0.9', 5000)).toBe(false)
    await port.bind()
    expect(port.isAt('127.0.0.9', 5000)).toBe(true)
    expect(port.isAt('127.0.0.9', 5001)).toBe(false)
    expect(port.isAt('127.0.0.1', 5000)).toBe(false)
    expect(port.isAt(null, 5000)).toBe(false)
  })

  it('is one to any address of this machine where none is given', async () => {
    const port = await bound({host: null})
    const own = Object.values(networkInterfaces()).flatMap(list => list!.map(({address}) => address))
    expect(own.map(address => port.isAt(address, 5000))).toEqual(own.map(() => true))
    expect([port.isAt('192.0.2.1', 5000), port.isAt(own[0]!, 5001)]).toEqual([false, false])
  })
})
