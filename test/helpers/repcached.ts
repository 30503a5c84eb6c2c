import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {vi} from 'vitest'
import type {Address} from '../../src/protocol/address.js'
import {findFreePort} from '../../src/server/free-port.js'
import {Line} from './converse.js'

/** Starts the C program named by REPCACHED_BIN, without a peer. Whoever starts it stops it. */
export async function startRepcached(...flags: string[]): Promise<{address: Address; stop: () => Promise<void>}> {
  const host = '127.0.0.1'
  const port = await findFreePort({hosts: [host], taken: []})
  const asRoot = process.getuid?.() === 0 ? ['-u', 'root'] : []
  const ownFlags = ['-U', '0', '-l', host, '-p', String(port), '-X', '0']
  const child = spawn(process.env.REPCACHED_BIN ?? 'repcached', [...ownFlags, ...asRoot, ...flags], {stdio: 'ignore'})
  const address = {host, port}
  await vi.waitFor(async () => (await Line.dial(address)).close(), {timeout: 10_000, interval: 5})
  const stop = async () => {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  return {address, stop}
}
