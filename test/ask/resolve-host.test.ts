import {expect, it} from 'vitest'
import {resolveHost} from '../../src/ask/resolve-host.js'

it('gives the address of a name, and the system’s error where there is none', async () => {
  const {signal} = new AbortController()
  expect(await resolveHost('127.0.0.1', {signal})).toBe('127.0.0.1')
  expect(['127.0.0.1', '::1']).toContain(await resolveHost('localhost', {signal}))
  await expect(resolveHost('no such host', {signal})).rejects.toMatchObject({syscall: 'getaddrinfo'})
})

it('is not waited for once the signal has come', async () => {
  const stop = new AbortController()
  const resolved = resolveHost('localhost', {signal: stop.signal})
  stop.abort('SIGINT')
  await expect(resolved).rejects.toBe('SIGINT')
  await expect(resolveHost('localhost', {signal: stop.signal})).rejects.toBe('SIGINT')
})
