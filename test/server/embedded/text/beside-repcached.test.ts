import fc from 'fast-check'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import type {Address} from '../../../../src/protocol/address.js'
import {converse} from '../../../helpers/converse.js'
import {startEmbedded} from '../../../helpers/embedded.js'
import {startRepcached} from '../../../helpers/repcached.js'

const key = fc.oneof(
  {weight: 8, arbitrary: fc.integer({min: 0, max: 5}).map(number => `key${number}`)},
  {weight: 1, arbitrary: fc.constantFrom('k'.repeat(250), 'k'.repeat(251), 'tab\tbed', 'pre:fix', '\x01\xff')},
)
const number = fc.oneof(
  {weight: 6, arbitrary: fc.nat(100).map(String)},
  {
    weight: 1,
    arbitrary: fc.constantFrom('+5', '\t7', '8\tx', 'x', '1x', '18446744073709551615', '18446744073709551616'),
  },
)
const last = fc.constantFrom('', '', '', '', ' noreply', ' x', ' noreply x', ' ', ' 0')
const data = fc.oneof(
  // incr of an empty value reads on in the C program's memory.
  fc.string({minLength: 1, maxLength: 60}),
  fc.constantFrom('0', '99', ' 5', '5  ', '1 2', '+3', '-3', '18446744073709551615', '5\tx', '1\x002'),
  // In lines, because those of a refused command are read as commands: one without an end for more than 1,024 bytes
  // would have the connection closed, by the C program with a reset, which takes back replies that were not read yet.
  fc.integer({min: 100, max: 5000}).map(length => `${'x'.repeat(499)}\n`.repeat(10).slice(-length)),
)
const flags = fc.oneof(fc.nat(2 ** 31 - 1).map(String), fc.constantFrom('0', '4294967296', 'x', '-1', '+1'))
const exptime = fc.constantFrom('0', '0', '0', '0', '1000', '-1', '4294967296', '3000000000', 'x', '+1000')

/**
 * Left out is only where the node differs on purpose (docs/protocol.md), and a
 * delayed flush_all, which 1.4.13 refuses after any number was out of range.
 */
const storage = fc
  .record({
    verb: fc.constantFrom('set', 'set', 'set', 'add', 'replace', 'append', 'prepend', 'cas'),
    key,
    flags,
    exptime,
    data,
    cas: fc.nat(2000),
    end: fc.constantFrom('\r\n', '\r\n', '\r\n', '\r\n', '\n', 'zz'),
    last,
  })
  .map(({verb, key, flags, exptime, data, cas, end, last}) => {
    const length = Buffer.byteLength(data, 'latin1')
    const unique = verb === 'cas' ? ` ${cas}` : ''
    return `${verb} ${key} ${flags} ${exptime} ${length}${unique}${last}\r\n${data}${end}`
  })
const others = fc.oneof(
  fc
    .tuple(fc.constantFrom('get', 'gets', 'bget'), fc.array(key, {maxLength: 9}))
    .map(([verb, keys]) => `${verb} ${keys.join(' ')}`),
  fc
    .tuple(fc.constantFrom('incr', 'decr'), key, number, last)
    .map(([verb, name, delta, end]) => `${verb} ${name} ${delta}${end}`),
  fc.tuple(key, last).map(([name, end]) => `delete ${name}${end}`),
  fc.tuple(key, fc.constantFrom('0', '1000', 'x'), last).map(([name, time, end]) => `touch ${name} ${time}${end}`),
  fc.constantFrom('flush_all', 'flush_all noreply'),
  fc.constantFrom('stats detail on', 'stats detail off', 'stats x', 'stats cachedump x 1', 'stats detail'),
  fc.constantFrom(
    '',
    ' ',
    'get',
    'foo',
    'verbosity',
    'verbosity 0',
    'version',
    'version x',
    'slabs automove 1',
    'set a',
    'quit x',
  ),
)
const commands = fc.array(
  fc.oneof(
    storage,
    others.map(line => `${line}\r\n`),
  ),
  {minLength: 1, maxLength: 60},
)

describe.skipIf(!process.env.REPCACHED_BIN)('beside the real repcached', () => {
  let theirs: Address
  let stop: () => Promise<void>

  beforeAll(async () => {
    ;({address: theirs, stop} = await startRepcached())
  })

  afterAll(() => stop())

  it('gives the same bytes for the same commands, and keeps the same statistics', async () => {
    const {address} = await startEmbedded()
    await fc.assert(
      fc.asyncProperty(commands, async lines => {
        const input = Buffer.from(`flush_all\r\n${lines.join('')}`, 'latin1')
        const [own, other] = await Promise.all([converse(address, input), converse(theirs, input)])
        expect(own).toBe(other)
      }),
      {numRuns: 1000},
    )
    // How many dead items are left depends on the second.
    const figures = async (node: Address) =>
      (await converse(node, 'stats slabs\r\n')).split('\r\n').filter(line => !/used|free|mem_requested/.test(line))
    expect(await figures(address)).toEqual(await figures(theirs))
  })
})
