import {once} from 'node:events'
import {type AddressInfo, connect, createServer, type Socket} from 'node:net'
import {onTestFinished} from 'vitest'
import type {Address} from '../../src/protocol/address.js'

/** Stands between clients and a server and keeps what the clients send; the test's end closes it. */
export async function startCapturingProxy(target: Address): Promise<{address: Address; received: () => Buffer}> {
  const chunks: Buffer[] = []
  const sockets = new Set<Socket>()
  const server = createServer(client => {
    const onward = connect(target)
    for (const [from, to] of [
      [client, onward],
      [onward, client],
    ] as const) {
      sockets.add(from)
      from.on('error', () => {})
      from.on('close', () => to.end())
      from.on('data', (chunk: Buffer) => {
        if (from === client) chunks.push(chunk)
        to.write(chunk)
      })
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy()
    server.close()
    await once(server, 'close')
  })
  return {
    address: {host: '127.0.0.1', port: (server.address() as AddressInfo).port},
    received: () => Buffer.concat(chunks),
  }
}
