import {connect} from 'node:net'
import {describe, expect, it, onTestFinished} from 'vitest'
import {defaultSettings, type ReplicationSettings} from '../../../../../src/server/embedded/node/node-settings.js'
import {startCapturingProxy} from '../../../../helpers/capturing-proxy.js'
import {converse, Line} from '../../../../helpers/converse.js'
import {createEmbedded, startEmbedded} from '../../../../helpers/embedded.js'
import {freePort} from '../../../../helpers/ports.js'
import {waitFor} from '../../../../helpers/wait-for.js'
import {SilentFlood} from '../../../../instruments/silent-flood.js'

const host = '127.0.0.1'
const other = '127.0.0.2'

/** A node that waits for its peer, with one item. */
async function startWaiting(more: Partial<ReplicationSettings> = {}) {
  const port = await freePort(host, other)
  const link = {...defaultSettings.replication!, connectPort: port, listenPort: port, ...more}
  const running = await startEmbedded({replication: link})
  await converse(running.address, 'set k 0 0 1\r\n1\r\n')
  return {...running, port, link}
}

async function dial(port: number, localAddress = host): Promise<Line> {
  const socket = connect({host, port, localAddress, noDelay: true})
  const line = new Line(socket)
  onTestFinished(() => line.close())
  // Who is turned away at once may never see that it was connected.
  await new Promise<void>(resolve => {
    socket.once('connect', resolve).once('close', () => resolve())
  })
  return line
}

async function statOf(address: {host: string; port: number}, name: string): Promise<string | undefined> {
  return new RegExp(`STAT ${name} (\\S+)`).exec(await converse(address, 'stats repbench\r\n'))?.[1]
}

describe('a connection to a replication port', () => {
  it('that sends nothing gets nothing, and is turned away', async () => {
    const {address, port, log} = await startWaiting()
    const silent = await dial(port)
    expect(await silent.untilClosed()).toBe('')
    expect(log.at(-1)).toBe(
      'replication: turned away 127.0.0.1: sent no frame within 2 s; a repcached, which sends none, is let in from the address of -x',
    )
    expect(await statOf(address, 'link')).toBe('listening')
    expect(await statOf(address, 'peers_turned_away')).toBe('1')
  })

  it('that sends a byte now and then is turned away, too', async () => {
    const {port} = await startWaiting()
    const slow = await dial(port)
    const drip = setInterval(() => slow.send('r'), 100)
    onTestFinished(() => clearInterval(drip))
    expect(await slow.untilClosed()).toBe('')
  })

  it.each([
    ['HTTP', 'GET / HTTP/1.1\r\n'],
    ['a client’s command', 'set a 0 0 1\r\n1\r\n'],
    ['TLS', '\x16\x03\x01\x02\n'],
    ['an empty line', '\r\n'],
    ['a line without an end', 'x'.repeat(5000)],
    ['a frame without its length', 'rep a\r\n'],
  ])('and says %s gets nothing', async (_, garbage) => {
    const {address, port, log} = await startWaiting()
    const stranger = await dial(port)
    stranger.send(garbage)
    expect(await stranger.untilClosed()).toBe('')
    expect(log.at(-1)).toBe('replication: turned away 127.0.0.1: sent no valid frame')
    expect(await statOf(address, 'link')).toBe('listening')
  })

  it('that sends a frame is the peer, and the bytes behind that frame are applied', async () => {
    const {address, port, log} = await startWaiting()
    const waiting = await dial(port)
    const peer = await dial(port)
    peer.send('rep a 0 0 3 1\r')
    peer.send('\nabc\r\ndelete none\r\nrep b 0 0 2 2\r\nxy')
    expect(await peer.until('marugoto_end\r\n')).toMatch(/^rep k 0 0 1 1\r\n1\r\n/)
    peer.send('\r\n')
    await waitFor(async () =>
      expect(await converse(address, 'get a b\r\n')).toBe('VALUE a 0 3\r\nabc\r\nVALUE b 0 2\r\nxy\r\nEND\r\n'),
    )
    expect(await waiting.untilClosed()).toBe('')
    expect(log).toContain('replication: accept')
    await expect(Line.dial({host, port})).rejects.toThrow('ECONNREFUSED')
  })

  it('displaces an earlier one of its address, but none of other addresses', async () => {
    const {port, log} = await startWaiting()
    const elsewhere = await dial(port, other)
    const closed: string[] = []
    const follow = (name: string, line: Line) => void line.untilClosed().then(() => closed.push(name))
    follow('elsewhere', elsewhere)
    for (const name of ['first', 'second', 'third']) follow(name, await dial(port))
    await waitFor(() => expect(closed).toHaveLength(4))
    const why = log.filter(line => line.includes('turned away')).map(line => /turned away .{22}/.exec(line)?.[0])
    expect(why.toSorted()).toEqual([
      'turned away 127.0.0.1: another con',
      'turned away 127.0.0.1: sent no fra',
      'turned away 127.0.0.2: sent no fra',
    ])
  })

  it.each([
    {resilient: false, peerHost: null},
    {resilient: true, peerHost: null},
    {resilient: false, peerHost: host},
  ])('with a word gets through a flood of those without: %o', async ({resilient, peerHost}) => {
    const {address, port, link} = await startWaiting({resilient, peerHost})
    const flood = new SilentFlood({host, port}, {connections: 50})
    onTestFinished(() => flood.end())
    await waitFor(() => expect(flood.connected).toBeGreaterThan(200))
    const joiner = await startEmbedded({replication: {...link, peerHost: host, listenPort: await freePort()}})
    expect(await converse(joiner.address, 'get k\r\n')).toBe('VALUE k 0 1\r\n1\r\nEND\r\n')
    expect(await statOf(address, 'link')).toBe('paired')
    if (peerHost === null) expect(flood.receivedBytes).toBe(0)
  })

  it('is the peer at once, as with repcached', async () => {
    const {port} = await startWaiting({likeRepcached: true})
    const silent = await dial(port)
    expect(await silent.until('marugoto_end\r\n')).toBe('rep k 0 0 1 1\r\n1\r\nmarugoto_end\r\n')
  })
})

describe('a connection from the address of -x', () => {
  it('is the peer at once, silent as a repcached is, and the only one', async () => {
    const {address, port} = await startWaiting({peerHost: other})
    const silent = await dial(port)
    expect(await silent.until('marugoto_end\r\n')).toBe('rep k 0 0 1 1\r\n1\r\nmarugoto_end\r\n')
    expect(await (await dial(port, other)).untilClosed()).toBe('')
    expect(await statOf(address, 'link')).toBe('paired')
    await converse(address, 'set k2 0 0 1\r\n2\r\n')
    expect(await silent.until('\r\n2\r\n')).toBe('rep k2 0 0 1 2\r\n2\r\n')
    silent.send('delete k\r\n')
    await waitFor(async () => expect(await converse(address, 'get k\r\n')).toBe('END\r\n'))
    await expect(Line.dial({host, port})).rejects.toThrow('ECONNREFUSED')
  })

  it('is replaced by one from its address that sends a frame, as long as it has sent none', async () => {
    const {address, port, log} = await startWaiting({peerHost: host})
    const silent = await dial(port)
    await silent.until('marugoto_end\r\n')
    const peer = await dial(port)
    peer.send('rep own 0 0 1 9\r\n9\r\n')
    expect(await peer.until('marugoto_end\r\n')).toContain('rep k 0 0 1 1\r\n1\r\n')
    expect(await silent.untilClosed()).toBe('')
    expect(await converse(address, 'get own\r\n')).toBe('VALUE own 0 1\r\n9\r\nEND\r\n')
    expect(log.filter(line => /: (accept|close)$/.test(line)).slice(-3)).toEqual([
      'replication: accept',
      'replication: close',
      'replication: accept',
    ])
    peer.close()
    await waitFor(async () => expect(await statOf(address, 'link')).toBe('listening'))
  })

  it('does not keep the peer out by sending invalid frames', async () => {
    const {address, port, log} = await startWaiting({peerHost: host})
    const stranger = await dial(port)
    await stranger.until('marugoto_end\r\n')
    stranger.send('GET / HT')
    // What it sends is read before what a later connection sends.
    await waitFor(async () => expect(await statOf(address, 'link')).toBe('paired'))
    const peer = await dial(port)
    stranger.send('TP/1.1\r\n')
    expect(await stranger.untilClosed()).toBe('')
    peer.send('rep own 0 0 1 9\r\n9\r\n')
    expect(await peer.until('marugoto_end\r\n')).toContain('rep k 0 0 1 1\r\n1\r\n')
    expect(log).toContain('replication: the peer sent an invalid frame')
    expect(log).not.toContain('replication: turned away 127.0.0.1: another connection came from its address')
    expect(await statOf(address, 'link')).toBe('paired')
  })

  it('leaves the port open when it is gone', async () => {
    const {address, port} = await startWaiting({peerHost: host})
    const silent = await dial(port)
    await silent.until('marugoto_end\r\n')
    silent.close()
    await waitFor(async () => expect(await statOf(address, 'link')).toBe('listening'))
    await (await dial(port)).until('marugoto_end\r\n')
  })
})

describe('--peers', () => {
  it.each([false, true])('admits only the addresses it names (silent ones: %s)', async likeRepcached => {
    const {address, port, log} = await startWaiting({peers: [other], likeRepcached})
    const stranger = await dial(port)
    stranger.send('delete x\r\n')
    expect(await stranger.untilClosed()).toBe('')
    expect(log.at(-1)).toBe('replication: turned away 127.0.0.1: not in --peers')
    const peer = await dial(port, other)
    if (!likeRepcached) peer.send('delete x\r\n')
    await peer.until('marugoto_end\r\n')
    expect(await statOf(address, 'link')).toBe('paired')
  })

  it('tells two nodes of one machine apart', async () => {
    const port = await freePort(host, other)
    const link = {...defaultSettings.replication!, connectPort: port, listenPort: port}
    const first = await startEmbedded({host, replication: {...link, peerHost: other, peers: [other]}})
    const second = await startEmbedded({host: other, replication: {...link, peerHost: host, peers: ['localhost']}})
    expect(await statOf(first.address, 'link')).toBe('paired')
    expect(await statOf(second.address, 'role')).toBe('slave')
  })

  it('are all to be found when the node starts', async () => {
    const port = await freePort()
    const link = {...defaultSettings.replication!, listenPort: port, peers: ['no-such-host.invalid']}
    await expect(createEmbedded({replication: link}).node.start()).rejects.toMatchObject({code: 'ENOTFOUND'})
  })
})

it.each([
  [false, 'delete repbench:peer:1\r\n'],
  [true, ''],
])(
  'a node that dials tells at once that it is a peer, unless it is as repcached: %s',
  async (likeRepcached, greeting) => {
    const {port, link} = await startWaiting({likeRepcached: true})
    const {address, received} = await startCapturingProxy({host, port})
    const {address: joiner} = await startEmbedded({
      replication: {...link, likeRepcached, peerHost: host, connectPort: address.port, listenPort: await freePort()},
    })
    await converse(joiner, 'set own 0 0 1\r\n2\r\n')
    await waitFor(() => expect(received().toString()).toBe(`${greeting}rep own 0 0 1 1\r\n2\r\n`))
  },
)
