import {describe, expect, it} from 'vitest'
import {binaryStatus, statusTexts} from '../../../../src/protocol/binary/binary-frame.js'
import {type Answer, counterExtras, extras32, type Frame, readAnswers, request} from '../../../helpers/binary.js'
import {converse} from '../../../helpers/converse.js'
import {logFromClient, startEmbedded} from '../../../helpers/embedded.js'

const NEVER_CREATE = 0xffff_ffff
const set = (key: string, value: string | Buffer, more: Partial<Frame> = {}): Frame => ({
  opcode: 0x01,
  key,
  value,
  extras: extras32(0, 0),
  ...more,
})
const get = (key: string, opcode = 0x00): Frame => ({opcode, key})
const noop: Frame = {opcode: 0x0a}
const count = (opcode: number, key: string, delta: bigint, initial: bigint, exptime = 0): Frame => ({
  opcode,
  key,
  extras: counterExtras(delta, initial, exptime),
})

type Expected = Partial<Answer>
const done = (opcode: number, cas = 0n): Expected => ({opcode, status: 0, value: '', cas})
const hit = (opcode: number, value: string, cas: bigint, {key = '', flags = 0} = {}): Expected => ({
  opcode,
  status: 0,
  extras: flags.toString(16).padStart(8, '0'),
  key,
  value,
  cas,
})
const counted = (opcode: number, value: bigint, cas: bigint): Expected => ({
  opcode,
  status: 0,
  value: Buffer.from(value.toString(16).padStart(16, '0'), 'hex').toString('latin1'),
  cas,
})
const refused = (opcode: number, status: keyof typeof statusTexts): Expected => ({
  opcode,
  status: binaryStatus[status],
  extras: '',
  key: '',
  value: statusTexts[status],
  cas: 0n,
})

const long = 'k'.repeat(250)

/** requests → answers of memcached 1.4.13, as the C program gave them; the cas unique counts from 1 in each. */
const exchanges: readonly (readonly [what: string, requests: readonly Frame[], answers: readonly Expected[]])[] = [
  [
    'set and the four gets',
    [set('a', 'hello', {extras: extras32(5, 0)}), get('a'), get('a', 0x0c), get('a', 0x09), get('a', 0x0d)],
    [
      done(0x01, 1n),
      hit(0x00, 'hello', 1n, {flags: 5}),
      hit(0x0c, 'hello', 1n, {flags: 5, key: 'a'}),
      hit(0x09, 'hello', 1n, {flags: 5}),
      hit(0x0d, 'hello', 1n, {flags: 5, key: 'a'}),
    ],
  ],
  [
    'misses, of which the quiet ones are silent',
    [get('x'), get('x', 0x0c), get('x', 0x09), get('x', 0x0d), noop],
    [refused(0x00, 'notFound'), {opcode: 0x0c, status: 1, key: 'x', value: ''}, done(0x0a)],
  ],
  [
    'values of no byte and of any byte',
    [set('e', ''), get('e'), set('b', Buffer.from([0, 10, 13, 128, 255])), get('b')],
    [done(0x01, 1n), hit(0x00, '', 1n), done(0x01, 2n), hit(0x00, '\0\n\r\x80\xff', 2n)],
  ],
  [
    'the largest flags and a key of 250 bytes',
    [set(long, 'v', {extras: extras32(0xffff_ffff, 0)}), get(long, 0x0c)],
    [done(0x01, 1n), hit(0x0c, 'v', 1n, {flags: 0xffff_ffff, key: long})],
  ],
  [
    'keys of any bytes',
    [set('a b\n\0c', 'v'), get('a b\n\0c', 0x0c)],
    [done(0x01, 1n), hit(0x0c, 'v', 1n, {key: 'a b\n\0c'})],
  ],
  [
    'add and replace',
    [
      {...set('a', '1'), opcode: 0x02},
      {...set('a', '2'), opcode: 0x02},
      {...set('b', '3'), opcode: 0x03},
      {...set('a', '4'), opcode: 0x03},
      get('a'),
    ],
    [done(0x02, 1n), refused(0x02, 'exists'), refused(0x03, 'notFound'), done(0x03, 2n), hit(0x00, '4', 2n)],
  ],
  [
    'a store only for a cas unique',
    [
      set('a', '1'),
      set('a', '2', {cas: 1n}),
      set('a', '3', {cas: 1n}),
      set('b', '4', {cas: 1n}),
      {...set('a', '5', {cas: 2n}), opcode: 0x03},
      {...set('a', '6', {cas: 3n}), opcode: 0x02},
      get('a'),
    ],
    [
      done(0x01, 1n),
      done(0x01, 2n),
      refused(0x01, 'exists'),
      refused(0x01, 'notFound'),
      done(0x03, 3n),
      done(0x02, 4n),
      hit(0x00, '6', 4n),
    ],
  ],
  [
    'append and prepend',
    [
      {opcode: 0x0e, key: 'a', value: 'x'},
      set('a', 'b', {extras: extras32(7, 0)}),
      {opcode: 0x0e, key: 'a', value: 'c'},
      {opcode: 0x0f, key: 'a', value: 'a'},
      {opcode: 0x0e, key: 'a', value: 'x', cas: 1n},
      {opcode: 0x0e, key: 'a', value: 'd', cas: 3n},
      get('a'),
    ],
    [
      refused(0x0e, 'notStored'),
      done(0x01, 1n),
      done(0x0e, 2n),
      done(0x0f, 3n),
      refused(0x0e, 'exists'),
      done(0x0e, 4n),
      hit(0x00, 'abcd', 4n, {flags: 7}),
    ],
  ],
  [
    'delete',
    [set('a', '1'), {opcode: 0x04, key: 'a', cas: 9n}, {opcode: 0x04, key: 'a', cas: 1n}, {opcode: 0x04, key: 'a'}],
    [done(0x01, 1n), refused(0x04, 'exists'), done(0x04), refused(0x04, 'notFound')],
  ],
  [
    'counters that begin, go on, wrap and stop at 0',
    [
      count(0x05, 'n', 1n, 5n),
      count(0x05, 'n', 3n, 5n),
      count(0x06, 'n', 100n, 5n),
      count(0x06, 'm', 1n, (1n << 64n) - 1n),
      count(0x05, 'm', 2n, 0n),
      get('m'),
    ],
    [
      counted(0x05, 5n, 1n),
      counted(0x05, 8n, 2n),
      counted(0x06, 0n, 3n),
      counted(0x06, (1n << 64n) - 1n, 4n),
      counted(0x05, 1n, 5n),
      hit(0x00, '1', 5n),
    ],
  ],
  [
    'counters that are not to begin, are none, or have another cas unique',
    [
      count(0x05, 'n', 1n, 5n, NEVER_CREATE),
      set('t', 'abc'),
      count(0x05, 't', 1n, 5n),
      count(0x05, 'n', 1n, 5n),
      {...count(0x05, 'n', 1n, 5n), cas: 1n},
      {...count(0x05, 'n', 1n, 5n), cas: 2n},
    ],
    [
      refused(0x05, 'notFound'),
      done(0x01, 1n),
      refused(0x05, 'notNumeric'),
      counted(0x05, 5n, 2n),
      refused(0x05, 'exists'),
      counted(0x05, 6n, 3n),
    ],
  ],
  [
    'numbers as strtoull reads them',
    [' 1', '1 x', '+1', '-0', '0'.repeat(30), '1\0', '\t7\r\n', '-1', '0x1', ' ', '18446744073709551616'].flatMap(
      text => [set('n', text), count(0x15, 'n', 1n, 0n), get('n')],
    ),
    ['2', '2', '2', '1', '1', '2', '8']
      .flatMap((text, index) => [done(0x01, BigInt(2 * index + 1)), hit(0x00, text, BigInt(2 * index + 2))])
      .concat(
        ['-1', '0x1', ' ', '18446744073709551616'].flatMap((text, index) => [
          done(0x01, BigInt(15 + index)),
          refused(0x15, 'notNumeric'),
          hit(0x00, text, BigInt(15 + index)),
        ]),
      ),
  ],
  [
    'touch and the gats',
    [
      {opcode: 0x1c, key: 'a', extras: extras32(0)},
      set('a', '1', {extras: extras32(9, 0)}),
      {opcode: 0x1c, key: 'a', extras: extras32(100)},
      {opcode: 0x1d, key: 'a', extras: extras32(100)},
      {opcode: 0x1e, key: 'a', extras: extras32(100)},
      {opcode: 0x1e, key: 'q', extras: extras32(100)},
      {opcode: 0x23, key: 'a', extras: extras32(100)},
      {opcode: 0x23, key: 'q', extras: extras32(100)},
      {opcode: 0x24, key: 'a', extras: extras32(1_000_000_000)},
      {opcode: 0x1d, key: 'a', extras: extras32(0)},
    ],
    [
      refused(0x1c, 'notFound'),
      done(0x01, 1n),
      hit(0x1c, '', 1n, {flags: 9}),
      hit(0x1d, '1', 1n, {flags: 9}),
      hit(0x1e, '1', 1n, {flags: 9}),
      hit(0x23, '1', 1n, {flags: 9, key: 'a'}),
      {opcode: 0x23, status: 1, key: 'q', value: ''},
      hit(0x24, '1', 1n, {flags: 9, key: 'a'}),
      refused(0x1d, 'notFound'),
    ],
  ],
  [
    'exptimes in the past and far off',
    [
      set('a', '1', {extras: extras32(0, 1_000_000_000)}),
      get('a'),
      set('a', '1', {extras: extras32(0, 0xffff_ffff)}),
      get('a'),
    ],
    [done(0x01, 1n), refused(0x00, 'notFound'), done(0x01, 2n), hit(0x00, '1', 2n)],
  ],
  [
    'flush, at once and later',
    [
      set('a', '1'),
      {opcode: 0x08, extras: extras32(1000)},
      get('a'),
      {opcode: 0x08},
      get('a'),
      set('a', '2'),
      {opcode: 0x18, extras: extras32(0)},
      get('a'),
    ],
    [
      done(0x01, 1n),
      done(0x08),
      hit(0x00, '1', 1n),
      done(0x08),
      refused(0x00, 'notFound'),
      done(0x01, 2n),
      refused(0x00, 'notFound'),
    ],
  ],
  [
    'quiet commands only when they fail',
    [
      {...set('a', '1'), opcode: 0x11},
      {...set('a', '2'), opcode: 0x12},
      {...set('b', '2'), opcode: 0x13},
      {opcode: 0x19, key: 'a', value: '0'},
      {opcode: 0x1a, key: 'b', value: '0'},
      count(0x15, 'a', 1n, 0n),
      count(0x16, 'b', 1n, 0n, NEVER_CREATE),
      get('a'),
      {opcode: 0x14, key: 'a'},
      {opcode: 0x14, key: 'a'},
    ],
    [
      refused(0x12, 'exists'),
      refused(0x13, 'notFound'),
      refused(0x1a, 'notStored'),
      refused(0x16, 'notFound'),
      hit(0x00, '11', 3n),
      refused(0x14, 'notFound'),
    ],
  ],
  ['version and noop', [{opcode: 0x0b}, noop], [{opcode: 0x0b, status: 0, value: '1.4.13'}, done(0x0a)]],
  [
    'what it does not know, SASL included, skipping its body',
    [
      {opcode: 0x1b, extras: extras32(1)},
      {opcode: 0x20},
      {opcode: 0x21, key: 'PLAIN', value: '\0a\0b'},
      {opcode: 0x77, key: 'key', extras: extras32(1), value: request(noop)},
      noop,
    ],
    [...[0x1b, 0x20, 0x21, 0x77].map(opcode => refused(opcode, 'unknownCommand')), done(0x0a)],
  ],
  ['quit', [noop, {opcode: 0x07}, noop], [done(0x0a), done(0x07)]],
  ['a quiet quit', [noop, {opcode: 0x17}, noop], [done(0x0a)]],
]

describe('binary protocol', () => {
  it.each(exchanges)('answers %s', async (_, requests, answers) => {
    const {address} = await startEmbedded()
    const output = await converse(address, ...requests.map(request))
    expect(readAnswers(output)).toMatchObject(answers)
    expect(readAnswers(output).length).toBe(answers.length)
  })

  it('gives each request’s opaque back', async () => {
    const {address} = await startEmbedded()
    const requests = [set('a', '1'), get('a'), get('x', 0x0c), get('x'), count(0x05, 'n', 1n, 1n), noop, {opcode: 0x0b}]
    const sent = requests.map((frame, index) => request({...frame, opaque: 0xffff_fff0 + index}))
    const answers = readAnswers(await converse(address, ...sent))
    expect(answers.map(({opaque}) => opaque)).toEqual(requests.map((_, index) => 0xffff_fff0 + index))
  })

  const wrong: readonly (readonly [what: string, frame: Frame])[] = [
    ['a get without a key', {opcode: 0x00}],
    ['a get with extras', {opcode: 0x00, key: 'a', extras: extras32(1)}],
    ['a get with a value', {opcode: 0x00, key: 'a', value: 'v'}],
    ['a key of 251 bytes', get(`${long}k`)],
    ['a quiet get of such a key', get(`${long}k`, 0x09)],
    ['a set with half its extras', {opcode: 0x01, key: 'a', extras: extras32(0), value: 'v'}],
    ['a set without a key', {opcode: 0x01, extras: extras32(0, 0), value: 'v'}],
    ['a set whose key is longer than its body', {...set('abcdefgh', ''), bodyBytes: 10}],
    ['an append whose key is longer than its body', {opcode: 0x0e, key: 'abc', bodyBytes: 1}],
    ['an append with extras', {opcode: 0x0e, key: 'a', extras: extras32(0), value: 'v'}],
    ['a counter with a value', {...count(0x05, 'n', 1n, 1n), value: 'v'}],
    ['a noop with a body', {opcode: 0x0a, key: 'a'}],
    ['a flush with a key', {opcode: 0x08, key: 'a'}],
    ['a touch without its exptime', {opcode: 0x1c, key: 'a'}],
    ['a stat with extras', {opcode: 0x10, extras: extras32(0)}],
    ['a set of 4 GB', {...set('a', ''), bodyBytes: 0xffff_ffff}],
    ['an unknown command of 4 GB', {opcode: 0x77, bodyBytes: 0xffff_ffff}],
  ]

  it.each(wrong)('says what it refuses and closes: %s', async (_, frame) => {
    const {address} = await startEmbedded()
    const output = await converse(address, request(noop), request(frame), request(noop))
    expect(readAnswers(output)).toMatchObject([done(0x0a), refused(frame.opcode, 'invalidArguments')])
  })

  it('closes when a frame does not begin with its magic byte', async () => {
    const {address, log} = await startEmbedded()
    const output = await converse(address, request(noop), 'version\r\n', request(noop))
    expect(readAnswers(output)).toMatchObject([done(0x0a)])
    expect(log).toContain('Invalid magic:  76')
  })

  it('refuses and skips a value that is too large, and removes the old item for set only', async () => {
    const {address} = await startEmbedded()
    const tooLarge = 'x'.repeat(1024 * 1024)
    const fits = 'x'.repeat(1024 * 1024 - 100)
    const output = await converse(
      address,
      ...[set('a', fits), set('b', '1')].map(request),
      ...[set('a', tooLarge), {...set('b', tooLarge), opcode: 0x13}].map(request),
      ...[{opcode: 0x0e, key: 'b', value: tooLarge}, get('a'), get('b')].map(request),
    )
    expect(readAnswers(output)).toMatchObject([
      done(0x01, 1n),
      done(0x01, 2n),
      refused(0x01, 'tooLarge'),
      refused(0x13, 'tooLarge'),
      refused(0x0e, 'tooLarge'),
      refused(0x00, 'notFound'),
      hit(0x00, '1', 2n),
    ])
  })

  it('reports out of memory, and goes on', async () => {
    const {address} = await startEmbedded({evictions: false, memoryLimitBytes: 1024 * 1024})
    const value = 'x'.repeat(300_000)
    const requests = Array.from({length: 8}, (_, index) => set(`k${index}`, value))
    const answers = readAnswers(await converse(address, ...requests.map(request), request(noop)))
    expect(answers.at(-2)).toMatchObject(refused(0x01, 'outOfMemory'))
    expect(answers.at(-1)).toMatchObject(done(0x0a))
  })

  it('answers all of a deep pipeline of large values to a client that reads slowly', async () => {
    const {address} = await startEmbedded()
    const value = 'v'.repeat(500_000)
    const gets = Buffer.concat(Array.from({length: 100}, () => request(get('a'))))
    const answers = readAnswers(await converse(address, request(set('a', value)), gets, request(noop)))
    expect(answers.length).toBe(102)
    expect(answers.slice(1, -1).every(answer => answer.value === value)).toBe(true)
  })

  it('shows its figures', async () => {
    const {address} = await startEmbedded()
    const requests = [set('a', '1'), get('a'), get('b'), {opcode: 0x10}, {opcode: 0x10, key: 'nonsense'}]
    const answers = readAnswers(await converse(address, ...requests.map(request))).slice(3)
    expect(answers.at(-1)).toMatchObject(refused(0x10, 'notFound'))
    expect(answers.at(-2)).toMatchObject({opcode: 0x10, status: 0, key: '', value: ''})
    const stats = new Map(answers.slice(0, -2).map(({key, value}) => [key, value]))
    expect(stats.size).toBe(48)
    expect(Object.fromEntries(stats)).toMatchObject({version: '1.4.13', cmd_get: '2', get_hits: '1', curr_items: '1'})
  })

  it('reports all figures of the text protocol, and takes reset and detail', async () => {
    const {address} = await startEmbedded()
    await converse(address, 'set user:1 0 0 1\r\n1\r\n')
    const ask = async (name: string) => readAnswers(await converse(address, request({opcode: 0x10, key: name})))
    for (const name of ['settings', 'items', 'slabs', 'sizes', 'repbench']) {
      const answers = await ask(name)
      const lines = answers.slice(0, -1).map(({key, value}) => `STAT ${key} ${value}\r\n`)
      expect(`${lines.join('')}END\r\n`).toBe(await converse(address, `stats ${name}\r\n`))
      expect(answers.at(-1)).toMatchObject({key: '', value: ''})
    }
    expect(await ask('detail on')).toMatchObject([{status: 0, key: ''}])
    await converse(address, request(get('user:1')), request(get('user:2')), request(set('user:1', '2')))
    expect(await ask('detail dump')).toMatchObject([
      {key: 'detailed', value: 'PREFIX user get 2 hit 1 set 1 del 0\r\nEND\r\n'},
      {key: '', value: ''},
    ])
    expect(await ask('detail')).toMatchObject([refused(0x10, 'notFound')])
    expect(await ask('reset')).toMatchObject([{status: 0, key: ''}])
    expect(await converse(address, 'stats\r\n')).toContain('STAT get_hits 0\r\n')
  })

  it('shares its items with the text protocol', async () => {
    const {address} = await startEmbedded()
    await converse(address, request(set('a', 'one', {extras: extras32(3, 0)})), request(count(0x05, 'n', 1n, 41n)))
    expect(await converse(address, 'gets a\r\nincr n 1\r\nset b 4 0 3\r\ntwo\r\n')).toBe(
      'VALUE a 3 3 1\r\none\r\nEND\r\n42\r\nSTORED\r\n',
    )
    expect(readAnswers(await converse(address, request(get('b'))))).toMatchObject([hit(0x00, 'two', 4n, {flags: 4})])
  })
})

describe('-B', () => {
  it('binary: takes text for an invalid frame and closes', async () => {
    const {address, log} = await startEmbedded({bindingProtocol: 'binary'})
    expect(await converse(address, 'version\r\n')).toBe('')
    expect(log).toContain('Invalid magic:  76')
    expect(readAnswers(await converse(address, request(noop)))).toMatchObject([done(0x0a)])
  })

  it('ascii: takes frames for lines', async () => {
    const {address} = await startEmbedded({bindingProtocol: 'ascii'})
    // The noop's opcode is a line feed.
    expect(await converse(address, request(noop))).toBe('ERROR\r\n')
    expect(await converse(address, 'version\r\n')).toBe('VERSION 1.4.13\r\n')
  })
})

describe('the log with -vv', () => {
  it('shows binary frames as memcached does', async () => {
    const {address, log} = await startEmbedded({verbosity: 2})
    await converse(address, request({...set('a', '1'), opaque: 0xdead_beef}), request({opcode: 0x00}))
    expect(logFromClient(log)).toEqual([
      '<1 new auto-negotiating client connection',
      '1: Client using the binary protocol',
      '<1 Read binary protocol data:',
      '<1    0x80 0x01 0x00 0x01',
      '<1    0x08 0x00 0x00 0x00',
      '<1    0x00 0x00 0x00 0x0a',
      '<1    0xde 0xad 0xbe 0xef',
      '<1    0x00 0x00 0x00 0x00',
      '<1    0x00 0x00 0x00 0x00',
      '<1 SET a Value len is 1',
      '>1 Writing bin response:',
      '>1   0x81 0x01 0x00 0x00',
      '>1   0x00 0x00 0x00 0x00',
      '>1   0x00 0x00 0x00 0x00',
      '>1   0xde 0xad 0xbe 0xef',
      '>1   0x00 0x00 0x00 0x00',
      '>1   0x00 0x00 0x00 0x01',
      '<1 Read binary protocol data:',
      '<1    0x80 0x00 0x00 0x00',
      ...Array(5).fill('<1    0x00 0x00 0x00 0x00'),
      '>1 Writing an error: Invalid arguments',
      '>1 Writing bin response:',
      '>1   0x81 0x00 0x00 0x00',
      '>1   0x00 0x00 0x00 0x04',
      '>1   0x00 0x00 0x00 0x11',
      ...Array(3).fill('>1   0x00 0x00 0x00 0x00'),
      'Protocol error (opcode 00), close connection 1',
    ])
  })
})
