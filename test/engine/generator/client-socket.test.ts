import type {Socket} from 'node:net'
import {beforeEach, expect, onTestFinished, test, vi} from 'vitest'
import {ClientSocket, type ClientSocketEvents} from '../../../src/engine/generator/client-socket.js'
import {ScriptedServer} from '../../helpers/scripted-server.js'

let server: ScriptedServer
let sockets: Socket[]
let log: string[]

beforeEach(async () => {
  sockets = []
  log = []
  server = await ScriptedServer.listen((_, socket) => {
    if (!sockets.includes(socket)) sockets.push(socket)
  })
  onTestFinished(() => server.close())
})

const until = (line: string) => vi.waitFor(() => expect(log).toContain(line), {interval: 2})

async function connect(changes: Partial<ClientSocketEvents> = {}): Promise<ClientSocket> {
  const socket = new ClientSocket(
    {target: server.address, noDelay: true, readBuffer: Buffer.alloc(1024)},
    {
      onConnect: () => log.push('connect'),
      onRead: (byteCount, bytes) => log.push(`read ${Buffer.from(bytes.subarray(0, byteCount)).toString()}`),
      onFlushed: () => log.push('flushed'),
      onError: ({code}) => log.push(`error ${code}`),
      onEnd: () => log.push('end'),
      onClose: () => log.push('close'),
      ...changes,
    },
  )
  onTestFinished(() => socket.destroy())
  await until('connect')
  return socket
}

test('a small write is taken at once, whole or in pieces', async () => {
  const socket = await connect()
  expect(socket.write(Buffer.from('a'))).toBe(true)
  expect(socket.writePieces([Buffer.from('b'), Buffer.from('c')])).toBe(true)
  await vi.waitFor(() => expect(server.received()).toBe('abc'))
  expect([socket.backedUp, log]).toEqual([false, ['connect']])
  server.send('hello')
  await until('read hello')
})

test.each(['whole', 'in pieces'])('a write that is too much (%s) says when it was taken', async how => {
  const socket = await connect()
  socket.write(Buffer.from('x'))
  await vi.waitFor(() => expect(sockets).toHaveLength(1))
  sockets[0]!.pause()
  const much = Buffer.alloc(4 << 20)
  let isTaken = true
  while (isTaken) isTaken = how === 'whole' ? socket.write(much) : socket.writePieces([much, much])
  expect([socket.backedUp, log]).toEqual([true, ['connect']])
  sockets[0]!.resume()
  await until('flushed')
  expect(socket.backedUp).toBe(false)
})

test.each(['destroy', 'reset'] as const)('after %s() no event follows, and the server sees it', async how => {
  const socket = await connect()
  socket.write(Buffer.from('x'))
  await vi.waitFor(() => expect(sockets).toHaveLength(1))
  let seen = ''
  sockets[0]!.once('error', ({message}) => {
    seen = message
  })
  const closed = new Promise(resolve => sockets[0]!.once('close', resolve))
  sockets[0]!.write('late')
  socket[how]()
  await closed
  expect(log).toEqual(['connect'])
  if (how === 'reset') expect(seen).toContain('ECONNRESET')
})

test('the server’s end is told before its close', async () => {
  await connect()
  server.disconnect()
  await until('close')
  expect(log).toEqual(['connect', 'end', 'close'])
})
