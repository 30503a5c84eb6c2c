import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import net from 'node:net'
import {onTestFinished} from 'vitest'
import type {Address} from '../../src/protocol/address.js'
import {freePort} from './ports.js'
import {waitFor} from './wait-for.js'

export interface RunningMemcached {
  readonly address: Address
  readonly process: ChildProcess
}

/** Starts the system's memcached on a free port and waits until it answers; the test's end kills it. */
export async function startMemcached(): Promise<RunningMemcached> {
  const port = await freePort()
  const asRoot = process.getuid?.() === 0 ? ['-u', 'root'] : []
  const program = process.env.MEMCACHED_BIN ?? 'memcached'
  const child = spawn(program, ['-l', '127.0.0.1', '-p', String(port), '-U', '0', '-t', '1', ...asRoot], {
    stdio: 'ignore',
  })
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  })
  const address = {host: '127.0.0.1', port}
  await waitFor(() => answers(address))
  return {address, process: child}
}

async function answers({host, port}: Address): Promise<void> {
  const socket = net.connect({host, port})
  try {
    await once(socket, 'connect')
  } finally {
    socket.destroy()
  }
}
