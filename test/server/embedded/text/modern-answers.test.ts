import {describe, expect, it} from 'vitest'
import {modernDefaults} from '../../../../src/server/embedded/node/node-settings.js'
import {recordedExchanges} from '../../../helpers/fixtures.js'
import {answersTo} from '../../../helpers/offline.js'

const answer = (input: string, settings = {}) =>
  answersTo(Buffer.from(input, 'latin1'), [], {...modernDefaults, ...settings})

const BAD = 'CLIENT_ERROR bad command line format\r\n'

describe('--like 1.6', () => {
  it.each(recordedExchanges('memcached-1.6.18-commands.json'))('answers %j as 1.6.18 was heard to', (input, output) => {
    expect(answer(input)).toBe(output)
  })

  it.each([
    ['get\r\n', BAD],
    ['gat 0\r\n', BAD],
    ['incr a\r\n', BAD],
    ['touch a\r\n', BAD],
    ['\r\n', BAD],
    ['cas a 0 0 1 \r\nx\r\nversion\r\n', `${BAD}VERSION 1.6.45\r\n`],
    ['set a x 0 1\r\nx\r\nversion\r\n', `${BAD}VERSION 1.6.45\r\n`],
    ['set a 0 0 -1\r\nversion\r\n', `${BAD}VERSION 1.6.45\r\n`],
    ['bogus noreply\r\nversion x\r\n', 'VERSION 1.6.45\r\n'],
    ['delete a 10\r\n', 'NOT_FOUND\r\n'],
    ['quit now\r\nversion\r\n', ''],
    ['shutdown\r\n', 'SERVER_ERROR: shutdown not enabled\r\n'],
    ['slabs automove window 2\r\n', 'CLIENT_ERROR automove window too low or too high\r\n'],
    ['cache_memlimit 40000\r\n', 'MEMLIMIT_ADJUST_FAILED out of bounds or unable to adjust\r\n'],
    ['lru_crawler crawl all\r\n', 'NOTSTARTED no items to crawl\r\n'],
    ['watch constructor\r\n', 'ERROR\r\n'],
  ])('answers %j as 1.6.45 does, which is not what 1.6.18 does', (input, output) => {
    expect(answer(input)).toBe(output)
  })

  it.each([
    [{flushEnabled: false}, 'flush_all\r\n', 'CLIENT_ERROR flush_all not allowed\r\n'],
    [{watchEnabled: false}, 'watch\r\n', 'CLIENT_ERROR watch commands not allowed\r\n'],
    [{dumpEnabled: false}, 'lru_crawler metadump all\r\n', 'ERROR metadump not allowed\r\n'],
    [{dumpEnabled: false}, 'stats cachedump 1 1\r\n', 'CLIENT_ERROR stats cachedump not allowed\r\n'],
    [{slabReassign: false}, 'slabs reassign 1 2\r\n', 'CLIENT_ERROR slab reassignment disabled\r\n'],
    [{lruCrawler: false}, 'lru_crawler crawl all\r\n', 'CLIENT_ERROR lru crawler disabled\r\n'],
    [{shutdownCommand: true}, 'shutdown later\r\n', 'CLIENT_ERROR invalid shutdown mode\r\n'],
  ])('with %j answers %j', (settings, input, output) => {
    expect(answer(input, settings)).toBe(output)
  })

  it('answers as 1.4.13 without it', () => {
    const input = Buffer.from('get\r\nwatch\r\nlru tune 1 1 1 1\r\nshutdown\r\nstats conns\r\nversion x\r\n')
    expect(answersTo(input)).toBe('ERROR\r\n'.repeat(6))
  })
})

describe('-F in the binary protocol', () => {
  it('refuses flush with the status 0x20', () => {
    const flush = Buffer.alloc(24)
    flush[0] = 0x80
    flush[1] = 0x08
    const reply = Buffer.from(answersTo(flush, [], {flushEnabled: false}), 'latin1')
    expect(reply.readUInt16BE(6)).toBe(0x20)
  })
})
