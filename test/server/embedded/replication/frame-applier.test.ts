import {beforeEach, describe, expect, it, vi} from 'vitest'
import {PEER_HELLO_KEY, RESILIENT_HELLO_KEY} from '../../../../src/protocol/replication/replication-frame.js'
import {StreamSplitter} from '../../../../src/protocol/text/stream-splitter.js'
import type {NodeContext} from '../../../../src/server/embedded/node/node-context.js'
import {NodeLog} from '../../../../src/server/embedded/node/node-log-writer.js'
import {FrameApplier} from '../../../../src/server/embedded/replication/frame-applier.js'
import {MissedDeletes} from '../../../../src/server/embedded/replication/missed-deletes.js'
import {offlineContext} from '../../../helpers/offline.js'
import {heldItem, storeItem} from '../../../helpers/stored-items.js'

let context: NodeContext
let applier: FrameApplier
let missedDeletes: MissedDeletes
let told: string[]
let push: (text: string) => void
let splitter: StreamSplitter
let log: string[]
let settings: {verbosity: number}

beforeEach(() => {
  log = []
  settings = {verbosity: 1}
  context = {...offlineContext(), log: new NodeLog(settings, line => log.push(line.trimEnd()))}
  missedDeletes = new MissedDeletes()
  told = []
  applier = new FrameApplier({
    context,
    missedDeletes,
    events: {
      onHeard: () => told.push('heard'),
      onHello: () => told.push('hello'),
      onMarugotoEnd: () => told.push('end'),
    },
    linkId: () => 7,
  })
  splitter = new StreamSplitter(applier)
  push = text => {
    const bytes = Buffer.from(text, 'latin1')
    splitter.push(bytes, 0, bytes.length)
  }
})

const held = (name: string) => heldItem(context.store, name)

const rep = (key: string, value: string, {flags = 0, exptime = 0, cas = 1} = {}) =>
  push(`rep ${key} ${flags} ${exptime} ${value.length} ${cas}\r\n${value}\r\n`)

describe('a rep', () => {
  it('is stored as it comes, with its flags, exptime and cas unique', () => {
    applier.syncMark = 3
    rep('a', 'hello', {flags: 7, cas: 5_000_000_000})
    expect(held('a')).toMatchObject({value: 'hello', flags: 7, exptime: 0, cas: 5_000_000_000, syncMark: 3})
    expect(told).toEqual(['heard'])
  })

  it('takes the place of what is there', () => {
    rep('a', 'old', {cas: 9})
    rep('a', 'new', {cas: 2})
    expect(held('a')).toMatchObject({value: 'new', cas: 2})
  })

  it('may come in pieces, and with frames in its value', () => {
    push('rep a 0 0 16 1\r\ndelete ')
    push('a\r\nxxxxxx')
    expect(held('a')).toBeNull()
    push('\r\n')
    expect(held('a')?.value).toBe('delete a\r\nxxxxxx')
  })

  it('whose end is not where it says breaks the link, and stores nothing', () => {
    push('rep a 0 0 2 1\r\nxxx\r\n')
    expect([applier.broken, held('a')]).toEqual([true, null])
    rep('b', 'x')
    expect(held('b')).toBeNull()
  })

  it('that is too large is skipped with its data, and the old value, which is stale now, goes too', () => {
    rep('a', 'old')
    rep('a', 'x'.repeat(2 << 20))
    rep('b', 'after')
    expect([held('a'), held('b')?.value, applier.broken]).toEqual([null, 'after', false])
  })

  it('that is not complete when the link ends is dropped', () => {
    push('rep a 0 0 5 1\r\nhel')
    applier.abort()
    expect(held('a')).toBeNull()
  })
})

describe('a rep and the store', () => {
  it('that has expired takes the old value away, and is not stored', () => {
    const {nowSeconds} = context.clock
    const discarded = vi.spyOn(context.store, 'discard')
    rep('a', 'old')
    rep('a', 'x', {exptime: nowSeconds})
    rep('b', 'x', {exptime: nowSeconds + 1})
    rep('c', 'x', {exptime: -1})
    expect(context.store.items).toBe(1)
    expect([held('a'), held('b')?.exptime, held('c')]).toEqual([null, nowSeconds + 1, null])
    // The old value, and two that have expired.
    expect(discarded).toHaveBeenCalledTimes(3)
  })

  it('gives back the room of what is not stored', () => {
    const discarded = vi.spyOn(context.store, 'discard')
    push('rep a 0 0 2 1\r\nxxx\r\n')
    expect(discarded).toHaveBeenCalledTimes(1)
  })

  it('gives back the room of what is not complete when the link ends', () => {
    const discarded = vi.spyOn(context.store, 'discard')
    push('rep a 0 0 5 1\r\nhel')
    applier.abort()
    applier.abort()
    expect(discarded).toHaveBeenCalledTimes(1)
  })

  it('that cannot be stored gives back nothing, and shows in the log', () => {
    const discarded = vi.spyOn(context.store, 'discard')
    push(`rep a 0 0 ${2 << 20} 1\r\n${'x'.repeat(2 << 20)}xx`)
    expect([applier.broken, discarded.mock.calls]).toEqual([true, []])
    expect(log).toEqual([`replication: can't store an item of ${2 << 20} bytes from the peer`])
  })

  it('keeps any cas unique where they order no versions', () => {
    const high = 2 ** 31
    rep('a', 'x', {cas: high * 2 ** 32})
    expect(held('a')?.cas).toBe(high * 2 ** 32)
  })

  it('with a cas unique that no resilient node can draw gets one of ours', () => {
    context.store.cas.followClock(() => 1000)
    rep('a', 'x', {cas: 2 ** 31 * 2 ** 32})
    rep('b', 'x', {cas: (2 ** 31 - 1) * 2 ** 32})
    expect(held('a')!.cas).toBe(1000 * 1024 + 1)
    expect(held('b')!.cas).toBe((2 ** 31 - 1) * 2 ** 32)
  })

  it('does not move our own cas uniques, and comes back after a deletion', () => {
    missedDeletes.add({key: Buffer.from('a'), casHigh: 0, casLow: 1000})
    rep('a', 'x', {cas: 500})
    expect(held('a')?.value).toBe('x')
    expect(context.store.cas.next().low).toBeLessThan(500)
  })
})

describe('the log', () => {
  it('shows frames, and the replies that are not sent, from -vv on', () => {
    settings.verbosity = 2
    rep('a', 'x')
    push('delete a\r\ndelete a\r\nflush_all \r\nmarugoto_end\r\n')
    push(`delete ${PEER_HELLO_KEY}\r\ndelete ${RESILIENT_HELLO_KEY}\r\nrep b c 0 0 1 1\r\nx\r\nGET\r\n`)
    expect(log).toEqual(
      [
        '<7 rep a 0 0 1 1',
        'REP>7 STORED',
        '<7 delete a',
        'REP>7 DELETED',
        '<7 delete a',
        'REP>7 NOT_FOUND',
        '<7 flush_all ',
        'REP>7 OK',
        '<7 marugoto_end',
        'REP>7 OK',
        `<7 delete ${PEER_HELLO_KEY}`,
        `<7 delete ${RESILIENT_HELLO_KEY}`,
        '<7 rep b c 0 0 1 1',
        'REP>7 ERROR (rep b c 0 0 1)',
        '<7 GET',
        'REP>7 ERROR (GET)',
      ].map(line => line.trimEnd()),
    )
  })

  it('shows none of them before, and does not make them', () => {
    const text = vi.spyOn(Buffer.prototype, 'toString')
    rep('a', 'x')
    push('delete a\r\nflush_all \r\nmarugoto_end\r\n')
    expect([log, text.mock.calls.length]).toEqual([[], 0])
    text.mockRestore()
  })

  it('names a link without a name 0', () => {
    settings.verbosity = 2
    const events = {onHeard: () => {}, onHello: () => {}, onMarugotoEnd: () => {}}
    const bytes = Buffer.from('marugoto_end\r\n')
    new StreamSplitter(new FrameApplier({context, missedDeletes, events})).push(bytes, 0, bytes.length)
    expect(log).toEqual(['<0 marugoto_end', 'REP>0 OK'])
  })
})

describe('other frames', () => {
  it('are not applied once the stream is broken', () => {
    storeItem(context, 'a', 'x')
    push('GET /\r\ndelete a\r\nmarugoto_end\r\nrep b 0 0 1 1\r\nx\r\n')
    expect([held('a')?.value, held('b'), told]).toEqual(['x', null, []])
  })

  it('are short lines: a long one ends the stream', () => {
    push('x'.repeat(1100))
    expect([splitter.refused, told]).toEqual([true, []])
  })

  it('are heard of before they are applied, once', () => {
    const seen: unknown[] = []
    const events = {onHeard: () => seen.push(held('a')), onHello: () => {}, onMarugotoEnd: () => {}}
    const bytes = Buffer.from('rep a 0 0 1 1\r\nx\r\ndelete a\r\n')
    new StreamSplitter(new FrameApplier({context, missedDeletes, events})).push(bytes, 0, bytes.length)
    expect(seen).toEqual([null])
  })

  it('say hello without deleting anything', () => {
    storeItem(context, PEER_HELLO_KEY, 'x')
    storeItem(context, RESILIENT_HELLO_KEY, 'x')
    push(`delete ${PEER_HELLO_KEY}\r\ndelete ${RESILIENT_HELLO_KEY}\r\n`)
    expect([held(PEER_HELLO_KEY)?.value, held(RESILIENT_HELLO_KEY)?.value]).toEqual(['x', 'x'])
  })

  it('flush at a time that has come, not before', () => {
    const {nowSeconds} = context.clock
    rep('a', 'x')
    push(`flush_all ${nowSeconds + 5}\r\n`)
    expect([held('a')?.value, context.store.flushDueSeconds]).toEqual(['x', nowSeconds + 5])
    push(`flush_all ${nowSeconds}\r\n`)
    expect([held('a'), context.store.flushDueSeconds]).toEqual([null, null])
  })

  it('delete', () => {
    rep('a', 'x')
    push('delete a\r\ndelete nothing\r\n')
    expect([held('a'), applier.broken]).toEqual([null, false])
  })

  it('say who the peer is', () => {
    push(`delete ${PEER_HELLO_KEY}\r\n`)
    expect(told).toEqual(['heard'])
    push(`delete ${RESILIENT_HELLO_KEY}\r\n`)
    expect(told).toEqual(['heard', 'hello'])
  })

  it('flush at once, or at a time', () => {
    rep('a', 'x')
    push('flush_all \r\n')
    expect(held('a')).toBeNull()
    rep('b', 'x')
    push(`flush_all ${context.clock.nowSeconds + 1000}\r\n`)
    expect(held('b')).not.toBeNull()
  })

  it('end the peer’s copy', () => {
    push('marugoto_end\r\n')
    expect(told).toEqual(['heard', 'end'])
  })

  it('that are no frame end the link when nobody can tell what follows', () => {
    push('GET / HTTP/1.1\r\n')
    expect([applier.broken, told]).toEqual([true, []])
  })

  it('that are malformed and tell their length are skipped with their data', () => {
    rep('a', 'x')
    push('rep two words 0 0 3 1\r\nyyy\r\nrep b 0 0 1 1\r\nz\r\n')
    expect([applier.broken, held('b')?.value, held('two')]).toEqual([false, 'z', null])
  })
})

describe('with the newest version staying', () => {
  beforeEach(() => {
    applier.merge = 'newest'
  })

  it('an older one is discarded, a newer one taken', () => {
    rep('a', 'five', {cas: 5})
    rep('a', 'four', {cas: 4})
    expect(held('a')).toMatchObject({value: 'five', cas: 5})
    rep('a', 'high', {cas: 2 ** 32 + 1})
    rep('a', 'six', {cas: 6})
    expect(held('a')?.value).toBe('high')
  })

  it('of one cas unique both nodes decide by the content', () => {
    rep('a', 'bbb', {cas: 5})
    rep('a', 'aaa', {cas: 5})
    expect(held('a')?.value).toBe('bbb')
    rep('a', 'ccc', {cas: 5})
    expect(held('a')?.value).toBe('ccc')
  })

  it('of the same version the later exptime stays in copies, the new one after them', () => {
    const [soon, late] = [context.clock.nowSeconds + 100, context.clock.nowSeconds + 900]
    rep('a', 'x', {cas: 5, exptime: soon})
    rep('a', 'x', {cas: 5, exptime: late})
    const kept = held('a')!.exptime
    rep('a', 'x', {cas: 5, exptime: soon})
    expect(held('a')!.exptime).toBe(kept)
    rep('a', 'x', {cas: 5})
    expect(held('a')!.exptime).toBe(0)
    rep('a', 'x', {cas: 5, exptime: late})
    expect(held('a')!.exptime).toBe(0)
    push('marugoto_end\r\n')
    rep('a', 'x', {cas: 5, exptime: late})
    expect(held('a')!.exptime).toBe(kept)
  })

  it('a version that was deleted meanwhile does not come back', () => {
    missedDeletes.add({key: Buffer.from('a'), casHigh: 0, casLow: 10})
    rep('a', 'old', {cas: 9})
    expect(held('a')).toBeNull()
    rep('a', 'new', {cas: 11})
    expect(held('a')?.value).toBe('new')
  })

  it('of one cas unique the flags decide, too, as the key and all behind it do', () => {
    rep('a', 'x', {cas: 5, flags: 2})
    rep('a', 'x', {cas: 5, flags: 1})
    expect(held('a')?.flags).toBe(2)
    rep('a', 'x', {cas: 5, flags: 3})
    expect(held('a')?.flags).toBe(3)
  })

  it('one of the same low word with a smaller high word is older', () => {
    rep('a', 'new', {cas: 2 * 2 ** 32 + 5})
    rep('a', 'old', {cas: 2 ** 32 + 9})
    expect(held('a')?.value).toBe('new')
  })

  it('gives back the room of the version that goes', () => {
    const discarded = vi.spyOn(context.store, 'discard')
    rep('a', 'new', {cas: 5})
    rep('a', 'old', {cas: 4})
    rep('a', 'new', {cas: 5})
    expect(discarded).toHaveBeenCalledTimes(2)
  })

  it('a newer one keeps its exptime, whatever an older one says', () => {
    const {nowSeconds} = context.clock
    push('marugoto_end\r\n')
    rep('a', 'new', {cas: 5, exptime: nowSeconds + 100})
    rep('a', 'old', {cas: 4, exptime: nowSeconds + 900})
    expect(held('a')).toMatchObject({value: 'new', exptime: nowSeconds + 100})
  })

  it('a deletion takes older versions only, and of its own key only', () => {
    missedDeletes.add({key: Buffer.from('key'), casHigh: 1, casLow: 10})
    rep('key', 'x', {cas: 2 ** 32 + 10})
    rep('k', 'x', {cas: 9})
    expect([held('key')?.value, held('k')?.value]).toEqual(['x', 'x'])
    rep('key', 'old', {cas: 2 ** 32 + 9})
    expect(held('key')?.value).toBe('x')
  })

  it('what the node draws next is newer than all that came', () => {
    rep('a', 'x', {cas: 1_000_000})
    const {high, low} = context.store.cas.next()
    expect(high * 2 ** 32 + low).toBeGreaterThan(1_000_000)
  })
})
