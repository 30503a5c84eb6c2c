import {beforeEach, describe, expect, it} from 'vitest'
import {noTraffic} from '../../../src/ask/own-traffic.js'
import {PartingSuspicion} from '../../../src/server/parting/parting-suspicion.js'
import {figuresOf} from '../../../src/server/stats/node-figures.js'

type Stats = Readonly<Record<string, number | string>>

let suspicion: PartingSuspicion

beforeEach(() => {
  suspicion = new PartingSuspicion()
})

const figures = (stats: Stats) =>
  figuresOf(new Map(Object.entries(stats).map(([name, value]) => [name, String(value)])), noTraffic, 0)

function add(atMs: number, first: Stats, second: Stats, ownSets = 0): void {
  suspicion.add({atMs, nodes: [figures(first), figures(second)], ownSets})
}

/** Adds two figures a second apart; nobody stores anything. */
function twice(first: Stats, second: Stats, later: readonly [Stats, Stats] = [first, second]): boolean {
  add(0, first, second)
  add(1000, ...later)
  return suspicion.isSuspicious
}

describe('items', () => {
  const items = (number: number) => ({curr_items: number})

  it.each([
    [5, 4, true],
    [4, 5, true],
    [5, 5, false],
  ])('of %d and %d are suspicious: %s', (first, second, isSuspicious) => {
    expect(twice(items(first), items(second))).toBe(isSuspicious)
  })

  it('apart once, or one way and then the other, are not', () => {
    add(0, items(5), items(4))
    expect(suspicion.isSuspicious).toBe(false)
    add(1000, items(5), items(5))
    expect(suspicion.isSuspicious).toBe(false)
    add(2000, items(5), items(4))
    expect(suspicion.isSuspicious).toBe(false)
    add(3000, items(4), items(5))
    expect(suspicion.isSuspicious).toBe(false)
    add(4000, items(4), items(5))
    expect(suspicion.isSuspicious).toBe(true)
  })

  it('that a node does not tell are not', () => {
    expect(twice({}, items(4))).toBe(false)
    suspicion.restart()
    expect(twice(items(4), {})).toBe(false)
    suspicion.restart()
    expect(twice({}, {})).toBe(false)
    suspicion.restart()
    expect(twice(items(5), {}, [items(5), items(4)])).toBe(false)
  })

  it('apart by what may be on its way are not: of a quarter of a second', () => {
    // 40 stores a second on either: 10 may be on their way.
    const stored = (number: number, total: number) => ({curr_items: number, total_items: total})
    const apart = (then: number, now: number) => {
      suspicion.restart()
      return twice(stored(100 + then, 0), stored(100, 0), [stored(140 + now, 40), stored(140, 40)])
    }
    expect([apart(10, 10), apart(11, 10), apart(10, 11), apart(11, 11)]).toEqual([false, false, false, true])
  })

  it('are suspicious again only after two figures more', () => {
    twice(items(5), items(4))
    suspicion.restart()
    expect([suspicion.isSuspicious, suspicion.storesPerSecond]).toEqual([false, null])
    expect(twice(items(5), items(4))).toBe(true)
  })
})

describe('what was stored since the watch began', () => {
  const total = (number: number) => ({total_items: number})

  it('parts where one goes on and the other does not', () => {
    add(0, total(1000), total(10))
    expect(suspicion.isSuspicious).toBe(false)
    add(1000, total(1000), total(10))
    expect(suspicion.isSuspicious).toBe(false)
    add(2000, total(1050), total(10))
    expect(suspicion.isSuspicious).toBe(false)
    add(3000, total(1050), total(10))
    expect(suspicion.isSuspicious).toBe(true)
  })

  it('does not part where both have stored the same since', () => {
    add(0, total(1000), total(10))
    add(1000, total(1100), total(110))
    add(2000, total(1100), total(110))
    add(3000, total(1100), total(110))
    expect(suspicion.isSuspicious).toBe(false)
  })

  it('parts the other way, too', () => {
    add(0, total(10), total(1000))
    add(1000, total(10), total(1050))
    add(2000, total(10), total(1050))
    expect(suspicion.isSuspicious).toBe(true)
  })

  it('does not part after a reset of the counters', () => {
    add(0, total(1000), total(1000))
    add(1000, total(0), total(1000))
    add(2000, total(0), total(1000))
    expect([suspicion.isSuspicious, suspicion.storesPerSecond]).toEqual([false, 0])
  })

  it('is nothing where a node does not count', () => {
    expect(twice({}, total(3))).toBe(false)
  })

  it('began with the first figures', () => {
    add(0, total(0), total(0))
    add(1000, total(50), total(0))
    suspicion.restart()
    add(2000, total(50), total(0))
    add(3000, total(50), total(0))
    expect(suspicion.isSuspicious).toBe(false)
  })
})

describe('bytes', () => {
  const bytes = (number: number, more: Stats = {}) => ({bytes: number, curr_items: 10, version: '1.6', ...more})

  it.each([
    [500, 499, true],
    [499, 500, true],
    [500, 500, false],
  ])('of %d and %d are suspicious: %s', (first, second, isSuspicious) => {
    expect(twice(bytes(first), bytes(second))).toBe(isSuspicious)
  })

  it('say nothing of two programs', () => {
    expect(twice(bytes(500), bytes(400, {version: '1.5'}))).toBe(false)
    suspicion.restart()
    expect(twice(bytes(500, {repcached_version: '2.3'}), bytes(400))).toBe(false)
    suspicion.restart()
    expect(twice(bytes(500, {repcached_version: '2.3'}), bytes(400, {repcached_version: '2.3'}))).toBe(true)
  })

  it('say nothing where a node does not tell them', () => {
    const untold = {curr_items: 10, version: '1.6'}
    expect(twice(untold, bytes(400))).toBe(false)
    suspicion.restart()
    expect(twice(bytes(400), untold)).toBe(false)
  })

  it('may be apart by the items on their way, of their mean size', () => {
    // 4 stores a second: one item may be on its way, of 50 bytes on average (20 items, 1000 bytes).
    const apart = (by: number) => {
      suspicion.restart()
      const [then, now] = [{total_items: 0}, {total_items: 4}]
      const [more, less] = [500 + by / 2, 500 - by / 2]
      return twice(bytes(more, then), bytes(less, then), [bytes(more, now), bytes(less, now)])
    }
    expect([apart(50), apart(52)]).toEqual([false, true])
  })

  it('of nodes without items are compared without any tolerance', () => {
    const empty = (number: number, total: number) => bytes(number, {curr_items: 0, total_items: total})
    expect(twice(empty(3, 0), empty(1, 0), [empty(3, 40), empty(1, 40)])).toBe(true)
  })
})

describe('stores in a second', () => {
  const total = (number: number) => ({total_items: number})

  it('are those of the two newest figures, on average of both nodes', () => {
    expect(suspicion.storesPerSecond).toBeNull()
    add(0, total(0), total(0))
    expect(suspicion.storesPerSecond).toBeNull()
    add(500, total(10), total(30))
    expect(suspicion.storesPerSecond).toBe(40)
    add(2500, total(20), total(40))
    expect(suspicion.storesPerSecond).toBe(5)
  })

  it('are without our own, and never below none', () => {
    add(0, total(0), total(0), 100)
    add(1000, total(10), total(10), 104)
    expect(suspicion.storesPerSecond).toBe(6)
    add(2000, total(11), total(11), 110)
    expect(suspicion.storesPerSecond).toBe(0)
  })

  it('are a number for two figures of one moment', () => {
    add(0, total(0), total(0))
    add(0, total(1), total(1))
    expect(suspicion.storesPerSecond).toBe(1000)
  })
})
