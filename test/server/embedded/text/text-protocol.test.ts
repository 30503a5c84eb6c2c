import {describe, expect, it, onTestFinished} from 'vitest'
import {converse, Line} from '../../../helpers/converse.js'
import {logFromClient, startEmbedded} from '../../../helpers/embedded.js'
import {answersTo} from '../../../helpers/offline.js'

const long = 'k'.repeat(250)

/** input → answers of memcached 1.4.13, as the C program gave them. */
const exchanges: readonly (readonly [what: string, input: string, output: string])[] = [
  ['set and get', 'set a 7 0 3\r\nabc\r\nget a\r\n', 'STORED\r\nVALUE a 7 3\r\nabc\r\nEND\r\n'],
  ['an empty value', 'set e 0 0 0\r\n\r\nget e\r\n', 'STORED\r\nVALUE e 0 0\r\n\r\nEND\r\n'],
  ['a value of line ends', 'set a 0 0 4\r\n\r\n\r\n\r\nget a\r\n', 'STORED\r\nVALUE a 0 4\r\n\r\n\r\n\r\nEND\r\n'],
  [
    'several keys',
    'set a 0 0 1\r\n1\r\nset b 0 0 1\r\n2\r\nget a x b\r\n',
    'STORED\r\nSTORED\r\nVALUE a 0 1\r\n1\r\nVALUE b 0 1\r\n2\r\nEND\r\n',
  ],
  ['gets', 'set a 0 0 1\r\n1\r\nset a 0 0 1\r\n2\r\ngets a\r\n', 'STORED\r\nSTORED\r\nVALUE a 0 1 2\r\n2\r\nEND\r\n'],
  ['a get without a key', 'get\r\nget \r\ngets\r\n', 'ERROR\r\nERROR\r\nERROR\r\n'],
  ['noreply', 'set a 0 0 1 noreply\r\n1\r\nincr a 1 noreply\r\nget a\r\n', 'VALUE a 0 1\r\n2\r\nEND\r\n'],
  ['add', 'add a 0 0 1\r\n1\r\nadd a 0 0 1\r\n2\r\nget a\r\n', 'STORED\r\nNOT_STORED\r\nVALUE a 0 1\r\n1\r\nEND\r\n'],
  [
    'replace',
    'replace a 0 0 1\r\n1\r\nset a 0 0 1\r\n1\r\nreplace a 5 0 2\r\n22\r\nget a\r\n',
    'NOT_STORED\r\nSTORED\r\nSTORED\r\nVALUE a 5 2\r\n22\r\nEND\r\n',
  ],
  [
    'append and prepend keep the flags',
    'append a 0 0 1\r\nx\r\nset a 9 0 1\r\nb\r\nappend a 1 0 1\r\nc\r\nprepend a 1 0 1\r\na\r\nget a\r\n',
    'NOT_STORED\r\nSTORED\r\nSTORED\r\nSTORED\r\nVALUE a 9 3\r\nabc\r\nEND\r\n',
  ],
  [
    'cas',
    'cas a 0 0 1 1\r\nx\r\nset a 0 0 1\r\n1\r\ncas a 0 0 1 99\r\n2\r\ncas a 0 0 1 1\r\n3\r\nget a\r\n',
    'NOT_FOUND\r\nSTORED\r\nEXISTS\r\nSTORED\r\nVALUE a 0 1\r\n3\r\nEND\r\n',
  ],
  ['cas without its number', 'cas a 0 0 1\r\n', 'ERROR\r\n'],
  ['incr wraps at 64 bits', 'set a 0 0 20\r\n18446744073709551615\r\nincr a 2\r\n', 'STORED\r\n1\r\n'],
  [
    'decr stops at 0',
    'set a 0 0 2\r\n10\r\ndecr a 1\r\ndecr a 99\r\nget a\r\n',
    'STORED\r\n9\r\n0\r\nVALUE a 0 1\r\n0\r\nEND\r\n',
  ],
  [
    'incr of what is no number',
    'set a 0 0 1\r\nx\r\nincr a 1\r\nincr b 1\r\nincr a x\r\nincr a -1\r\n',
    'STORED\r\nCLIENT_ERROR cannot increment or decrement non-numeric value\r\nNOT_FOUND\r\nCLIENT_ERROR invalid numeric delta argument\r\nCLIENT_ERROR invalid numeric delta argument\r\n',
  ],
  [
    'delete',
    'delete a\r\nset a 0 0 1\r\n1\r\ndelete a 1\r\ndelete a 0\r\nget a\r\n',
    'NOT_FOUND\r\nSTORED\r\nCLIENT_ERROR bad command line format.  Usage: delete <key> [noreply]\r\nDELETED\r\nEND\r\n',
  ],
  [
    'touch',
    'touch a 1\r\nset a 0 0 1\r\n1\r\ntouch a 0\r\ntouch a x\r\ntouch a -1\r\nget a\r\n',
    'NOT_FOUND\r\nSTORED\r\nTOUCHED\r\nCLIENT_ERROR invalid exptime argument\r\nTOUCHED\r\nEND\r\n',
  ],
  [
    'an exptime in the past',
    'set a 0 -1 1\r\n1\r\nset b 0 1000000000 1\r\n1\r\nget a b\r\n',
    'STORED\r\nSTORED\r\nEND\r\n',
  ],
  [
    'flush_all',
    'set a 0 0 1\r\n1\r\nflush_all\r\nget a\r\nset a 0 0 1\r\n2\r\nget a\r\n',
    'STORED\r\nOK\r\nEND\r\nSTORED\r\nVALUE a 0 1\r\n2\r\nEND\r\n',
  ],
  ['flush_all forms', 'flush_all noreply\r\nflush_all 0\r\nflush_all x\r\n', 'OK\r\nOK\r\n'],
  ['flush_all later', 'set a 0 0 1\r\n1\r\nflush_all 1000\r\nget a\r\n', 'STORED\r\nOK\r\nVALUE a 0 1\r\n1\r\nEND\r\n'],
  [
    'version, verbosity',
    'version\r\nversion x\r\nverbosity\r\nverbosity 1\r\n',
    'VERSION 1.4.13\r\nERROR\r\nERROR\r\nOK\r\n',
  ],
  ['unknown commands', 'foo\r\n\r\nGET a\r\nstats foo\r\n', 'ERROR\r\nERROR\r\nERROR\r\nERROR\r\n'],
  [
    'numbers that are none',
    'set a x 0 1\r\nset a 0 x 1\r\nset a 0 0 x\r\nset a 0 0 -1\r\n',
    'CLIENT_ERROR bad command line format\r\n'.repeat(4),
  ],
  ['a block that is too long', 'set b 0 0 2\r\nabcd\r\n', 'CLIENT_ERROR bad data chunk\r\nERROR\r\n'],
  ['the largest flags', 'set a 4294967295 0 1\r\n1\r\nget a\r\n', 'STORED\r\nVALUE a 4294967295 1\r\n1\r\nEND\r\n'],
  ['a key of 250 bytes', `set ${long} 0 0 1\r\n1\r\nget ${long}\r\n`, `STORED\r\nVALUE ${long} 0 1\r\n1\r\nEND\r\n`],
  [
    'a key of 251 bytes',
    `get ${long}k\r\ndelete ${long}k\r\nincr ${long}k 1\r\ntouch ${long}k 1\r\n`,
    'CLIENT_ERROR bad command line format\r\n'.repeat(4),
  ],
  ['a space before CRLF', 'set a 0 0 1 \r\n1\r\nget a \r\n', 'STORED\r\nVALUE a 0 1\r\n1\r\nEND\r\n'],
  ['quit', 'set a 0 0 1\r\n1\r\nquit\r\nget a\r\n', 'STORED\r\n'],
]

describe('text protocol', () => {
  it.each(exchanges)('answers %s', async (_, input, output) => {
    const {address} = await startEmbedded()
    expect(await converse(address, input)).toBe(output)
  })

  it.each(exchanges)('answers %s, byte by byte', async (_, input, output) => {
    const {address} = await startEmbedded()
    const bytes = Buffer.from(input, 'latin1')
    expect(await converse(address, ...Array.from(bytes, byte => Buffer.from([byte])))).toBe(output)
  })

  it('takes a value of 1 MB less its overhead, refuses and skips a larger one, and removes the old item', async () => {
    const {address} = await startEmbedded()
    const fits = 'x'.repeat(1024 * 1024 - 100)
    const tooLarge = 'x'.repeat(1024 * 1024)
    const output = await converse(
      address,
      `set a 0 0 ${fits.length}\r\n${fits}\r\nget a\r\nset a 0 0 ${tooLarge.length}\r\n${tooLarge}\r\nget a\r\nversion\r\n`,
    )
    expect(output).toBe(
      `STORED\r\nVALUE a 0 ${fits.length}\r\n${fits}\r\nEND\r\nSERVER_ERROR object too large for cache\r\nEND\r\nVERSION 1.4.13\r\n`,
    )
  })

  it('holds values of any bytes', async () => {
    const {address} = await startEmbedded()
    const value = Buffer.from(Array.from({length: 1024}, (_, index) => index % 256))
    const output = await converse(address, 'set a 0 0 1024\r\n', value, '\r\nget a\r\n')
    expect(Buffer.from(output, 'latin1').subarray(8)).toEqual(
      Buffer.concat([Buffer.from('VALUE a 0 1024\r\n'), value, Buffer.from('\r\nEND\r\n')]),
    )
  })

  it('answers a get of hundreds of keys', async () => {
    const {address} = await startEmbedded()
    const keys = Array.from({length: 700}, (_, index) => `a-rather-long-key-number-${index}`)
    const sets = keys.map(key => `set ${key} 0 0 1 noreply\r\n1\r\n`).join('')
    const expected = `${keys.map(key => `VALUE ${key} 0 1\r\n1\r\n`).join('')}END\r\n`
    expect(await converse(address, sets, `get ${keys.join(' ')}\r\n`)).toBe(expected)
  })

  it.each([
    ['above 1,024 bytes', 'x'.repeat(1024), 'x'],
    ['of blanks', ' '.repeat(4095), ''],
    ['that is a gat', `gat 0 ${'a '.repeat(1000)}`, ''],
    ['that begins with more than 100 blanks, gets or not', `${' '.repeat(101)}gets foo`, ' '.repeat(1000)],
  ])('closes the connection for a line without an end %s, and says nothing', async (_, first, rest) => {
    const {address} = await startEmbedded()
    const line = await Line.dial(address)
    onTestFinished(() => line.close())
    line.send(`version\r\n${first}`)
    expect(await line.until('\r\n')).toBe('VERSION 1.4.13\r\n')
    if (rest !== '') line.send(rest)
    expect(await line.untilClosed()).toBe('')
  })

  it.each([
    ['up to that length', 'x'.repeat(1023), 'ERROR\r\n'],
    ['that is a get', `get ${'a '.repeat(100_000)}`, 'END\r\n'],
    ['that is a get behind up to 100 blanks', `${' '.repeat(100)}gets ${'a '.repeat(1000)}`, 'END\r\n'],
  ])('waits for the end of a line %s', (_, begin, answer) => {
    const input = Buffer.from(`${begin}\r\n`, 'latin1')
    expect(answersTo(input, [begin.length - 1, begin.length, begin.length + 1])).toBe(answer)
  })

  it('answers a long complete line, also behind other commands in the same chunk', async () => {
    const {address} = await startEmbedded()
    const line = await Line.dial(address)
    onTestFinished(() => line.close())
    // Some of them lie across the places at which what has come is cut into slices.
    const lines = Array.from({length: 12}, () => `${'x'.repeat(4000)}\r\n`)
    line.send(`${lines.join('')}version\r\n`)
    expect(await line.until('VERSION 1.4.13\r\n')).toBe(`${'ERROR\r\n'.repeat(12)}VERSION 1.4.13\r\n`)
  })

  it('waits for it up to 2,048 bytes as a 1.6', () => {
    const like = {like: '1.6'} as const
    expect(answersTo(Buffer.from(`${'x'.repeat(2048)}\nversion\r\n`), [2048], like)).toMatch(/^ERROR\r\nVERSION 1\.6/)
    expect(answersTo(Buffer.from(`${'x'.repeat(2049)}\nversion\r\n`), [2049], like)).toBe('')
  })

  it('does not wait for a long line of a client that is not authenticated', () => {
    const auth = {file: 'users', credentials: [{user: 'u', password: 'p'}]}
    expect(answersTo(Buffer.from(`get ${'a '.repeat(1000)}\r\n`), [2000], {like: '1.6', auth})).toBe(
      'CLIENT_ERROR unauthenticated\r\n',
    )
    expect(answersTo(Buffer.from(`get ${'a '.repeat(1100)}\r\n`), [2100], {like: '1.6', auth})).toBe('')
  })

  it('takes a longer line that came with its end', () => {
    const input = Buffer.from(`delete ${'k'.repeat(2000)}\r\nversion\r\n`, 'latin1')
    expect(answersTo(input)).toBe('CLIENT_ERROR bad command line format\r\nVERSION 1.4.13\r\n')
  })

  it('ends the connection for a get of more than 1 MB', async () => {
    const {address} = await startEmbedded()
    expect(await converse(address, `get ${'a '.repeat(600_000)}`)).toBe('CLIENT_ERROR line too long\r\n')
  })

  it('answers all of a deep pipeline of large values to a client that reads slowly', async () => {
    const {address} = await startEmbedded()
    const value = 'v'.repeat(500_000)
    const output = await converse(address, `set a 0 0 ${value.length}\r\n${value}\r\n`, 'get a\r\n'.repeat(100))
    expect(output.length).toBe(8 + 100 * (`VALUE a 0 ${value.length}\r\n\r\nEND\r\n`.length + value.length))
  })

  it('shows its figures with the names of memcached 1.4.13', async () => {
    const {address} = await startEmbedded()
    const output = await converse(address, 'set a 0 0 1\r\n1\r\nget a\r\nget b\r\nincr x 1\r\nstats\r\n')
    const stats = new Map([...output.matchAll(/^STAT (\S+) (.*)\r$/gm)].map(([, name, value]) => [name!, value!]))
    expect(stats.size).toBe(48)
    expect(Object.fromEntries(stats)).toMatchObject({
      version: '1.4.13',
      curr_items: '1',
      total_items: '1',
      cmd_get: '2',
      get_hits: '1',
      get_misses: '1',
      cmd_set: '1',
      incr_misses: '1',
      curr_connections: '1',
      bytes: '67',
    })
  })
})

describe('the log with -vv', () => {
  it('has memcached’s lines', async () => {
    const {address, log} = await startEmbedded({verbosity: 2})
    await converse(
      address,
      'set a 0 0 1\r\n1\r\nget a b\r\ngets a\r\nincr a 1 noreply\r\ncas a 0 0 1 99\r\n1\r\nstats\r\nverbosity 3\r\n\r\nset b 0 0 1 noreply\r\n1\r\nquit\r\n',
    )
    expect(log.slice(0, 2)).toEqual([
      'slab class   1: chunk size        96 perslab   10922',
      'slab class   2: chunk size       120 perslab    8738',
    ])
    expect(log[42]).toMatch(/^<\d+ server listening \(auto-negotiate\)$/)
    expect(logFromClient(log)).toEqual([
      '<1 new auto-negotiating client connection',
      '1: Client using the ascii protocol',
      '<1 set a 0 0 1',
      '>1 STORED',
      '<1 get a b',
      '>1 sending key a',
      '>1 END',
      '<1 gets a',
      '>1 sending key a',
      '>1 END',
      '<1 incr a 1 noreply',
      '>1 NOREPLY 2',
      '<1 cas a 0 0 1 99',
      'CAS:  failure: expected 2, got 99',
      '>1 EXISTS',
      '<1 stats',
      '<1 verbosity 3',
      '>1 OK',
      '<1',
      '>1 ERROR',
      '<1 set b 0 0 1 noreply',
      '>1 NOREPLY STORED',
      '<1 quit',
    ])
  })
})
