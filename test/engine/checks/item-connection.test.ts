import {getEventListeners} from 'node:events'
import {describe, expect, it} from 'vitest'
import {ItemConnection} from '../../../src/engine/checks/item-connection.js'
import {startEmbedded} from '../../helpers/embedded.js'
import {waitFor} from '../../helpers/wait-for.js'

describe('ItemConnection', () => {
  it('leaves nothing behind at a signal that outlives it', async () => {
    const {address} = await startEmbedded()
    const {signal} = new AbortController()
    for (let round = 0; round < 3; round++) {
      const connection = new ItemConnection(address, {signal})
      expect(await connection.read(['absent'])).toEqual([null])
      connection.close()
    }
    await waitFor(() => expect(getEventListeners(signal, 'abort')).toEqual([]))
  })

  it('is interrupted by its signal, during a read and before it', async () => {
    const {address} = await startEmbedded()
    const stop = new AbortController()
    const connection = new ItemConnection(address, {signal: stop.signal})
    const read = connection.read(['absent'])
    stop.abort()
    await expect(read).rejects.toThrow('got an interrupt')
    const late = new ItemConnection(address, {signal: stop.signal})
    await expect(late.read(['absent'])).rejects.toThrow('got an interrupt')
  })
})
