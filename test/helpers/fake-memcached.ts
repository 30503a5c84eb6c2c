import {once} from 'node:events'
import {type AddressInfo, createServer, type Socket} from 'node:net'
import {onTestFinished} from 'vitest'
import type {Address} from '../../src/protocol/address.js'

interface FakeRequest {
  /** The command line without its end. */
  readonly line: string
  readonly method: string
  readonly key: string
  readonly value: Buffer | null
  readonly socket: Socket
  /** From 0, over all connections. */
  readonly index: number
}

/** What a fake server does with a request: reply with these bytes, or see to it itself. */
export type Answer = (request: FakeRequest) => string | undefined

export interface FakeMemcached {
  readonly address: Address
  readonly requests: readonly FakeRequest[]
  readonly sockets: ReadonlySet<Socket>
}

const storing = new Set(['set', 'add', 'replace', 'append', 'prepend', 'cas'])

/** Says STORED to whatever stores, and that every key has the value `x`. */
export const wellBehaved: Answer = ({method, key}) =>
  storing.has(method) ? 'STORED\r\n' : `VALUE ${key} 0 1\r\nx\r\nEND\r\n`

/** Starts a server whose every answer a test decides; the test's end closes it. */
export async function startFakeMemcached(
  answer: Answer = wellBehaved,
  onConnection: (socket: Socket) => void = () => {},
): Promise<FakeMemcached> {
  const requests: FakeRequest[] = []
  const sockets = new Set<Socket>()
  const server = createServer({noDelay: true}, socket => {
    let left: Buffer = Buffer.alloc(0)
    let isLookedAt = true
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    socket.on('data', (chunk: Buffer) => {
      left = left.length === 0 ? chunk : Buffer.concat([left, chunk])
      for (;;) {
        const parsed = takeRequest(left)
        if (parsed === undefined) return
        left = left.subarray(parsed.length)
        // The look before a load is none of the requests that a test is about.
        const isLook: boolean = isLookedAt && parsed.request.line === 'version'
        isLookedAt = false
        if (isLook) {
          socket.write('VERSION 1.6.18\r\n')
          continue
        }
        const request = {...parsed.request, socket, index: requests.length}
        requests.push(request)
        const reply = answer(request)
        if (reply !== undefined && socket.writable) socket.write(Buffer.from(reply, 'latin1'))
      }
    })
    onConnection(socket)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy()
    server.close()
    await once(server, 'close')
  })
  return {address: {host: '127.0.0.1', port: (server.address() as AddressInfo).port}, requests, sockets}
}

function takeRequest(bytes: Buffer): {request: Omit<FakeRequest, 'socket' | 'index'>; length: number} | undefined {
  const end = bytes.indexOf('\r\n')
  if (end < 0) return undefined
  const line = bytes.toString('latin1', 0, end)
  const [method = '', key = '', , , size] = line.split(' ')
  if (!storing.has(method)) return {request: {line, method, key, value: null}, length: end + 2}
  const length = end + 2 + Number(size) + 2
  if (bytes.length < length) return undefined
  return {request: {line, method, key, value: Buffer.from(bytes.subarray(end + 2, length - 2))}, length}
}
