import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import fc from 'fast-check'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import type {Address} from '../../../../src/protocol/address.js'
import {converse} from '../../../helpers/converse.js'
import {startEmbedded} from '../../../helpers/embedded.js'
import {answersTo} from '../../../helpers/offline.js'
import {freePort} from '../../../helpers/ports.js'
import {waitFor} from '../../../helpers/wait-for.js'

const key = fc.integer({min: 0, max: 5}).map(number => `key${number}`)
const noreply = fc.constantFrom('', '', '', ' noreply')
const data = fc.oneof(
  fc.string({maxLength: 60}),
  fc.nat(1000).map(String),
  fc.integer({min: 100, max: 3000}).map(length => 'x'.repeat(length)),
)
const flags = fc.oneof(fc.nat(9), fc.constant(0xffff_ffff))
const exptime = fc.constantFrom(0, 0, 0, 1000, -1)

/** Command streams, right and wrong, whose answers do not depend on memcached's version. */
const command = fc.oneof(
  fc
    .record({
      verb: fc.constantFrom('set', 'set', 'add', 'replace', 'append', 'prepend'),
      key,
      flags,
      exptime,
      data,
      noreply,
    })
    .map(({verb, key, flags, exptime, data, noreply}) => {
      const length = Buffer.byteLength(data, 'latin1')
      return `${verb} ${key} ${flags} ${exptime} ${length}${noreply}\r\n${data}\r\n`
    }),
  fc.array(key, {minLength: 1, maxLength: 8}).map(keys => `get ${keys.join(' ')}\r\n`),
  fc.record({key, delta: fc.nat(100), noreply}).map(({key, delta, noreply}) => `incr ${key} ${delta}${noreply}\r\n`),
  fc.record({key, noreply}).map(({key, noreply}) => `delete ${key}${noreply}\r\n`),
  fc.record({key, exptime}).map(({key, exptime}) => `touch ${key} ${exptime}\r\n`),
  fc.constantFrom('flush_all\r\n', 'get\r\n', 'foo bar\r\n', 'set a\r\n', 'set a b c d\r\n'),
)
const stream = fc
  .array(command, {minLength: 1, maxLength: 60})
  .map(commands => Buffer.from(commands.join(''), 'latin1'))

describe('command streams', () => {
  it('get the same answers wherever they are cut', () => {
    fc.assert(
      fc.property(stream, fc.array(fc.nat(20_000), {maxLength: 40}), (input, cuts) => {
        expect(answersTo(input, cuts)).toBe(answersTo(input))
      }),
      {numRuns: 100},
    )
  })

  it('of any bytes never throw', () => {
    const noise = fc.array(fc.oneof(command, fc.string({unit: 'binary', maxLength: 50})), {maxLength: 30})
    fc.assert(
      fc.property(noise, fc.array(fc.nat(5000), {maxLength: 10}), (parts, cuts) => {
        answersTo(Buffer.from(parts.join('\r\n'), 'latin1'), cuts)
      }),
      {numRuns: 200},
    )
  })
})

describe('beside Debian’s memcached', () => {
  let memcached: ChildProcess
  let theirs: Address

  beforeAll(async () => {
    theirs = {host: '127.0.0.1', port: await freePort()}
    const user = process.getuid?.() === 0 ? ['-u', 'root'] : []
    memcached = spawn('memcached', ['-l', theirs.host, '-p', String(theirs.port), '-U', '0', ...user], {
      stdio: 'ignore',
    })
    await waitFor(async () => expect(await converse(theirs, 'version\r\n')).toContain('VERSION'))
  })

  afterAll(async () => {
    memcached.kill('SIGKILL')
    await once(memcached, 'exit')
  })

  it('gives the same bytes for the same commands', async () => {
    const {address} = await startEmbedded()
    await fc.assert(
      fc.asyncProperty(stream, async input => {
        const start = Buffer.from('flush_all\r\n')
        const [own, other] = await Promise.all([converse(address, start, input), converse(theirs, start, input)])
        expect(own).toBe(other)
      }),
      {numRuns: 200},
    )
  })
})

describe('memccapable', () => {
  it.each([
    ['text', '-a'],
    ['binary', '-b'],
  ])('finds the %s protocol complete', async (_, option) => {
    const {address} = await startEmbedded()
    // The test runs in this process, so the tool must not block it.
    const tool = spawn('memccapable', ['-h', address.host, '-p', String(address.port), option], {stdio: 'pipe'})
    let output = ''
    tool.stdout.on('data', chunk => {
      output += chunk
    })
    tool.stderr.on('data', chunk => {
      output += chunk
    })
    await once(tool, 'close')
    expect(output).toContain('All tests passed')
    expect(output).not.toContain('FAIL')
  })
})
