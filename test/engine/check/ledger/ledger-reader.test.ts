import {describe, expect, it} from 'vitest'
import {LedgerReader} from '../../../../src/engine/check/ledger/ledger-reader.js'
import {makeFiller} from '../../../../src/engine/data/value-format.js'
import type {Address} from '../../../../src/protocol/address.js'
import {startFakeMemcached} from '../../../helpers/fake-memcached.js'

const KEYS = Uint32Array.from({length: 20_000}, (_, index) => index + 1)

function readerOf(address: Address, options: {timeoutMs?: number; signal?: AbortSignal} = {}): LedgerReader {
  return new LedgerReader(address, {format: {keyPrefix: 'k:', runId: 1, filler: makeFiller(100)}, ...options})
}

describe('LedgerReader', () => {
  it('asks for more at once where replies take long', async () => {
    let underWay = 0
    let most = 0
    const {address} = await startFakeMemcached(({socket}) => {
      most = Math.max(most, ++underWay)
      setTimeout(() => {
        underWay--
        socket.write('END\r\n')
      }, 250)
      return undefined
    })
    const reader = readerOf(address)
    expect((await reader.read(KEYS)).kinds.every(kind => kind === 0)).toBe(true)
    expect(most).toBeGreaterThan(30)
    reader.close()
  })

  it.each([
    ['that were not asked for', 'VALUE other 0 1\r\nx\r\n', 'a value that was not asked for'],
    ['without end', 'VALUE k:00000001 0 1\r\nx\r\n'.repeat(5000), 'a value that was not asked for'],
    ['that are none', '-ERR unknown command\r\n', "'-ERR unknown command'"],
  ])('reads no values %s', async (_, reply, got) => {
    const {address} = await startFakeMemcached(() => reply)
    const reader = readerOf(address)
    await expect(reader.read(KEYS)).rejects.toMatchObject({code: 'ERR_ASK_REPLY', expected: "the load's values", got})
    await expect(reader.read(KEYS)).rejects.toMatchObject({address})
  })

  it('waits for no reply longer than it may, and not after its signal', async () => {
    const {address} = await startFakeMemcached(() => undefined)
    await expect(readerOf(address, {timeoutMs: 50}).read(KEYS)).rejects.toMatchObject({code: 'ERR_ASK_TIMEOUT'})
    const stop = new AbortController()
    const reading = readerOf(address, {signal: stop.signal}).read(KEYS)
    stop.abort()
    await expect(reading).rejects.toMatchObject({code: 'ERR_ASK_ABORTED'})
  })
})
