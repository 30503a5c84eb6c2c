import {once} from 'node:events'
import {createServer} from 'node:net'
import {describe, expect, it, onTestFinished} from 'vitest'
import {converse, Line} from '../../../../helpers/converse.js'
import {createEmbedded, startEmbedded} from '../../../../helpers/embedded.js'
import {freePort} from '../../../../helpers/ports.js'
import {waitFor} from '../../../../helpers/wait-for.js'

const host = '127.0.0.1'

async function replicationSettings({peer = true, queueLimit = 8192, resilient = false} = {}) {
  const port = await freePort()
  const link = {peerHost: peer ? host : null, connectPort: port, listenPort: port, queueLimit, resilient}
  // These tests' own peers say as little as the real one.
  return {port, replication: {...link, peers: null, likeRepcached: true}}
}

/** A peer written by hand that waits for the node to dial it. */
async function listenAsPeer(port: number): Promise<{dialled: Promise<Line>}> {
  const server = createServer()
  onTestFinished(() => {
    server.close()
  })
  server.listen(port, host)
  await once(server, 'listening')
  const dialled = once(server, 'connection').then(([socket]) => {
    server.close()
    return new Line(socket)
  })
  return {dialled}
}

async function isOpen(port: number): Promise<boolean> {
  try {
    const line = await Line.dial({host, port})
    line.close()
    return true
  } catch {
    return false
  }
}

describe('a node that accepts', () => {
  it('copies all its items, then sends each change', async () => {
    const {port, replication} = await replicationSettings()
    const {address, log} = await startEmbedded({replication})
    await converse(
      address,
      'set plain 0 0 5\r\nhello\r\nset bin 3 0 6\r\na\r\nb\0c\r\nset gone 0 0 1\r\nx\r\ndelete gone\r\n',
    )
    const peer = await Line.dial({host, port})
    onTestFinished(() => peer.close())
    expect(await peer.until('marugoto_end\r\n')).toBe(
      'rep plain 0 0 5 1\r\nhello\r\nrep bin 3 0 6 2\r\na\r\nb\0c\r\nmarugoto_end\r\n',
    )
    const changes: readonly (readonly [command: string, frame: string])[] = [
      ['set n 7 0 2\r\n10\r\n', 'rep n 7 0 2 4\r\n10\r\n'],
      ['incr n 5\r\n', 'rep n 7 0 2 5\r\n15\r\n'],
      ['decr n 9 noreply\r\n', 'rep n 7 0 1 6\r\n6\r\n'],
      ['append n 0 0 2\r\nab\r\n', 'rep n 7 0 3 7\r\n6ab\r\n'],
      ['touch n 2000000000\r\n', 'rep n 7 2000000000 3 7\r\n6ab\r\n'],
      ['set f 4294967295 0 1\r\nx\r\n', 'rep f 4294967295 0 1 8\r\nx\r\n'],
      ['set s 0 -1 1\r\nx\r\n', 'delete s\r\n'],
      ['delete plain\r\n', 'delete plain\r\n'],
      ['flush_all\r\n', 'flush_all \r\n'],
      ['flush_all 2000000000\r\n', 'flush_all 2000000000\r\n'],
    ]
    for (const [command, frame] of changes) {
      await converse(address, command)
      expect(await peer.until(frame)).toBe(frame)
    }
    expect(log).toEqual([
      `replication: connect (peer=127.0.0.1:${port})`,
      'replication: marugoto copying',
      'replication: close',
      'replication: listen',
      'replication: accept',
      'replication: marugoto start',
      'replication: marugoto 2',
      'replication: marugoto owari',
    ])
  })

  it('sends items as they are at the time of sending, like repcached', async () => {
    const {port, replication} = await replicationSettings()
    const {address} = await startEmbedded({replication})
    const peer = await Line.dial({host, port})
    onTestFinished(() => peer.close())
    await peer.until('marugoto_end\r\n')
    await converse(address, [0, 1, 2].map(number => `set k 0 0 1\r\n${number}\r\n`).join(''))
    expect(await peer.until('2\r\n')).toBe('rep k 0 0 1 3\r\n2\r\n')
  })

  it('applies what the peer sends and does not send it back', async () => {
    const {port, replication} = await replicationSettings()
    const {address} = await startEmbedded({replication})
    const peer = await Line.dial({host, port})
    onTestFinished(() => peer.close())
    await peer.until('marugoto_end\r\n')
    peer.send(
      'rep a -1 0 3 4294967301\r\nabc\r\nrep b 0 0 0 1\r\n\r\nrep c 0 1000 1 2\r\n1\r\ndelete b\r\ndelete too many words\r\n',
    )
    await waitFor(async () => {
      expect(await converse(address, 'gets a b c\r\n')).toBe(
        'VALUE a 4294967295 3 4294967301\r\nabc\r\nVALUE c 0 1 2\r\n1\r\nEND\r\n',
      )
    })
    peer.send('flush_all \r\n')
    await waitFor(async () => expect(await converse(address, 'get a\r\n')).toBe('END\r\n'))
    await converse(address, 'set own 0 0 1\r\n1\r\n')
    expect(await peer.until('rep own 0 0 1 1\r\n1\r\n')).toBe('rep own 0 0 1 1\r\n1\r\n')
  })

  it('never takes a value for commands, even of an item that it cannot store', async () => {
    const {port, replication} = await replicationSettings()
    const {address, log} = await startEmbedded({replication, itemMaxBytes: 4096})
    const peer = await Line.dial({host, port})
    onTestFinished(() => peer.close())
    await peer.until('marugoto_end\r\n')
    await converse(address, 'set victim 0 0 1\r\n1\r\n')
    const value = `${'delete victim\r\n'.repeat(400)}`
    peer.send(`rep big 0 0 ${value.length} 7\r\n${value}\r\nrep after 0 0 1 8\r\n1\r\n`)
    await waitFor(async () =>
      expect(await converse(address, 'get victim after\r\n')).toBe(
        'VALUE victim 0 1\r\n1\r\nVALUE after 0 1\r\n1\r\nEND\r\n',
      ),
    )
    expect(log.at(-1)).toContain("can't store an item of 6000 bytes")
  })

  it('shows frames, the replies that it does not send, and the ends of the link at -vv', async () => {
    const {port, replication} = await replicationSettings({peer: false})
    const {address, log} = await startEmbedded({replication, verbosity: 2})
    const peer = await Line.dial({host, port})
    await peer.until('marugoto_end\r\n')
    const link = log.length
    peer.send('rep k 5 0 1 1\r\nx\r\ndelete k\r\ndelete k\r\nflush_all \r\nrep a b  c 0 0 4 1\r\nskip\r\n')
    await waitFor(() => expect(log.at(-1)).toContain('ERROR'))
    await converse(address, 'set own 0 0 1\r\n1\r\n')
    await peer.until('rep own')
    peer.close()
    await waitFor(() => expect(log.at(-1)).toBe('replication: listen'))
    const id = /^<(\d+) rep/.exec(log[link]!)![1]!
    const ofLink = new RegExp(`^(replication:|<${id} |REP>${id} )`)
    expect(log.slice(link).filter(line => ofLink.test(line))).toEqual([
      `<${id} rep k 5 0 1 1`,
      `REP>${id} STORED`,
      `<${id} delete k`,
      `REP>${id} DELETED`,
      `<${id} delete k`,
      `REP>${id} NOT_FOUND`,
      `<${id} flush_all`,
      `REP>${id} OK`,
      `<${id} rep a b  c 0 0 4 1`,
      `REP>${id} ERROR (rep a b c 0 0)`,
      'replication: pop',
      'replication: close',
      'replication: close send',
      'replication: qitem free 1 items',
      `<${id} connection closed.`,
      'replication: close conn',
      'replication: listen',
    ])
  })

  it.each([
    'rep a 0 0 3 1\r\nabcde\r\n',
    'rep a 0 0 x 1\r\nabc\r\n',
    'GET / HTTP/1.1\r\n',
    'set a 0 0 1\r\n1\r\n',
    '\x16\x03\x01\n',
    '\r\n',
  ])('drops a peer that sends %j, and listens again', async garbage => {
    const {port, replication} = await replicationSettings()
    const {address, log} = await startEmbedded({replication})
    const peer = await Line.dial({host, port})
    await peer.until('marugoto_end\r\n')
    peer.send(garbage)
    await peer.untilClosed()
    expect(await converse(address, 'get a\r\n')).toBe('END\r\n')
    await waitFor(() => expect(log.slice(-2)).toEqual(['replication: close', 'replication: listen']))
  })

  it('accepts no other peer while paired, and listens again when the peer is gone', async () => {
    const {port, replication} = await replicationSettings()
    await startEmbedded({replication})
    const peer = await Line.dial({host, port})
    await peer.until('marugoto_end\r\n')
    expect(await isOpen(port)).toBe(false)
    peer.close()
    await waitFor(async () => expect(await isOpen(port)).toBe(true))
  })

  it('drops the link when the queue overflows, goes on serving, and listens', async () => {
    const {port, replication} = await replicationSettings({queueLimit: 50})
    const {address, log} = await startEmbedded({replication, memoryLimitBytes: 256 * 1024 * 1024})
    const peer = await Line.dial({host, port})
    await peer.until('marugoto_end\r\n')
    // A peer that does not read.
    peer.socket.pause()
    const value = 'v'.repeat(500_000)
    const sets = Array.from({length: 120}, (_, number) => `set k${number} 0 0 ${value.length}\r\n${value}\r\n`)
    expect(await converse(address, ...sets)).toBe('STORED\r\n'.repeat(120))
    expect(log.slice(-3)).toEqual(["replication: can't create Q_ITEM", 'replication: close', 'replication: listen'])
    const stats = await converse(address, 'stats repbench\r\nstats\r\n')
    expect(stats).toContain('STAT link listening\r\nSTAT link_up 0\r\nSTAT role none\r\n')
    expect(stats).toContain('STAT overflows 1\r\n')
    expect(stats).toContain('STAT repcached_qi_free 0\r\n')
    peer.close()
  })
})

describe('a peer that does not keep up', () => {
  it('slows clients down and keeps the link as long as the peer reads at all', async () => {
    const {port, replication} = await replicationSettings({queueLimit: 64})
    const {address, log} = await startEmbedded({replication, memoryLimitBytes: 256 * 1024 * 1024})
    const peer = await Line.dial({host, port})
    onTestFinished(() => peer.close())
    await peer.until('marugoto_end\r\n')
    const value = 'v'.repeat(200_000)
    // Reads, but far more slowly than the writers write.
    peer.socket.on('data', () => {
      peer.socket.pause()
      setTimeout(() => peer.socket.resume(), 2)
    })
    const writers = Array.from({length: 6}, (_, writer) => {
      const sets = Array.from(
        {length: 20},
        (_, number) => `set w${writer}-${number} 0 0 ${value.length}\r\n${value}\r\n`,
      )
      return converse(address, ...sets)
    })
    for (const answers of await Promise.all(writers)) expect(answers).toBe('STORED\r\n'.repeat(20))
    await waitFor(async () => expect(await converse(address, 'stats repbench\r\n')).toContain('queue_depth 0'))
    expect(log).not.toContain("replication: can't create Q_ITEM")
  })
})

describe('a node that connects', () => {
  it('serves no client before marugoto_end, then does, and sends its changes', async () => {
    const {port, replication} = await replicationSettings()
    const {dialled} = await listenAsPeer(port)
    const clientPort = await freePort()
    const {node, log} = createEmbedded({replication, port: clientPort})
    const started = node.start()
    const peer = await dialled
    onTestFinished(() => peer.close())
    peer.send('rep k1 7 0 3 100\r\nabc\r\n')
    await waitFor(() => expect(log).toContain('replication: marugoto copying'))
    expect(await isOpen(clientPort)).toBe(false)
    peer.send('marugoto_end\r\n')
    const address = await started
    expect(await converse(address, 'gets k1\r\nset x1 0 0 1\r\ny\r\n')).toBe(
      'VALUE k1 7 3 100\r\nabc\r\nEND\r\nSTORED\r\n',
    )
    expect(await peer.until('y\r\n')).toBe('rep x1 0 0 1 1\r\ny\r\n')
    expect(log).toEqual([
      `replication: connect (peer=127.0.0.1:${port})`,
      'replication: marugoto copying',
      'replication: start',
    ])
  })

  it('opens its client port with a part of the items when the source dies in the middle of the copy', async () => {
    const {port, replication} = await replicationSettings()
    const {dialled} = await listenAsPeer(port)
    const {node, log} = createEmbedded({replication})
    const started = node.start()
    const peer = await dialled
    peer.send('rep whole 0 0 1 1\r\n1\r\nrep cut 0 0 10 2\r\n12345')
    await waitFor(() => expect(log).toContain('replication: marugoto copying'))
    peer.socket.end()
    const address = await started
    expect(await converse(address, 'get whole cut\r\n')).toBe('VALUE whole 0 1\r\n1\r\nEND\r\n')
    expect(log.slice(-2)).toEqual(['replication: close', 'replication: listen'])
  })

  it('never opens when it can neither join nor listen', async () => {
    const {port, replication} = await replicationSettings()
    const {dialled} = await listenAsPeer(port)
    const {node, log} = createEmbedded({replication})
    let opened = false
    void node.start().then(() => {
      opened = true
    })
    const peer = await dialled
    const squatter = createServer().listen(port, host)
    onTestFinished(() => {
      squatter.close()
    })
    await once(squatter, 'listening')
    peer.close()
    await waitFor(() => expect(log.at(-1)).toBe('replication: failed to initialize replication server socket'))
    expect(opened).toBe(false)
  })
})

describe('two nodes', () => {
  it('replicate both ways, and a restarted one gets everything back', async () => {
    const {replication} = await replicationSettings()
    const first = await startEmbedded({replication})
    await converse(first.address, 'set before 1 0 6\r\nbefore\r\n')
    const second = await startEmbedded({replication})
    expect(await converse(second.address, 'get before\r\n')).toBe('VALUE before 1 6\r\nbefore\r\nEND\r\n')
    await converse(second.address, 'set two 0 0 1\r\n2\r\n')
    await waitFor(async () => expect(await converse(first.address, 'get two\r\n')).toContain('VALUE'))
    await first.node.stop()
    await waitFor(() => expect(second.log.at(-1)).toBe('replication: listen'))
    const third = await startEmbedded({replication})
    expect(await converse(third.address, 'get before two\r\n')).toBe(
      'VALUE before 1 6\r\nbefore\r\nVALUE two 0 1\r\n2\r\nEND\r\n',
    )
  })

  it('send the peer everything before they stop', async () => {
    const {replication} = await replicationSettings()
    const first = await startEmbedded({replication})
    const second = await startEmbedded({replication})
    const value = 'v'.repeat(100_000)
    await converse(first.address, ...Array.from({length: 100}, (_, n) => `set k${n} 0 0 100000\r\n${value}\r\n`))
    await first.node.stop()
    await waitFor(() => expect(second.log.at(-1)).toBe('replication: listen'))
    expect(await converse(second.address, 'stats\r\n')).toContain('STAT curr_items 100\r\n')
  })

  it('lose evicted items together', async () => {
    const {port, replication} = await replicationSettings()
    const {address} = await startEmbedded({replication, memoryLimitBytes: 1024 * 1024})
    const peer = await Line.dial({host, port})
    onTestFinished(() => peer.close())
    await peer.until('marugoto_end\r\n')
    const value = 'v'.repeat(100_000)
    await converse(address, ...Array.from({length: 12}, (_, n) => `set k${n} 0 0 100000\r\n${value}\r\n`))
    expect(await peer.until('delete k0\r\n')).toContain('delete k0\r\n')
  })
})
