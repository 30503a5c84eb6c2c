import {once} from 'node:events'
import {connect} from 'node:net'
import {expect, onTestFinished, test} from 'vitest'
import {readServerFacts} from '../../../../src/engine/transfer/items/server-facts.js'
import {Pace} from '../../../../src/engine/transfer/pace.js'
import {syncServers} from '../../../../src/engine/transfer/sync/sync-servers.js'
import type {Address} from '../../../../src/protocol/address.js'
import {ask} from '../../../helpers/ask.js'
import {extras32, request} from '../../../helpers/binary.js'
import {freePort} from '../../../helpers/ports.js'
import {startRepcached} from '../../../helpers/repcached.js'
import {waitFor} from '../../../helpers/wait-for.js'

const opcodes = {set: 1, delete: 4}

/** What the binary protocol writes crosses no link of repcached. */
async function realPair(): Promise<{readonly a: Address; readonly b: Address}> {
  const port = String(await freePort())
  const a = await startRepcached('-X', port)
  onTestFinished(a.stop)
  const b = await startRepcached('-x', '127.0.0.1', '-X', port)
  onTestFinished(b.stop)
  await ask(a.address, 'set both 0 0 1\r\n1')
  await waitFor(async () => expect(await ask(b.address, 'get both')).toContain('both'))
  return {a: a.address, b: b.address}
}

async function binary(address: Address, frame: Parameters<typeof request>[0]): Promise<void> {
  const socket = connect(address)
  socket.write(request(frame))
  await once(socket, 'data')
  socket.destroy()
}

test.skipIf(!process.env.REPCACHED_BIN)(
  'of a pair whose link carries, the side with the right item writes it again',
  async () => {
    const {a, b} = await realPair()
    const extras = extras32(5, 0)
    await binary(a, {opcode: opcodes.set, key: 'on:a', value: 'a', extras})
    await binary(a, {opcode: opcodes.set, key: 'both', value: 'newer', extras})
    await binary(b, {opcode: opcodes.set, key: 'on:b', value: 'b', extras})
    const [from, to] = await Promise.all([readServerFacts(a), readServerFacts(b)])
    const {counts, linked, stoppedBy} = await syncServers({
      from,
      to,
      policy: {kind: 'oneWay', overwrite: true, delete: true},
      mode: 'carryOut',
      pace: new Pace({itemsPerSecond: null, bytesPerSecond: null}),
      unknownTtlSeconds: null,
      despiteEvictions: false,
    })
    expect(stoppedBy).toBeNull()
    expect(linked).toBe(true)
    expect(counts.done).toMatchObject({add: {items: 1}, replace: {items: 1}, delete: {items: 1}})
    expect(await ask(b, 'get both on:a on:b')).toBe('VALUE both 5 5\r\nnewer\r\nVALUE on:a 5 1\r\na\r\nEND\r\n')
    expect(await ask(a, 'get both on:a on:b')).toBe('VALUE both 5 5\r\nnewer\r\nVALUE on:a 5 1\r\na\r\nEND\r\n')
  },
)
