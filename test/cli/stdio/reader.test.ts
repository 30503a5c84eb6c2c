import {type ChildProcess, type StdioOptions, spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdtemp, readdir, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {text} from 'node:stream/consumers'
import {beforeEach, describe, expect, onTestFinished, test} from 'vitest'
import {formatAddress} from '../../../src/protocol/address.js'
import {converse} from '../../helpers/converse.js'
import {startEmbedded} from '../../helpers/embedded.js'
import {startFakeMemcached} from '../../helpers/fake-memcached.js'
import {freePort} from '../../helpers/ports.js'
import {binPath} from '../../helpers/run-repbench.js'
import {SharedPipe} from '../../helpers/shared-pipe.js'
import {waitFor} from '../../helpers/wait-for.js'

let state: string

beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'repbench-reader-'))
  return () => rm(state, {recursive: true})
})

function start(args: readonly string[], stdio: StdioOptions): ChildProcess {
  const child = spawn(process.execPath, [binPath, ...args], {stdio, env: {...process.env, XDG_STATE_HOME: state}})
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  })
  return child
}

const savedRuns = () => readdir(join(state, 'repbench', 'runs')).catch(() => [])

/** A server with one big value, and the commands that read it often. */
async function bigReplies(times: number) {
  const {address, log} = await startEmbedded({verbosity: 2})
  const value = 'v'.repeat(1_000_000)
  await converse(address, `set big 0 0 ${value.length}\r\n${value}\r\n`)
  return {
    address: formatAddress(address),
    /** So many of them the server has got. */
    asked: () => log.filter(line => line.endsWith(' get big')).length,
    input: 'get big\r\n'.repeat(times),
    replies: `VALUE big 0 ${value.length}\r\n${value}\r\nEND\r\n`.repeat(times),
  }
}

describe('a slow reader', () => {
  test('gets every byte', async () => {
    const pipe = new SharedPipe()
    const {address, input, replies} = await bigReplies(5)
    const child = start(['console', address], ['pipe', pipe.writeFd, 'ignore'])
    child.stdin!.end(input)
    const all = await pipe.readSlowly(once(child, 'exit'))
    expect(child.exitCode).toBe(0)
    expect(all.equals(Buffer.from(replies))).toBe(true)
  })

  test('of a node’s log gets every line, and the node serves meanwhile', async () => {
    const pipe = new SharedPipe()
    const port = await freePort()
    const child = start(['node', '-p', String(port), '-l', '127.0.0.1', '-vv'], ['ignore', 'ignore', pipe.writeFd])
    const address = {host: '127.0.0.1', port}
    await waitFor(() => converse(address, 'version\r\n'))
    const keys = Array.from({length: 20_000}, (_, index) => `key:${index}`)
    const commands = keys.map(key => `get ${key}\r\n`).join('')
    const ended = converse(address, commands).then(() => {
      child.kill('SIGTERM')
      return once(child, 'exit')
    })
    const log = (await pipe.readSlowly(ended, {mostBytes: 8192})).toString()
    expect(child.exitCode).toBe(0)
    expect(log.match(/ get key:\d+/g)?.map(line => line.slice(5))).toEqual(keys)
  })
})

describe('a reader that takes nothing', () => {
  test('keeps no node from serving', async () => {
    const pipe = new SharedPipe()
    const port = await freePort()
    const child = start(['node', '-p', String(port), '-l', '127.0.0.1', '-vv'], ['ignore', 'ignore', pipe.writeFd])
    const address = {host: '127.0.0.1', port}
    await waitFor(() => converse(address, 'version\r\n'))
    const commands = 'set a 0 0 1\r\nx\r\n'.repeat(100_000)
    const replies = await converse(address, commands)
    expect(replies).toBe('STORED\r\n'.repeat(100_000))
    child.kill('SIGTERM')
    await once(child, 'exit')
    expect(child.exitCode).toBe(0)
  })

  test('keeps no load from being saved, and from ending on SIGTERM', async () => {
    const pipe = new SharedPipe()
    const {address} = await startFakeMemcached()
    pipe.fill()
    const words = ['load', '--server', formatAddress(address), '--duration', '100ms']
    const child = start(words, ['ignore', pipe.writeFd, 'ignore'])
    await waitFor(async () => expect(await savedRuns()).toHaveLength(1))
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([143, null])
  })

  test('on a socket, which a thread waits for: SIGTERM ends that, too', async () => {
    const {address, input, asked} = await bigReplies(20)
    const child = start(['console', address], ['pipe', 'pipe', 'ignore'])
    child.stdin!.write(input)
    // More than a socket takes.
    await waitFor(() => expect(asked()).toBeGreaterThan(3))
    child.kill('SIGTERM')
    await once(child, 'exit')
    expect(child.exitCode ?? child.signalCode).toBeOneOf([143, 'SIGTERM'])
  })

  test('top ends on SIGTERM', async () => {
    const pipe = new SharedPipe()
    const {address, log} = await startEmbedded({verbosity: 2})
    pipe.fill()
    const child = start(['top', formatAddress(address), '--interval', '200ms'], ['ignore', pipe.writeFd, 'pipe'])
    // Two polls make a table, which it then has to print.
    await waitFor(() => expect(log.filter(line => / stats$/.test(line)).length).toBeGreaterThan(1))
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([143, null])
  })
})

describe('a reader that goes away', () => {
  test('does not change what a load ends with', async () => {
    const pipe = new SharedPipe()
    const {address} = await startFakeMemcached()
    const words = ['load', '--server', formatAddress(address), '--duration', '100ms', '--assert', 'p99<1us']
    pipe.closeReader()
    const child = start(words, ['ignore', pipe.writeFd, 'pipe'])
    const [said] = await Promise.all([text(child.stderr!), once(child, 'exit')])
    expect(child.exitCode).toBe(1)
    expect(said).toContain('saved to')
    expect(said).not.toContain('internal')
  })

  test('of a node’s log leaves the node alone', async () => {
    const pipe = new SharedPipe()
    const port = await freePort()
    pipe.closeReader()
    const child = start(['node', '-p', String(port), '-l', '127.0.0.1', '-vv'], ['ignore', 'ignore', pipe.writeFd])
    const address = {host: '127.0.0.1', port}
    await waitFor(() => converse(address, 'version\r\n'))
    expect(await converse(address, 'set a 0 0 1\r\nx\r\n')).toBe('STORED\r\n')
    expect(child.exitCode).toBeNull()
    child.kill('SIGTERM')
    await once(child, 'exit')
    expect(child.exitCode).toBe(0)
  })
})
