import {once} from 'node:events'
import {readFileSync} from 'node:fs'
import {type AddressInfo, createServer, type Server} from 'node:net'
import {afterEach, expect, it} from 'vitest'
import {assertCanListen, findFreeRow, hasAddress} from '../../../src/server/system/free-port.js'
import {freePorts} from '../../helpers/ports.js'

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

it('takes the usual ports if all of them are free, else others below the ephemeral range', async () => {
  const usual = await freePorts(8)
  expect(await findFreeRow({hosts: ['127.0.0.1'], usual})).toBe(usual)
  const last = createServer().listen(usual + 7, '127.0.0.1')
  servers.push(last)
  await once(last, 'listening')
  const first = await findFreeRow({hosts: ['127.0.0.1'], usual})
  expect(first).toBeGreaterThanOrEqual(20_000)
  expect(first + 7).toBeLessThan(32_768)
})

it('gives two rows no port in common', async () => {
  const draws = [0.5, 0.5003]
  const random = () => draws.shift() ?? 0.25
  const rows = await Promise.all([1, 2].map(() => findFreeRow({hosts: ['127.0.0.1'], random})))
  expect(Math.abs(rows[0]! - rows[1]!) % 8).toBe(0)
})
