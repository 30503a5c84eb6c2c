import {once} from 'node:events'
import net from 'node:net'
import {expect, onTestFinished, test} from 'vitest'
import {lookAtServer} from '../../../src/ask/look/look-at-server.js'
import {LookError} from '../../../src/ask/look/look-error.js'
import {formatAddress} from '../../../src/protocol/address.js'
import {startMemcached} from '../../helpers/memcached.js'
import {decentServer, HostileServer, hostilities} from '../../instruments/hostile-servers.js'

async function open(name: string): Promise<HostileServer> {
  const hostility = [decentServer, ...hostilities].find(one => one.name === name)
  const server = await HostileServer.open(hostility!)
  onTestFinished(() => server.close())
  return server
}

/** Those of which nothing is to be had. */
const mute = ['never', 'drip', 'late', 'half']

/** What the look says after the server's name. */
async function lookAt(name: string): Promise<string> {
  const timeoutMs = mute.includes(name) ? 300 : 60_000
  const {address} = await open(name)
  try {
    const {version} = await lookAtServer(address, {timeoutMs})
    return `memcached ${version}`
  } catch (error) {
    expect(error).toBeInstanceOf(LookError)
    const {message, code} = error as LookError
    expect(message).toMatch(new RegExp(`^${formatAddress(address)} `))
    expect(message).not.toMatch(/\p{Cc}|\p{Cf}/u)
    return `${code}: ${message.slice(formatAddress(address).length + 1)}`
  }
}

test.each([
  ['decent', 'memcached 1.6.18'],
  ['never', 'ERR_SILENT_SERVER: took the connection and said nothing for 0.3 s'],
  ['drip', 'ERR_SILENT_SERVER: took the connection and said nothing for 0.3 s'],
  ['late', 'ERR_SILENT_SERVER: took the connection and said nothing for 0.3 s'],
  ['half', "ERR_SILENT_SERVER: took the connection and said only 'VERSION 1' for 0.3 s"],
  ['hangs-up', 'ERR_NO_MEMCACHED: closed the connection without a word'],
  ['resets', 'ERR_NO_MEMCACHED: reset the connection without a word'],
  ['half-closes', "ERR_NO_MEMCACHED: closed the connection after 'VERSION 1'"],
  ['full', 'ERR_TOO_MANY_CONNECTIONS: turned the connection away: ERROR Too many open connections'],
  ['http', 'ERR_NO_MEMCACHED: answered HTTP/1.1 400: no memcached'],
  ['tls', 'ERR_NO_MEMCACHED: speaks TLS'],
  [
    'redis',
    "ERR_NO_MEMCACHED: speaks Redis’s protocol, '-ERR unknown command 'version', with args beginning with: ': no memcached",
  ],
  ['ssh', "ERR_NO_MEMCACHED: is an SSH server, 'SSH-2.0-OpenSSH_9.6p1 Debian-3': no memcached"],
  ['smtp', "ERR_NO_MEMCACHED: greeted with '220 mail.example.com ESMTP Postfix': no memcached"],
  ['mysql', 'ERR_NO_MEMCACHED: speaks MySQL’s protocol: no memcached'],
  ['auth', 'ERR_WANTS_PASSWORD: wants a user and a password, repbench has none'],
  ['sasl', 'ERR_WANTS_PASSWORD: wants a user and a password, repbench has none'],
  ['binary', 'ERR_NO_MEMCACHED: speaks the binary protocol only, repbench the text protocol'],
  ['echo', "ERR_NO_MEMCACHED: answered 'version': no memcached"],
  ['endless-line', `ERR_NO_MEMCACHED: sent 1024 bytes without a line end, '${'A'.repeat(60)}…': no memcached`],
])('what is there is said in one line: %s', async (name, said) => {
  expect(await lookAt(name)).toBe(said)
})

test('what could change the terminal is shown as escapes', async () => {
  expect(await lookAt('escapes')).toMatch(/^ERR_NO_MEMCACHED: answered '\\x1b\]0;X\\x07\\x1b\[31m/)
  expect(await lookAt('nuls')).toMatch(/^ERR_NO_MEMCACHED: answered '(\\x00){15}…': no memcached$/)
})

test('nobody there', async () => {
  const look = lookAtServer({host: '127.0.0.1', port: 1})
  await expect(look).rejects.toThrow(
    /^Expected a server at 127\.0\.0\.1:1, got a refused connection: nothing listens there$/,
  )
})

test('an abort ends it at once', async () => {
  const {address} = await open('never')
  const stop = new AbortController()
  const look = lookAtServer(address, {timeoutMs: 100_000, signal: stop.signal})
  stop.abort()
  await expect(look).rejects.toThrow(/an interrupt/)
})

test('no connection is left open', async () => {
  const server = await open('endless-line')
  await lookAtServer(server.address).catch(() => {})
  await expect.poll(() => server.connections).toBe(0)
})

test('a real memcached, by name', async () => {
  const {address} = await startMemcached()
  const {version, address: found, connections} = await lookAtServer({...address, host: 'localhost'})
  expect(version).toMatch(/^1\.\d+\.\d+/)
  expect([found, connections]).toEqual([address, 1])
})

test('a proxy that knows no version and hangs up at it', async () => {
  const server = net.createServer(socket => {
    socket.on('error', () => {})
    socket.on('data', chunk => void (chunk.toString().startsWith('get ') ? socket.write('END\r\n') : socket.end()))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => void server.close())
  const {port} = server.address() as net.AddressInfo
  expect(await lookAtServer({host: '127.0.0.1', port})).toMatchObject({version: null, connections: 2})
})
