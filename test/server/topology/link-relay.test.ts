import {once} from 'node:events'
import {type AddressInfo, connect, createServer, type Socket} from 'node:net'
import {expect, onTestFinished, test} from 'vitest'
import type {Address} from '../../../src/protocol/address.js'
import {LinkRelay, type LinkRelayOptions} from '../../../src/server/topology/link-relay.js'
import {freePort} from '../../helpers/ports.js'

/** A server that sends everything back, and a relay before it. */
async function startRelay(filter?: LinkRelayOptions['filter']) {
  const server = createServer({allowHalfOpen: true}, socket => {
    socket.on('error', () => {})
    socket.pipe(socket)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const to = {host: '127.0.0.1', port: (server.address() as AddressInfo).port}
  const listen = {host: '127.0.0.1', port: await freePort()}
  const relay = await LinkRelay.open({routes: [{listen, to}], ...(filter === undefined ? {} : {filter})})
  onTestFinished(async () => {
    await relay.close()
    server.close()
    await once(server, 'close')
  })
  return {relay, listen, to, server}
}

async function dial({host, port}: Address): Promise<Socket> {
  const socket = connect({host, port, allowHalfOpen: true})
  socket.on('error', () => {})
  await once(socket, 'connect')
  return socket
}

async function readAll(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of socket) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

test('carries bytes both ways to the end', async () => {
  const {listen} = await startRelay()
  const socket = await dial(listen)
  const sent = Buffer.alloc(3_000_000, 'abcdefg')
  socket.end(sent)
  expect((await readAll(socket)).equals(sent)).toBe(true)
})

test('a slow link keeps the order, loses nothing, and takes its time', async () => {
  const {relay, listen} = await startRelay()
  relay.slow({delayMs: 20, bytesPerSecond: 2_000_000})
  const socket = await dial(listen)
  const sent = Buffer.from(Array.from({length: 400_000}, (_, i) => i & 255))
  const startMs = performance.now()
  socket.end(sent)
  expect((await readAll(socket)).equals(sent)).toBe(true)
  // 0.2 s on the way out, what follows it on the way back overlaps.
  expect(performance.now() - startMs).toBeGreaterThan(200)
})

test('a cut closes what is open, lets nobody through, and can be undone', async () => {
  const {relay, listen} = await startRelay()
  const first = await dial(listen)
  relay.cut()
  await once(first.resume(), 'end')
  const second = await dial(listen)
  await once(second.resume(), 'end')
  relay.restore()
  const third = await dial(listen)
  third.write('x')
  expect(String((await once(third, 'data'))[0])).toBe('x')
  third.destroy()
})

test('closes the dialler where nobody listens behind it', async () => {
  const [port, dead] = [await freePort(), await freePort()]
  const listen = {host: '127.0.0.1', port}
  const relay = await LinkRelay.open({routes: [{listen, to: {host: '127.0.0.1', port: dead}}]})
  onTestFinished(() => relay.close())
  const socket = await dial(listen)
  await once(socket.resume(), 'end')
})

test('filters each direction of each connection', async () => {
  const {listen} = await startRelay(
    direction => bytes => Buffer.from(direction === 'out' ? bytes.toString().toUpperCase() : `<${bytes}>`),
  )
  const socket = await dial(listen)
  socket.end('abc')
  expect((await readAll(socket)).toString()).toBe('<ABC>')
})
