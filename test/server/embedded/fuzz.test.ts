import {once} from 'node:events'
import {connect} from 'node:net'
import {describe, expect, it} from 'vitest'
import type {Address} from '../../../src/protocol/address.js'
import {StreamSplitter} from '../../../src/protocol/text/stream-splitter.js'
import {beginConversation} from '../../../src/server/embedded/clients/begin-conversation.js'
import {ReadGate} from '../../../src/server/embedded/conversation/read-gate.js'
import {FrameApplier} from '../../../src/server/embedded/replication/frame-applier.js'
import {MissedDeletes} from '../../../src/server/embedded/replication/missed-deletes.js'
import {ReplyWriter} from '../../../src/server/embedded/replies/reply-writer.js'
import {converse} from '../../helpers/converse.js'
import {startEmbedded} from '../../helpers/embedded.js'
import {corpora, mutate, randomFrom} from '../../helpers/mutations.js'
import {offlineContext, offlineSocket} from '../../helpers/offline.js'
import {freePort} from '../../helpers/ports.js'

// A longer run: FUZZ_INPUTS=1000000 FUZZ_SOCKETS=10000 FUZZ_SEED=7 npx vitest run test/server/embedded/fuzz.test.ts
const inputs = Number(process.env.FUZZ_INPUTS ?? 20_000)
const sockets = Number(process.env.FUZZ_SOCKETS ?? 300)
const seed = Number(process.env.FUZZ_SEED ?? 1)
const limit = {timeout: 60_000 + inputs + sockets * 100}

/** Feeds the input in up to three pieces. */
function feed(input: Buffer, random: (below: number) => number, push: (piece: Buffer) => void): void {
  const cuts = [random(input.length + 1), random(input.length + 1)].sort((a, b) => a - b)
  for (const [from, to] of [
    [0, cuts[0]!],
    [cuts[0]!, cuts[1]!],
    [cuts[1]!, input.length],
  ] as const) {
    if (to > from) push(Buffer.from(input.subarray(from, to)))
  }
}

describe('fuzz: parsers', () => {
  it.each(['text', 'binary'] as const)('%s: no input throws or makes the store lose items', limit, name => {
    const context = offlineContext()
    const random = randomFrom(seed)
    for (let count = 0; count < inputs; count++) {
      const input = mutate(corpora[name], random)
      if (input.length === 0) continue
      const replies = new ReplyWriter()
      const conversation = beginConversation(
        {context, replies, id: count, socket: offlineSocket, gate: new ReadGate()},
        input[0]!,
      )
      try {
        feed(input, random, piece => {
          if (conversation.ending === null) conversation.push(piece, 0, piece.length)
        })
      } catch (error) {
        expect.fail(`input ${JSON.stringify(input.toString('latin1'))}: ${(error as Error).stack}`)
      }
      conversation.abort()
    }
    const {store} = context
    // Whatever was allocated and not linked has been given back.
    const used = store.classes.reduce((sum, {id}) => sum + store.slabs.use(id).used, 0)
    expect(used).toBe(store.items)
  })

  it('replication: no input throws or makes the store lose items', limit, () => {
    const context = offlineContext()
    const random = randomFrom(seed)
    for (let count = 0; count < inputs; count++) {
      const input = mutate(corpora.replication, random)
      const events = {onHeard() {}, onHello() {}, onMarugotoEnd() {}}
      const applier = new FrameApplier({context, missedDeletes: new MissedDeletes(), events})
      const splitter = new StreamSplitter(applier)
      feed(input, random, piece => splitter.push(piece, 0, piece.length))
      applier.abort()
    }
    const {store} = context
    const used = store.classes.reduce((sum, {id}) => sum + store.slabs.use(id).used, 0)
    expect(used).toBe(store.items)
  })
})

describe('fuzz: sockets', () => {
  /** Sends the input and waits until the node has closed; a peer may be closed before it has sent all. */
  async function send({host, port}: Address, input: Buffer): Promise<void> {
    const socket = connect(port, host)
    socket.on('error', () => {})
    socket.resume()
    const closed = once(socket, 'close')
    socket.end(input)
    await closed
  }

  it('the node goes on serving after any input to its two ports', limit, async () => {
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
    const {address} = await startEmbedded({replication})
    const random = randomFrom(seed)
    for (let count = 0; count < sockets; count++) {
      const corpus = corpora[(['text', 'binary', 'replication'] as const)[count % 3]!]
      await send(address, mutate(corpus, random))
      await send({host: '127.0.0.1', port}, mutate(corpus, random))
    }
    expect(await converse(address, 'set alive 0 0 1\r\n1\r\nget alive\r\n')).toBe(
      'STORED\r\nVALUE alive 0 1\r\n1\r\nEND\r\n',
    )
  })
})
