import fc from 'fast-check'
import {describe, expect, it, onTestFinished} from 'vitest'
import {converse, Line} from '../../../../helpers/converse.js'
import {startEmbedded} from '../../../../helpers/embedded.js'
import {freePort} from '../../../../helpers/ports.js'
import {bothSay, replication, startResilientPair} from '../../../../helpers/resilient-pair.js'
import {waitFor} from '../../../../helpers/wait-for.js'

const host = '127.0.0.1'
const MAX = 18_446_744_073_709_551_615n

describe('a cas unique that a client has chosen (E)', () => {
  it('goes to the peer with what was written, as do x and N', async () => {
    const port = await freePort()
    const {address} = await startEmbedded({
      ...replication({
        peerHost: null,
        connectPort: port,
        listenPort: port,
        resilient: false,
        likeRepcached: true,
      }),
    })
    const peer = await Line.dial({host, port})
    onTestFinished(() => peer.close())
    await peer.until('marugoto_end\r\n')
    const changes: readonly (readonly [command: string, frame: string])[] = [
      ['ms a 2 E900\r\nxy\r\n', 'rep a 0 0 2 900\r\nxy\r\n'],
      [`ms a 1 MA E${MAX}\r\nz\r\n`, `rep a 0 0 3 ${MAX}\r\nxyz\r\n`],
      ['ms n 1\r\n1\r\n', 'rep n 0 0 1 1\r\n1\r\n'],
      ['ma n E7\r\n', 'rep n 0 0 1 7\r\n2\r\n'],
      ['ma m N2000000000 J5 E8\r\n', 'rep m 0 2000000000 1 8\r\n5\r\n'],
      ['mg v N2000000000 E9\r\n', 'rep v 0 2000000000 0 9\r\n\r\n'],
      ['ms w 1 MA N2000000000\r\nw\r\n', 'rep w 0 2000000000 1 2\r\nw\r\n'],
      ['md a I E10\r\n', 'rep a 0 0 3 10\r\nxyz\r\n'],
      ['md a x F3 T2000000000 E11\r\n', 'rep a 3 2000000000 0 11\r\n\r\n'],
      ['md w x I\r\n', 'rep w 0 0 0 3\r\n\r\n'],
      ['ms a 1 E0\r\n1\r\n', 'rep a 0 0 1 4\r\n1\r\n'],
    ]
    for (const [command, frame] of changes) {
      await converse(address, command)
      expect(await peer.until(frame)).toBe(frame)
    }
  })

  it('is what a peer compares with', async () => {
    const {a, b} = await startResilientPair()
    await converse(a.address, 'ms k 1 E77\r\n1\r\n')
    await bothSay([a, b], 'mg k c v\r\n', 'VA 1 c77\r\n1\r\n')
    expect(await converse(b.address, 'ms k 1 C76\r\n2\r\nms k 1 C77 E78\r\n2\r\n')).toBe('EX\r\nHD\r\n')
    await bothSay([a, b], 'mg k c v\r\n', 'VA 1 c78\r\n2\r\n')
  })

  it('decides between resilient nodes which of two writes is the newer, and each node says so', async () => {
    const {a, b, cut, mend} = await startResilientPair()
    await converse(a.address, 'ms k 1 E10\r\n1\r\nms n 1 E10\r\n1\r\n')
    await bothSay([a, b], 'mg k c v\r\n', 'VA 1 c10\r\n1\r\n')
    const older = 'ms k 1 E10\r\n2\r\nms k 1 MA E9\r\n2\r\nma n E4\r\nmd k I E3\r\nmd k x E3\r\nms k 1 ME E5\r\n2\r\n'
    expect(await converse(b.address, older)).toBe('EX\r\nEX\r\nEX\r\nEX\r\nEX\r\nNS\r\n')
    await cut()
    expect(await converse(a.address, 'ms k 1 E30\r\na\r\nms l 1 E20\r\na\r\n')).toBe('HD\r\nHD\r\n')
    expect(await converse(b.address, 'ms k 1 E20\r\nb\r\nms l 1 E30\r\nb\r\n')).toBe('HD\r\nHD\r\n')
    await mend()
    await bothSay([a, b], 'mg k c v\r\nmg l c v\r\n', 'VA 1 c30\r\na\r\nVA 1 c30\r\nb\r\n')
  })

  it('is older than every write after it, even the greatest one', async () => {
    const {a, b} = await startResilientPair()
    const nanoseconds = 1_900_000_000_000_000_000n
    await converse(a.address, `ms k 1 E${nanoseconds}\r\n1\r\nset k 0 0 1\r\n2\r\n`)
    await bothSay([a, b], 'get k\r\n', 'VALUE k 0 1\r\n2\r\nEND\r\n')
    await converse(b.address, 'set k 0 0 1\r\n3\r\n')
    await bothSay([a, b], 'get k\r\n', 'VALUE k 0 1\r\n3\r\nEND\r\n')
  })

  it('is refused by a resilient node when no greater one would be left', async () => {
    const {a, b} = await startResilientPair()
    const top = 1n << 62n
    expect(await converse(a.address, `ms k 1 E${top}\r\n1\r\nms k 1 E${MAX}\r\n1\r\nma k N0 E${MAX}\r\n`)).toBe(
      `${'CLIENT_ERROR bad token in command line format\r\n'.repeat(2)}CLIENT_ERROR invalid or duplicate flag\r\n`,
    )
    expect(await converse(a.address, `ms k 1 E${top - 1n}\r\n1\r\nset k 0 0 1\r\n2\r\n`)).toBe('HD\r\nSTORED\r\n')
    await bothSay([a, b], `get k\r\n`, 'VALUE k 0 1\r\n2\r\nEND\r\n')
  })

  it('brings two resilient nodes to the same items after any commands to both', async () => {
    const key = fc.constantFrom('k', 'l', 'm')
    const version = fc.oneof(
      fc.constant(''),
      fc.integer({min: 1, max: 9}).map(cas => ` E${cas}`),
    )
    const write = fc.oneof(
      fc
        .tuple(key, fc.stringMatching(/^[a-c]$/), version, fc.constantFrom('', ' MA N0', ' MR'))
        .map(([name, value, cas, mode]) => `ms ${name} 1${cas}${mode}\r\n${value}\r\n`),
      fc.tuple(key, version).map(([name, cas]) => `ma ${name} N0 J5${cas}\r\n`),
      fc
        .tuple(key, version, fc.constantFrom(' I', ' x', ' x I'))
        .map(([name, cas, how]) => `md ${name}${how}${cas}\r\n`),
    )
    const writes = fc.array(write, {minLength: 1, maxLength: 12})
    const {a, b} = await startResilientPair()
    await fc.assert(
      fc.asyncProperty(writes, writes, async (first, second) => {
        await Promise.all([converse(a.address, first.join('')), converse(b.address, second.join(''))])
        await waitFor(async () => {
          const read = 'mg k c v\r\nmg l c v\r\nmg m c v\r\n'
          // Win, stale and sent marks stay on the node that has them.
          const [own, other] = await Promise.all([a, b].map(async ({address}) => await converse(address, read)))
          expect(own!.replaceAll(/ [WXZ]/g, '')).toBe(other!.replaceAll(/ [WXZ]/g, ''))
        })
      }),
      {numRuns: 40},
    )
  })
})

describe('an exptime that a resilient node has changed', () => {
  it.each(['touch k 500\r\n', 'gat 500 k\r\n', 'mg k T500\r\n'])('goes to its peer, by %j', async command => {
    const {a, b} = await startResilientPair()
    await converse(a.address, 'set k 0 1000 1\r\n1\r\n')
    await bothSay([a, b], 'mg k v\r\n', 'VA 1\r\n1\r\n')
    await converse(a.address, command)
    await waitFor(async () => {
      for (const {address} of [a, b]) expect(await converse(address, 'mg k t\r\n')).toMatch(/^HD t(499|500)\r\n$/)
    })
  })

  it('is the later one of both after an outage', async () => {
    const {a, b, cut, mend} = await startResilientPair()
    await converse(a.address, 'set k 0 1000 1\r\n1\r\nset l 0 1000 1\r\n1\r\n')
    await bothSay([a, b], 'mg k v\r\nmg l v\r\n', 'VA 1\r\n1\r\nVA 1\r\n1\r\n')
    await cut()
    await converse(a.address, 'touch k 0\r\ntouch l 500\r\n')
    await mend()
    await waitFor(async () => {
      for (const {address} of [a, b]) {
        expect(await converse(address, 'mg k t\r\nmg l t\r\n')).toMatch(/^HD t-1\r\nHD t(99\d|1000)\r\n$/)
      }
    })
  })
})
