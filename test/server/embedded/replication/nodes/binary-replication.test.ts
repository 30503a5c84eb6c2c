import {describe, expect, it, onTestFinished} from 'vitest'
import {counterExtras, extras32, type Frame, readAnswers, request} from '../../../../helpers/binary.js'
import {converse, Line} from '../../../../helpers/converse.js'
import {startEmbedded} from '../../../../helpers/embedded.js'
import {freePort} from '../../../../helpers/ports.js'

const host = '127.0.0.1'

/** A node that waits for its peer, and the wire port. */
async function startWaiting() {
  const port = await freePort()
  const replication = {
    peerHost: null,
    connectPort: port,
    listenPort: port,
    queueLimit: 8192,
    resilient: false,
    peers: null,
    likeRepcached: true,
  }
  return {...(await startEmbedded({replication})), port}
}

async function dialAsPeer(port: number): Promise<Line> {
  const peer = await Line.dial({host, port})
  onTestFinished(() => peer.close())
  return peer
}

describe('changes by the binary protocol', () => {
  it('reach the peer', async () => {
    const {address, port} = await startWaiting()
    const peer = await dialAsPeer(port)
    await peer.until('marugoto_end\r\n')
    const changes: readonly (readonly [frame: Frame, sent: string])[] = [
      [{opcode: 0x01, key: 'k', value: 'set', extras: extras32(7, 0)}, 'rep k 7 0 3 1\r\nset\r\n'],
      [{opcode: 0x11, key: 'k', value: 'quiet', extras: extras32(7, 0)}, 'rep k 7 0 5 2\r\nquiet\r\n'],
      [{opcode: 0x02, key: 'a', value: 'add', extras: extras32(0, 2_000_000_000)}, 'rep a 0 2000000000 3 3\r\nadd\r\n'],
      [{opcode: 0x03, key: 'k', value: '\r\n', extras: extras32(0xffff_ffff, 0)}, 'rep k 4294967295 0 2 4\r\n\r\n\r\n'],
      [{opcode: 0x0e, key: 'a', value: 'end'}, 'rep a 0 2000000000 6 5\r\naddend\r\n'],
      [{opcode: 0x1a, key: 'a', value: '-'}, 'rep a 0 2000000000 7 6\r\n-addend\r\n'],
      [{opcode: 0x05, key: 'n', extras: counterExtras(1n, 10n, 0)}, 'rep n 0 0 2 7\r\n10\r\n'],
      [{opcode: 0x16, key: 'n', extras: counterExtras(1n, 10n, 0)}, 'rep n 0 0 1 8\r\n9\r\n'],
      [{opcode: 0x1c, key: 'n', extras: extras32(2_000_000_000)}, 'rep n 0 2000000000 1 8\r\n9\r\n'],
      [{opcode: 0x1d, key: 'n', extras: extras32(0)}, 'rep n 0 0 1 8\r\n9\r\n'],
      [{opcode: 0x04, key: 'n'}, 'delete n\r\n'],
      [{opcode: 0x14, key: 'a', cas: 6n}, 'delete a\r\n'],
      [{opcode: 0x01, key: 'k', value: 'x'.repeat(1024 * 1024), extras: extras32(0, 0)}, 'delete k\r\n'],
      [{opcode: 0x08, extras: extras32(2_000_000_000)}, 'flush_all 2000000000\r\n'],
      [{opcode: 0x18}, 'flush_all \r\n'],
    ]
    for (const [frame, sent] of changes) {
      await converse(address, request(frame))
      expect(await peer.until(sent)).toBe(sent)
    }
  })

  it('that change nothing are not sent', async () => {
    const {address, port} = await startWaiting()
    const peer = await dialAsPeer(port)
    await peer.until('marugoto_end\r\n')
    const idle: readonly Frame[] = [
      {opcode: 0x00, key: 'k'},
      {opcode: 0x03, key: 'k', value: 'x', extras: extras32(0, 0)},
      {opcode: 0x0e, key: 'k', value: 'x'},
      {opcode: 0x04, key: 'k'},
      {opcode: 0x05, key: 'k', extras: counterExtras(1n, 1n, 0xffff_ffff)},
      {opcode: 0x1d, key: 'k', extras: extras32(0)},
    ]
    await converse(address, ...idle.map(request), request({opcode: 0x01, key: 'z', value: '1', extras: extras32(0, 0)}))
    expect(await peer.until('rep z 0 0 1 1\r\n1\r\n')).toBe('rep z 0 0 1 1\r\n1\r\n')
  })

  it('under keys that would break the stream stay here, and are counted', async () => {
    const {address, port, log} = await startWaiting()
    const store = (key: string) => request({opcode: 0x01, key, value: '1', extras: extras32(0, 0)})
    await converse(address, store('copied 0 0 1 1\r\nx\r\ndelete victim'), store('plain'))
    const peer = await dialAsPeer(port)
    expect(await peer.until('marugoto_end\r\n')).toBe('rep plain 0 0 1 2\r\n1\r\nmarugoto_end\r\n')
    await converse(address, ...['a b', 'a\nb', 'a\0b'].flatMap(key => [store(key), request({opcode: 0x04, key})]))
    await converse(address, store('last'))
    expect(await peer.until('rep last 0 0 1 6\r\n1\r\n')).toBe('rep last 0 0 1 6\r\n1\r\n')
    expect(log.filter(line => line.includes("can't send"))).toHaveLength(1)
    expect(await converse(address, 'stats repbench\r\n')).toContain('STAT unreplicated_changes 7\r\n')
    const kept = readAnswers(
      await converse(address, request({opcode: 0x00, key: 'copied 0 0 1 1\r\nx\r\ndelete victim'})),
    )
    expect(kept).toMatchObject([{status: 0, value: '1'}])
  })
})
