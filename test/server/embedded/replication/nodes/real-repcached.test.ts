import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {describe, expect, it, onTestFinished} from 'vitest'
import type {Address} from '../../../../../src/protocol/address.js'
import {converse} from '../../../../helpers/converse.js'
import {startEmbedded} from '../../../../helpers/embedded.js'
import {freePort} from '../../../../helpers/ports.js'
import {waitFor} from '../../../../helpers/wait-for.js'

const binary = process.env.REPCACHED_BIN || undefined
const [ours, theirs] = ['127.0.0.1', '127.0.0.2']

interface Real {
  readonly child: ChildProcess
  readonly address: Address
  readonly log: string[]
}

/** The C program on 127.0.0.2, dialling ours; resolves when its client port answers. */
async function startReal(port: number, replicationPort: number): Promise<Real> {
  const user = process.getuid?.() === 0 ? ['-u', 'root'] : []
  const link = ['-l', theirs, '-p', String(port), '-U', '0', '-x', ours, '-X', String(replicationPort)]
  const child = spawn(binary!, [...user, '-v', ...link], {stdio: ['ignore', 'ignore', 'pipe']})
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  const log: string[] = []
  child.stderr.on('data', (chunk: Buffer) => log.push(...chunk.toString().trimEnd().split('\n')))
  const address = {host: theirs, port}
  await waitFor(async () => expect(await converse(address, 'version\r\n')).toContain('1.4.13'))
  return {child, address, log}
}

async function ports(): Promise<{client: number; replication: number}> {
  const replication = await freePort(ours, theirs)
  const client = await freePort(theirs)
  return {client, replication}
}

function settings(replication: number, more: {resilient?: boolean; queueLimit?: number} = {}) {
  const link = {
    peerHost: theirs,
    connectPort: replication,
    listenPort: replication,
    queueLimit: 8192,
    resilient: false,
    peers: null,
    likeRepcached: true,
  }
  return {host: ours, memoryLimitBytes: 256 << 20, replication: {...link, ...more}}
}

async function says(address: Address, command: string, answer: string): Promise<void> {
  await waitFor(async () => expect(await converse(address, command)).toBe(answer))
}

describe.skipIf(binary === undefined)('beside the real repcached (REPCACHED_BIN)', () => {
  it('accepts it, replicates both ways, survives its kill -9 and fills it again', async () => {
    const {client, replication} = await ports()
    const {address} = await startEmbedded(settings(replication))
    await converse(address, 'set flags 4294967295 0 1\r\n1\r\nset binary 7 0 6\r\na\r\nb\0c\r\nset empty 0 0 0\r\n\r\n')
    const real = await startReal(client, replication)
    const copied = 'VALUE binary 7 6\r\na\r\nb\0c\r\nVALUE empty 0 0\r\n\r\nEND\r\n'
    await says(real.address, 'get binary empty\r\n', copied)
    await converse(real.address, 'set theirs 1 0 2\r\nhi\r\n')
    await says(address, 'get theirs\r\n', 'VALUE theirs 1 2\r\nhi\r\nEND\r\n')
    await converse(address, 'delete theirs\r\nset counter 0 0 1\r\n5\r\nincr counter 5\r\n')
    await says(real.address, 'get theirs counter\r\n', 'VALUE counter 0 2\r\n10\r\nEND\r\n')
    real.child.kill('SIGKILL')
    await once(real.child, 'exit')
    expect(await converse(address, 'set alone 0 0 1\r\n1\r\n')).toBe('STORED\r\n')
    const again = await startReal(client, replication)
    await says(again.address, 'get counter alone\r\n', 'VALUE counter 0 2\r\n10\r\nVALUE alone 0 1\r\n1\r\nEND\r\n')
    expect(again.log).toContain('replication: start')
  })

  it('connects to it, takes its full sync, and does it no harm by values that look like commands', async () => {
    const {client, replication} = await ports()
    const real = await startReal(client, replication)
    const sets = Array.from({length: 3000}, (_, number) => `set k${number} 0 0 5\r\nvalue\r\n`)
    await converse(real.address, sets.join(''))
    const {address, log} = await startEmbedded(settings(replication))
    expect(log).toContain('replication: start')
    expect(await converse(address, 'stats\r\n')).toContain('STAT curr_items 3000\r\n')
    // With flags that the real one cannot read, it would run the value; ours sends them unsigned.
    await converse(address, 'set victim 0 0 1\r\n1\r\nset trap 4294967295 0 13\r\ndelete victim\r\n')
    await says(
      real.address,
      'get victim trap\r\n',
      'VALUE victim 0 1\r\n1\r\nVALUE trap -1 13\r\ndelete victim\r\nEND\r\n',
    )
    expect(real.child.exitCode).toBeNull()
  })

  it('--resilient pairs with it again after an overflow', async () => {
    const {client, replication} = await ports()
    const {address, log} = await startEmbedded(settings(replication, {resilient: true, queueLimit: 64}))
    const real = await startReal(client, replication)
    real.child.kill('SIGSTOP')
    const value = 'v'.repeat(200_000)
    const sets = Array.from({length: 200}, (_, number) => `set k${number} 0 0 ${value.length}\r\n${value}\r\n`)
    await converse(address, ...sets)
    expect(log).toContain("replication: can't create Q_ITEM")
    real.child.kill('SIGCONT')
    await waitFor(async () => {
      expect(await converse(address, 'stats repbench\r\n')).toContain('STAT link paired\r\n')
      const items = async (of: Address) => /curr_items \d+/.exec(await converse(of, 'stats\r\n'))?.[0]
      expect(await items(real.address)).toBe(await items(address))
    })
  })
})
