import {describe, expect, it} from 'vitest'
import {converse} from '../../../helpers/converse.js'
import {recordedExchanges} from '../../../helpers/fixtures.js'
import {answersTo} from '../../../helpers/offline.js'
import {startRepcached} from '../../../helpers/repcached.js'

const exchanges = recordedExchanges('memcached-1.4.13-exchanges.json')

/** A line that may only come in one piece: without its end it closes the connection. */
function hasLongLine(input: string): boolean {
  return input.split('\r\n').some(line => line.length > 1023 && !/^gets? /.test(line))
}

describe('recorded replies of memcached 1.4.13', () => {
  it.each(exchanges)('%j', (input, output) => {
    const bytes = Buffer.from(input, 'latin1')
    expect(answersTo(bytes)).toBe(output)
    if (!hasLongLine(input)) expect(answersTo(bytes, Array.from(bytes.keys()))).toBe(output)
  })

  it.skipIf(!process.env.REPCACHED_BIN)('are its replies still', async () => {
    for (const [input, output] of exchanges) {
      const {address, stop} = await startRepcached()
      expect({input, output: await converse(address, input)}).toEqual({input, output})
      await stop()
    }
  })
})
