import {spawn} from 'node:child_process'
import {once} from 'node:events'
import type {Address} from '../../src/protocol/address.js'
import {Line} from './converse.js'
import {freePort} from './ports.js'
import {waitFor} from './wait-for.js'

/** Starts the C program named by REPCACHED_BIN, without a peer. Whoever starts it stops it. */
export async function startRepcached(...flags: string[]): Promise<{address: Address; stop: () => Promise<void>}> {
  const host = '127.0.0.1'
  const port = await freePort()
  const asRoot = process.getuid?.() === 0 ? ['-u', 'root'] : []
  const ownFlags = ['-U', '0', '-l', host, '-p', String(port), '-X', '0']
  const child = spawn(process.env.REPCACHED_BIN ?? 'repcached', [...ownFlags, ...asRoot, ...flags], {stdio: 'ignore'})
  const address = {host, port}
  await waitFor(async () => (await Line.dial(address)).close())
  const stop = async () => {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  return {address, stop}
}
