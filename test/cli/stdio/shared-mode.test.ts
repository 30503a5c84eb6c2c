import {type ChildProcess, type StdioOptions, spawn} from 'node:child_process'
import {once} from 'node:events'
import {connect} from 'node:net'
import {text} from 'node:stream/consumers'
import {describe, expect, onTestFinished, test} from 'vitest'
import {formatAddress} from '../../../src/protocol/address.js'
import {startEmbedded} from '../../helpers/embedded.js'
import {startFakeMemcached} from '../../helpers/fake-memcached.js'
import {freePort} from '../../helpers/ports.js'
import {binPath} from '../../helpers/run-repbench.js'
import {isNonBlocking, SharedPipe} from '../../helpers/shared-pipe.js'
import {waitFor} from '../../helpers/wait-for.js'

function start(args: readonly string[], stdio: StdioOptions): ChildProcess {
  const child = spawn(process.execPath, [binPath, ...args], {stdio})
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  })
  return child
}

async function serves(port: number): Promise<void> {
  await waitFor(async () => {
    const socket = connect({port, host: '127.0.0.1'})
    await once(socket, 'connect')
    socket.destroy()
  })
}

const nodeWords = (port: number, ...more: string[]) => ['node', '-p', String(port), '-l', '127.0.0.1', ...more]

describe('what repbench shares with other programs keeps its mode', () => {
  test('a pipe that a node logs to: others print beside it what the pipe does not take at once', async () => {
    const pipe = new SharedPipe()
    const port = await freePort()
    start(nodeWords(port, '-vv'), ['ignore', pipe.writeFd, pipe.writeFd])
    await serves(port)
    expect(isNonBlocking('self', pipe.writeFd)).toBe(false)
    const script = 'head -c 200000 /dev/zero | tr "\\0" x >&3'
    const other = spawn('sh', ['-c', script], {stdio: ['ignore', 'ignore', 'pipe', pipe.writeFd]})
    const [all, said] = await Promise.all([pipe.readSlowly(once(other, 'exit')), text(other.stderr!)])
    expect({code: other.exitCode, said}).toEqual({code: 0, said: ''})
    expect(all.filter(byte => byte === 'x'.charCodeAt(0)).length).toBeGreaterThanOrEqual(200_000)
  })

  test('sockets, which one Node.js gives another', async () => {
    const port = await freePort()
    const child = start(nodeWords(port, '-vv'), ['ignore', 'pipe', 'pipe'])
    let log = ''
    child.stderr!.on('data', chunk => {
      log += chunk
    })
    await serves(port)
    await waitFor(() => expect(log).toContain('server listening'))
    expect([1, 2].map(fd => isNonBlocking(child.pid!, fd))).toEqual([false, false])
  })

  test('a pipe on stdin that nobody reads from: it keeps its bytes, too', async () => {
    const input = new SharedPipe()
    const {address} = await startFakeMemcached()
    const child = start(
      ['load', '--server', formatAddress(address), '--duration', '1s'],
      [input.inputFd, 'ignore', 'pipe'],
    )
    let said = ''
    child.stderr!.on('data', chunk => {
      said += chunk
    })
    await waitFor(() => expect(said).toMatch(/running|draining/))
    expect(isNonBlocking(child.pid!, 0)).toBe(false)
    await once(child, 'exit')
  })

  test('a pipe that a console is fed from, and one that it prints to', async () => {
    const [input, output] = [new SharedPipe(), new SharedPipe()]
    const {address} = await startEmbedded()
    const child = start(['console', formatAddress(address)], [input.inputFd, output.writeFd, 'ignore'])
    const exited = once(child, 'exit')
    input.write('version\r\n')
    let seen = ''
    await waitFor(() => {
      seen += output.read().toString()
      expect(seen).toMatch(/^VERSION /)
    })
    expect([isNonBlocking('self', input.inputFd), isNonBlocking('self', output.writeFd)]).toEqual([false, false])
    input.write('quit\r\n')
    await exited
    expect(child.exitCode).toBe(0)
  })

  test('a load with its worker threads, on one pipe for both', async () => {
    const pipe = new SharedPipe()
    const {address} = await startFakeMemcached()
    const child = start(
      ['load', '--server', formatAddress(address), '--duration', '1s', '--threads', '2'],
      ['ignore', pipe.writeFd, pipe.writeFd],
    )
    const seen: string[] = []
    await waitFor(() => {
      seen.push(pipe.read().toString())
      expect(seen.join('')).toMatch(/running|draining/)
    })
    expect(isNonBlocking('self', pipe.writeFd)).toBe(false)
    const rest = await pipe.readSlowly(once(child, 'exit'))
    expect(child.exitCode).toBe(0)
    expect(`${seen.join('')}${rest}`).toMatch(/verdict|pass/)
  })
})
