import {once} from 'node:events'
import {readFileSync} from 'node:fs'
import {type AddressInfo, createServer, type Server} from 'node:net'
import {afterEach, expect, it} from 'vitest'
import {assertCanListen, findFreePort, hasAddress} from '../../src/server/free-port.js'

const servers: Server[] = []

afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

async function occupy(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

it('says that a port is in use', async () => {
  const port = await occupy()
  const holder =
    process.platform === 'linux'
      ? `${readFileSync('/proc/self/comm', 'utf8').trim()} (pid ${process.pid})`
      : 'another program'
  await expect(assertCanListen({host: '127.0.0.1', port})).rejects.toMatchObject({
    code: 'ERR_PORT_IN_USE',
    message: `Expected 127.0.0.1:${port} to be free, got a port in use by ${holder}`,
  })
})

it('says that an address is not of this machine', async () => {
  await expect(assertCanListen({host: '192.0.2.77', port: 11211})).rejects.toMatchObject({
    code: 'ERR_ADDRESS_UNAVAILABLE',
  })
  expect(await hasAddress('192.0.2.77')).toBe(false)
  expect(await hasAddress('127.0.0.1')).toBe(true)
})

it('takes the usual port if it is free, else another one below the ephemeral range', async () => {
  const usual = await occupy()
  const port = await findFreePort({hosts: ['127.0.0.1'], usual})
  expect(port).not.toBe(usual)
  expect(port).toBeGreaterThanOrEqual(20_000)
  expect(port).toBeLessThan(32_768)
  expect(await findFreePort({hosts: ['127.0.0.1'], usual: port})).toBe(port)
})

it('does not give a promised port twice', async () => {
  const draws = [0.5, 0.5, 0.25]
  const first = await findFreePort({hosts: ['127.0.0.1'], random: () => 0.5})
  const second = await findFreePort({hosts: ['127.0.0.1'], taken: [first], random: () => draws.shift() ?? 0.75})
  expect(second).not.toBe(first)
})
