import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {Clock} from '../../../../src/server/embedded/store/clock.js'
import {LruCrawler} from '../../../../src/server/embedded/store/lru-crawler.js'
import {hashKey} from '../../../../src/server/embedded/store/memory/key-index.js'
import {slabClasses} from '../../../../src/server/embedded/store/memory/slab-classes.js'
import {Store, TOO_LARGE} from '../../../../src/server/embedded/store/store.js'
import {replaceWith} from '../../../../src/server/embedded/store/store-item.js'

const MEBIBYTE = 1024 * 1024

function createStore({megabytes = 64, evictions = true} = {}) {
  let nowMs = 0
  const clock = new Clock({wallMs: () => 1_800_000_000_000, monotonicMs: () => nowMs})
  const evicted: string[] = []
  const store: Store = new Store({
    memoryLimitBytes: megabytes * MEBIBYTE,
    itemMaxBytes: MEBIBYTE,
    evictions,
    clock,
    onEvict: item => evicted.push(keyOf(store, item)),
  })
  const advance = (seconds: number) => {
    nowMs += seconds * 1000
    clock.tick()
    store.runDueFlush()
  }
  return {store, clock, evicted, advance}
}

function keyOf(store: Store, item: number): string {
  const start = store.offsetOf(item)
  return store.bytesOf(item).toString('latin1', start, start + store.columns.keyBytesOf(item))
}

function find(store: Store, key: string): number {
  const bytes = Buffer.from(key)
  return store.find(bytes, 0, bytes.length, hashKey(bytes, 0, bytes.length))
}

function put(store: Store, key: string, value: Buffer, exptime = 0): number {
  const bytes = Buffer.from(key)
  const hash = hashKey(bytes, 0, bytes.length)
  const item = store.allocate({
    keyBuffer: bytes,
    keyStart: 0,
    keyEnd: bytes.length,
    hash,
    flags: 0,
    exptime,
    valueBytes: value.length,
  })
  if (item <= 0) return item
  value.copy(store.bytesOf(item), store.valueOffsetOf(item))
  replaceWith(store, find(store, key), item)
  return item
}

function textOf(store: Store, key: string): string | null {
  const item = find(store, key)
  if (item === 0) return null
  const start = store.valueOffsetOf(item)
  return store.bytesOf(item).toString('latin1', start, start + store.columns.valueBytes[item]!)
}

describe('slabClasses', () => {
  it('has the sizes that memcached 1.4.13 prints with -vv', () => {
    const classes = slabClasses(MEBIBYTE)
    expect(classes.length).toBe(42)
    expect(classes.slice(0, 5).map(({chunkBytes, chunksPerPage}) => [chunkBytes, chunksPerPage])).toEqual([
      [96, 10922],
      [120, 8738],
      [152, 6898],
      [192, 5461],
      [240, 4369],
    ])
    expect(classes.at(-1)).toMatchObject({id: 42, chunkBytes: MEBIBYTE, chunksPerPage: 1})
  })
})

describe('Store', () => {
  it('behaves as a map, in any order of puts and removals', () => {
    const operation = fc.record({
      key: fc.integer({min: 0, max: 40}).map(number => `key${number}`),
      value: fc.option(fc.string({maxLength: 400}), {freq: 3}),
    })
    fc.assert(
      fc.property(fc.array(operation, {maxLength: 300}), operations => {
        const {store} = createStore()
        const model = new Map<string, string>()
        for (const {key, value} of operations) {
          if (value === null) {
            const item = find(store, key)
            expect(item !== 0).toBe(model.delete(key))
            if (item !== 0) store.unlink(item)
          } else {
            put(store, key, Buffer.from(value, 'latin1'))
            model.set(key, Buffer.from(value, 'latin1').toString('latin1'))
          }
        }
        expect(store.items).toBe(model.size)
        for (const [key, value] of model) expect(textOf(store, key)).toBe(value)
      }),
      {numRuns: 50},
    )
  })

  it('finds every key while and after its index grows', () => {
    const {store} = createStore({megabytes: 256})
    const value = Buffer.from('v')
    for (let number = 0; number < 300_000; number++) put(store, `k${number}`, value)
    expect(store.items).toBe(300_000)
    expect(store.index.power).toBeGreaterThan(16)
    let missing = 0
    for (let number = 0; number < 300_000; number++) if (find(store, `k${number}`) === 0) missing++
    expect(missing).toBe(0)
  })

  it('evicts the least recently used item of the class, and reports it', () => {
    const {store, evicted, advance} = createStore({megabytes: 1})
    const value = Buffer.alloc(100_000)
    let stored = 0
    while (evicted.length === 0) {
      put(store, `k${stored++}`, value)
      if (stored === 3) {
        advance(61)
        store.used(find(store, 'k0'))
      }
    }
    expect(evicted).toEqual(['k1'])
    expect(store.counters.evictions).toBe(1)
    expect(find(store, 'k0')).not.toBe(0)
  })

  it('refuses rather than evicts with -M, and takes nothing above the item limit', () => {
    const {store} = createStore({megabytes: 1, evictions: false})
    const value = Buffer.alloc(100_000)
    let stored = 0
    while (put(store, `k${stored}`, value) > 0) stored++
    expect(stored).toBeGreaterThan(5)
    expect(textOf(store, 'k0')?.length).toBe(100_000)
    expect(put(store, 'huge', Buffer.alloc(MEBIBYTE))).toBe(TOO_LARGE)
  })

  it('expires items when their second has come, and reclaims them by sweeping', () => {
    const {store, clock, advance} = createStore()
    put(store, 'a', Buffer.from('1'), clock.expiryOf(10))
    put(store, 'b', Buffer.from('1'), clock.expiryOf(10))
    put(store, 'c', Buffer.from('1'))
    advance(9)
    expect(textOf(store, 'a')).toBe('1')
    advance(1)
    expect(textOf(store, 'a')).toBeNull()
    expect(store.items).toBe(2)
    expect(new LruCrawler(store).sweep(1_000_000)).toBe(true)
    expect(store.items).toBe(1)
    // Only memory that was needed, or swept, counts; not what a get came upon.
    expect(store.counters.reclaimed).toBe(1)
  })

  it('flushes at once or at a time, and leaves items alone that come after', () => {
    const {store, clock, advance} = createStore()
    put(store, 'a', Buffer.from('1'))
    store.flush()
    expect(find(store, 'a')).toBe(0)
    put(store, 'b', Buffer.from('1'))
    store.flushAt(clock.nowSeconds + 5)
    advance(3)
    expect(find(store, 'b')).not.toBe(0)
    // memcached counts from the end of the second before.
    advance(1)
    expect(find(store, 'b')).toBe(0)
    put(store, 'c', Buffer.from('1'))
    advance(100)
    expect(find(store, 'c')).not.toBe(0)
  })
})

describe('Clock', () => {
  it('reads an exptime as memcached does', () => {
    const {clock, advance} = createStore()
    advance(5)
    const now = 1_800_000_005
    expect([0, 1, 2_592_000].map(exptime => clock.expiryOf(exptime))).toEqual([0, now + 1, now + 2_592_000])
    expect(clock.expiryOf(1_900_000_000)).toBe(1_900_000_000)
    for (const past of [-1, 2_592_001, 1_799_999_999]) expect(clock.expiryOf(past)).toBe(1)
  })
})
