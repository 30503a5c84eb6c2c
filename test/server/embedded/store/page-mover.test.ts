import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {Clock} from '../../../../src/server/embedded/store/clock.js'
import {hashKey} from '../../../../src/server/embedded/store/memory/key-index.js'
import {PageMover} from '../../../../src/server/embedded/store/page-mover.js'
import {Store} from '../../../../src/server/embedded/store/store.js'
import {replaceWith} from '../../../../src/server/embedded/store/store-item.js'

const MEBIBYTE = 1024 * 1024
const BIG = 200_000
const SMALL = 20_000

function createStore({megabytes = 4, mayMoveItems = (): boolean => true} = {}) {
  const evicted: string[] = []
  const clock = new Clock({wallMs: () => 1_800_000_000_000, monotonicMs: () => 0})
  const store: Store = new Store({
    memoryLimitBytes: megabytes * MEBIBYTE,
    itemMaxBytes: MEBIBYTE,
    evictions: true,
    clock,
    onEvict: item =>
      evicted.push(store.bytesOf(item).toString('latin1', store.offsetOf(item), store.offsetOf(item) + 4)),
  })
  return {store, pageMover: new PageMover({store, mayMove: mayMoveItems}), evicted}
}

function allocate(store: Store, key: string, valueBytes: number): number {
  const bytes = Buffer.from(key)
  const hash = hashKey(bytes, 0, bytes.length)
  return store.allocate({keyBuffer: bytes, keyStart: 0, keyEnd: bytes.length, hash, flags: 7, exptime: 0, valueBytes})
}

function find(store: Store, key: string): number {
  const bytes = Buffer.from(key)
  return store.find(bytes, 0, bytes.length, hashKey(bytes, 0, bytes.length))
}

function put(store: Store, key: string, valueBytes: number): number {
  const item = allocate(store, key, valueBytes)
  store.bytesOf(item).fill(key, store.valueOffsetOf(item), store.valueOffsetOf(item) + valueBytes)
  return replaceWith(store, find(store, key), item)
}

function storedValue(store: Store, key: string): string | null {
  const item = find(store, key)
  if (item === 0) return null
  const start = store.valueOffsetOf(item)
  return store.bytesOf(item).toString('latin1', start, start + store.columns.valueBytes[item]!)
}

const keys = (count: number) => Array.from({length: count}, (_, index) => `k${String(index).padStart(3, '0')}`)
const repeated = (key: string, bytes: number) => key.repeat(Math.ceil(bytes / key.length)).slice(0, bytes)
const classOf = (store: Store, key: string) => store.columns.classIdOf(find(store, key))

describe('moving a page between slab classes', () => {
  it('moves its items into free chunks, with all their facts', async () => {
    const {store, pageMover, evicted} = createStore({megabytes: 64})
    const all = keys(12)
    for (const key of all) put(store, key, BIG)
    const from = classOf(store, 'k000')
    put(store, 'tiny', 1)
    const cas = store.columns.casLow[find(store, 'k000')]
    for (const key of all.slice(6)) store.unlink(find(store, key))
    const pages = store.slabs.use(from).pages.length
    expect(['moved', 'started']).toContain(pageMover.reassign(from, classOf(store, 'tiny')))
    await expect.poll(() => pageMover.running).toBe(false)
    expect(store.slabs.use(from).pages.length).toBe(pages - 1)
    expect(evicted).toEqual([])
    expect(pageMover.counters.rescues).toBeGreaterThan(0)
    expect(store.columns.casLow[find(store, 'k000')]).toBe(cas)
    for (const key of all.slice(0, 6)) expect(storedValue(store, key)).toBe(repeated(key, BIG))
  })

  it('evicts the oldest item of the class when there is no free chunk', async () => {
    const {store, pageMover, evicted} = createStore()
    for (const key of keys(16)) put(store, key, BIG)
    const from = classOf(store, 'k015')
    pageMover.reassign(from, 0)
    await expect.poll(() => pageMover.running).toBe(false)
    expect(store.slabs.pageCounts).toEqual({all: 4, spare: 1})
    expect(evicted).not.toContain('k015')
    expect(storedValue(store, 'k015')).toBe(repeated('k015', BIG))
  })

  it('gives spare pages to any class', async () => {
    const {store, pageMover, evicted} = createStore()
    for (const key of keys(16)) put(store, key, BIG)
    pageMover.reassign(classOf(store, 'k015'), 0)
    await expect.poll(() => pageMover.running).toBe(false)
    const before = evicted.length
    for (const key of keys(40)) put(store, `s${key}`, SMALL)
    expect(store.slabs.pageCounts).toEqual({all: 4, spare: 0})
    expect(evicted.length).toBe(before)
    expect(storedValue(store, 'sk039')).toBe(repeated('sk039', SMALL))
  })

  it('waits for a value that is still being received, and for a full sync to the peer', async () => {
    let mayMove = false
    const {store, pageMover} = createStore({mayMoveItems: () => mayMove})
    for (const key of keys(8)) put(store, key, BIG)
    for (const key of keys(4)) store.unlink(find(store, key))
    const filling = allocate(store, 'late', BIG)
    const from = store.columns.classIdOf(filling)
    expect(pageMover.reassign(from, 0)).toBe('started')
    expect(pageMover.reassign(from, 0)).toBe('busy')
    mayMove = true
    await expect.poll(() => pageMover.counters.busyItems).toBeGreaterThan(0)
    expect(pageMover.running).toBe(true)
    replaceWith(store, 0, filling)
    await expect.poll(() => pageMover.running).toBe(false)
    expect(store.items).toBe(5)
    expect(find(store, 'late')).toBeGreaterThan(0)
  })

  it('refuses what memcached refuses', () => {
    const {store, pageMover} = createStore()
    put(store, 'k000', BIG)
    const from = classOf(store, 'k000')
    expect(pageMover.reassign(3, 3)).toBe('same')
    expect(pageMover.reassign(from, 200)).toBe('badClass')
    expect(pageMover.reassign(-5, 1)).toBe('badClass')
    expect(pageMover.reassign(from, 1)).toBe('noSpare')
    expect(pageMover.reassign(0, 1)).toBe('noSpare')
  })

  it('gives pages up for a lower limit, and has them again for a higher one', async () => {
    const {store, pageMover} = createStore()
    for (const key of keys(16)) put(store, key, BIG)
    const from = classOf(store, 'k015')
    store.limitMemory(3 * MEBIBYTE)
    expect(store.slabs.pageCounts.all).toBe(4)
    pageMover.reassign(from, 0)
    await expect.poll(() => pageMover.running).toBe(false)
    expect(store.slabs.pageCounts).toEqual({all: 3, spare: 0})
    store.limitMemory(4 * MEBIBYTE)
    for (const key of keys(40)) put(store, `s${key}`, SMALL)
    expect(store.slabs.pageCounts.all).toBe(4)
  })

  it('loses no item and no byte in any sequence of moves', async () => {
    const sizes = [10, 900, 9000, 40_000, 150_000]
    const step = fc.oneof(
      fc.record({type: fc.constant('put' as const), key: fc.nat(60), size: fc.constantFrom(...sizes)}),
      fc.record({type: fc.constant('drop' as const), key: fc.nat(60)}),
      fc.record({type: fc.constant('move' as const), from: fc.nat(45), to: fc.nat(45)}),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, {maxLength: 150}), async steps => {
        const {store, pageMover} = createStore({megabytes: 5})
        const expected = new Map<string, number>()
        for (const {type, ...rest} of steps) {
          if (type === 'move') {
            const {from, to} = rest as {from: number; to: number}
            const busiest = from < store.classes.length ? from : 0
            pageMover.reassign(busiest, to)
          } else {
            const {key: number, size} = rest as {key: number; size?: number}
            const key = `key${number}`
            if (type === 'put') {
              put(store, key, size!)
              expected.set(key, size!)
            } else {
              const item = find(store, key)
              if (item !== 0) store.unlink(item)
              expected.delete(key)
            }
          }
        }
        for (let turns = 0; pageMover.running && turns < 1000; turns++) await new Promise(setImmediate)
        let found = 0
        for (const [key, size] of expected) {
          const value = storedValue(store, key)
          if (value === null) continue
          expect(value).toBe(repeated(key, size))
          found++
        }
        expect(store.items).toBe(found)
        expect(store.classes.reduce((sum, {id}) => sum + store.slabs.use(id).used, 0)).toBe(found)
        expect(store.classes.reduce((sum, {id}) => sum + store.lru.count(id), 0)).toBe(found)
      }),
      {numRuns: 40},
    )
  })
})
