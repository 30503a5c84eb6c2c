import {once} from 'node:events'
import {createServer} from 'node:net'
import {setTimeout as delay} from 'node:timers/promises'
import {describe, expect, it, onTestFinished} from 'vitest'
import {converse, Line} from '../../../../helpers/converse.js'
import {createEmbedded, type RunningNode, startEmbedded} from '../../../../helpers/embedded.js'
import {freePort} from '../../../../helpers/ports.js'
import {bothSay, Cable, linkOf, paired, replication, startResilientPair} from '../../../../helpers/resilient-pair.js'
import {waitFor} from '../../../../helpers/wait-for.js'

const host = '127.0.0.1'

describe('--resilient', () => {
  it('finds the peer again after an outage and brings both nodes up to date', async () => {
    const {a, b, cut, mend} = await startResilientPair()
    await converse(a.address, 'set old 0 0 1\r\n1\r\nset gone 0 0 1\r\n1\r\n')
    await bothSay([a, b], 'get old gone\r\n', 'VALUE old 0 1\r\n1\r\nVALUE gone 0 1\r\n1\r\nEND\r\n')
    await cut()
    await converse(a.address, 'set only-a 0 0 1\r\na\r\ndelete gone\r\n')
    await converse(b.address, 'set only-b 0 0 1\r\nb\r\n')
    await mend()
    await bothSay([a, b], 'get only-a only-b gone\r\n', 'VALUE only-a 0 1\r\na\r\nVALUE only-b 0 1\r\nb\r\nEND\r\n')
    await converse(a.address, 'set live 0 0 1\r\n1\r\n')
    await bothSay([a, b], 'get live\r\n', 'VALUE live 0 1\r\n1\r\nEND\r\n')
  })

  it('keeps the later version on both nodes where both wrote during the outage', async () => {
    const {a, b, cut, mend} = await startResilientPair()
    await cut()
    const [first, second] = [
      Array.from({length: 25}, (_, number) => `k${number}`),
      Array.from({length: 25}, (_, number) => `l${number}`),
    ]
    const write = async ({address}: RunningNode, keys: readonly string[], value: string): Promise<void> => {
      await converse(address, keys.map(key => `set ${key} 0 0 1\r\n${value}\r\n`).join(''))
      // Which of two writes of the same millisecond was the later one nobody can tell.
      await delay(2)
    }
    await write(a, first, 'a')
    await write(b, [...second, ...first].toReversed(), 'b')
    await write(a, second, 'a')
    await mend()
    const found = (keys: readonly string[], value: string): string =>
      keys.map(key => `VALUE ${key} 0 1\r\n${value}\r\n`).join('')
    await bothSay(
      [a, b],
      `get ${[...first, ...second].join(' ')}\r\n`,
      `${found(first, 'b')}${found(second, 'a')}END\r\n`,
    )
  })

  it('keeps what was written on a node that came up empty without its peer', async () => {
    const [first, second] = [await freePort(), await freePort()]
    const {cable, port} = await Cable.between(first)
    const a = await startEmbedded(replication({connectPort: second, listenPort: first}))
    await converse(a.address, 'set k 0 0 3\r\nold\r\n'.repeat(100))
    cable.cut()
    const b = await startEmbedded(replication({connectPort: port, listenPort: await freePort()}))
    expect(await converse(b.address, 'set k 0 0 3\r\nnew\r\n')).toBe('STORED\r\n')
    cable.mend()
    await paired(a, b)
    await bothSay([a, b], 'get k\r\n', 'VALUE k 0 3\r\nnew\r\nEND\r\n')
  })

  it('pairs again after an overflow', async () => {
    const port = await freePort()
    const own = await freePort()
    const a = await startEmbedded({
      ...replication({connectPort: own, listenPort: port, queueLimit: 20, likeRepcached: true}),
      memoryLimitBytes: 256 << 20,
    })
    const stuck = await Line.dial({host, port})
    await stuck.until('marugoto_end\r\n')
    stuck.socket.pause()
    const value = 'v'.repeat(500_000)
    const sets = Array.from({length: 80}, (_, number) => `set k${number} 0 0 ${value.length}\r\n${value}\r\n`)
    expect(await converse(a.address, ...sets)).toBe('STORED\r\n'.repeat(80))
    expect(a.log).toContain("replication: can't create Q_ITEM")
    stuck.close()
    const b = await startEmbedded({
      ...replication({connectPort: port, listenPort: own}),
      memoryLimitBytes: 256 << 20,
    })
    await paired(a, b)
    await waitFor(async () => expect(await converse(b.address, 'stats\r\n')).toContain('STAT curr_items 80\r\n'))
  })

  it('shares one replication port on one address', async () => {
    const port = await freePort()
    const shared = replication({connectPort: port, listenPort: port})
    const a = await startEmbedded(shared)
    const b = await startEmbedded(shared)
    await paired(a, b)
    await a.node.stop()
    const again = await startEmbedded(shared)
    await paired(again, b)
  })

  it('opens its client port when a peer accepts and sends nothing', async () => {
    const port = await freePort()
    const mute = createServer().listen(port, host)
    const own = await freePort()
    onTestFinished(() => {
      mute.close()
    })
    const {node} = createEmbedded(replication({connectPort: port, listenPort: own}))
    const address = await node.start()
    expect(await converse(address, 'version\r\n')).toContain('VERSION')
  })

  it('lets its restarted peer join while its own connection is accepted by a server that sends nothing', async () => {
    const [own, relayed] = [await freePort(), await freePort()]
    const a = await startEmbedded(replication({connectPort: relayed, listenPort: own}))
    await converse(a.address, 'set kept 0 0 1\r\n1\r\n')
    const mute = createServer()
    onTestFinished(() => {
      mute.close()
    })
    const dialled = once(mute, 'connection')
    mute.listen(relayed, host)
    await dialled
    const b = await startEmbedded(replication({connectPort: own, listenPort: await freePort()}))
    expect(await converse(b.address, 'get kept\r\n')).toBe('VALUE kept 0 1\r\n1\r\nEND\r\n')
    expect(await linkOf(a.address)).toBe('paired')
  })

  it('takes over the items of a peer that is not resilient, and sends it those it lacks', async () => {
    const port = await freePort()
    const own = await freePort()
    const {cable, port: cabled} = await Cable.between(port)
    cable.cut()
    const a = await startEmbedded(replication({connectPort: cabled, listenPort: own}))
    await converse(a.address, 'set mine 0 0 1\r\na\r\nset both 0 0 1\r\na\r\nset x 0 0 1\r\n1\r\n')
    const b = await startEmbedded({
      ...replication({peerHost: null, connectPort: port, listenPort: port, resilient: false}),
    })
    await converse(b.address, 'set both 0 0 1\r\nb\r\nset yours 0 0 1\r\nb\r\n')
    cable.mend()
    await bothSay(
      [a, b],
      'get mine both yours\r\n',
      'VALUE mine 0 1\r\na\r\nVALUE both 0 1\r\nb\r\nVALUE yours 0 1\r\nb\r\nEND\r\n',
    )
  })
})
