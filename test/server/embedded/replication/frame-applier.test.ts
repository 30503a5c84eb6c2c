import {beforeEach, describe, expect, it} from 'vitest'
import {PEER_HELLO_KEY, RESILIENT_HELLO_KEY} from '../../../../src/protocol/replication/replication-frame.js'
import {StreamSplitter} from '../../../../src/protocol/text/stream-splitter.js'
import type {NodeContext} from '../../../../src/server/embedded/node/node-context.js'
import {FrameApplier} from '../../../../src/server/embedded/replication/frame-applier.js'
import {MissedDeletes} from '../../../../src/server/embedded/replication/missed-deletes.js'
import {hashKey} from '../../../../src/server/embedded/store/memory/key-index.js'
import {offlineContext} from '../../../helpers/offline.js'

let context: NodeContext
let applier: FrameApplier
let missedDeletes: MissedDeletes
let told: string[]
let push: (text: string) => void

beforeEach(() => {
  context = offlineContext()
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
  })
  const splitter = new StreamSplitter(applier)
  push = text => {
    const bytes = Buffer.from(text, 'latin1')
    splitter.push(bytes, 0, bytes.length)
  }
})

/** What the store holds under a key; null: nothing. */
function held(name: string) {
  const {store} = context
  const key = Buffer.from(name)
  const item = store.find(key, 0, key.length, hashKey(key, 0, key.length))
  if (item === 0) return null
  const {columns} = store
  const start = store.valueOffsetOf(item)
  return {
    value: store.bytesOf(item).toString('latin1', start, start + columns.valueBytes[item]!),
    flags: columns.flags[item],
    exptime: columns.exptime[item],
    cas: columns.casHigh[item]! * 2 ** 32 + columns.casLow[item]!,
    syncMark: columns.syncMarkOf(item),
  }
}

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

describe('other frames', () => {
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

  it('what the node draws next is newer than all that came', () => {
    rep('a', 'x', {cas: 1_000_000})
    const {high, low} = context.store.cas.next()
    expect(high * 2 ** 32 + low).toBeGreaterThan(1_000_000)
  })
})
