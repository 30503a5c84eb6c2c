import fc from 'fast-check'
import {describe, expect, onTestFinished, test} from 'vitest'
import {readDump, SlabDump} from '../../../../src/engine/check/items/slab-dump.js'
import {ScriptedClock, turns} from '../../../helpers/scripted-clock.js'
import {ScriptedServer} from '../../../helpers/scripted-server.js'

const entry = (key: string, seconds = 7): string => `ITEM ${key} [3 b; ${seconds} s]\r\n`

test.each([
  ['nothing', 'END\r\n', []],
  ['plain keys', `${entry('a')}${entry('b', 9)}END\r\n`, ['a', 'b']],
  ['a line end', `${entry('a\r\nb')}${entry('c')}END\r\n`, ['a\r\nb', 'c']],
  ['blanks and brackets', `${entry(' a [1 b; x')}END\r\n`, [' a [1 b; x']],
  ['an end that is none', `${entry('END\r\n')}END\r\n`, ['END\r\n']],
  ['the longest key', `${entry('k'.repeat(250))}END\r\n`, ['k'.repeat(250)]],
  ['something behind its entries', `${entry('a')}${entry('b')}more\r\nEND\r\n`, ['a']],
])('a dump with %s', (_, text, keys) => {
  expect(readDump(text)?.map(({key}) => key)).toEqual(keys)
})

test('a dump tells when each key expires, and how large its item is', () => {
  const text = 'ITEM a [0 b; 0 s]\r\nITEM b [1048576 b; 1234567890 s]\r\nEND\r\n'
  expect(readDump(text)).toEqual([
    {key: 'a', bytes: 0, shownSeconds: 0},
    {key: 'b', bytes: 1_048_576, shownSeconds: 1_234_567_890},
  ])
})

test('what is no dump is none', () => {
  const noEntries = ['other\r\nEND\r\n', `x${entry('a')}END\r\n`, 'ITEM a [x b; 7 s]\r\nEND\r\n']
  const tooLong = `${entry('k'.repeat(251))}END\r\n`
  for (const text of ['ERROR\r\n', 'CLIENT_ERROR bad\r\n', '', entry('a'), ...noEntries, tooLong]) {
    expect(readDump(text)).toBeNull()
  }
})

test('whatever bytes are in the keys, all of them are read', () => {
  const keys = fc.array(
    fc.string({unit: 'binary-ascii', minLength: 1, maxLength: 20}).filter(key => !/ s\]\r\n|^ITEM /.test(key)),
  )
  fc.assert(
    fc.property(keys, all => {
      expect(readDump(`${all.map(key => entry(key)).join('')}END\r\n`)?.map(({key}) => key)).toEqual(all)
    }),
  )
})

describe('a slab class', () => {
  const MARK = 'VERSION 1.4.13\r\n'

  /** A server that sends the pieces of its reply one after the other. */
  async function dumping(...pieces: readonly string[]) {
    const server = await ScriptedServer.listen(async (text, socket) => {
      const replies = text === 'version\r\n' ? [...MARK] : pieces
      for (const piece of replies) {
        socket.write(Buffer.from(piece, 'latin1'))
        await turns(2)
      }
    })
    onTestFinished(() => server.close())
    return server
  }

  function dumpOf({address}: ScriptedServer, options: {timeoutMs?: number; signal?: AbortSignal} = {}): SlabDump {
    const dump = new SlabDump(address, options)
    onTestFinished(() => dump.close())
    return dump
  }

  const keysIn = async (...pieces: readonly string[]) =>
    (await dumpOf(await dumping(...pieces)).keysOf('5'))?.map(({key}) => key) ?? null

  test('is read with bytes of any kind, however its reply is cut', async () => {
    expect(await keysIn(...`${entry('a')}${entry('\u00e9\r\nEND\r\n')}END\r\n${MARK}`)).toEqual([
      'a',
      '\u00e9\r\nEND\r\n',
    ])
    expect(await keysIn(...`END\r\n${MARK}`)).toEqual([])
    expect(await keysIn(...`ERROR\r\n${MARK}`)).toBeNull()
  })

  test('does not end where a key has the answer that marks its end', async () => {
    const key = `a${MARK}b [3 b; 7 s]\r\n${MARK}c`
    const pieces = [`ITEM a${MARK}`, `b [3 b; 7 s]\r\n${MARK}`, `c [3 b; 7 s]\r\nEND\r\n${MARK}`]
    expect(await keysIn(...pieces)).toEqual([key])
  })

  test('is asked for on one connection, with the answer that marks the end asked for once', async () => {
    const server = await dumping(`${entry('a')}END\r\n${MARK}`)
    const dump = dumpOf(server)
    expect(await dump.keysOf('5')).toEqual([{key: 'a', bytes: 3, shownSeconds: 7}])
    expect(await dump.keysOf('12')).toHaveLength(1)
    expect(server.received()).toBe('version\r\nstats cachedump 5 0\r\nversion\r\nstats cachedump 12 0\r\nversion\r\n')
    expect(server.connections()).toBe(1)
  })

  test('is waited for so long, and a second more for every 64 KiB that have come', async () => {
    const clock = new ScriptedClock()
    const server = await dumping('ITEM '.padEnd(128 * 1024))
    const keys = dumpOf(server, {timeoutMs: 3000}).keysOf('5')
    let outcome = 'none'
    keys.catch(({code}: {code: string}) => {
      outcome = code
    })
    await turns(100)
    clock.advance(4900)
    await turns()
    expect(outcome).toBe('none')
    clock.advance(101)
    await turns()
    expect(outcome).toBe('ERR_ASK_TIMEOUT')
  })

  test('is not waited for after an interrupt', async () => {
    const stop = new AbortController()
    const keys = dumpOf(await dumping(), {signal: stop.signal}).keysOf('5')
    await turns(100)
    stop.abort()
    await expect(keys).rejects.toMatchObject({code: 'ERR_ASK_ABORTED', expected: 'keys'})
  })
})
