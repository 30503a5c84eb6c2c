import {describe, expect, it} from 'vitest'
import {noTraffic} from '../../../src/ask/own-traffic.js'
import {parseStats} from '../../../src/protocol/text/stats-reply.js'
import {figuresOf} from '../../../src/server/stats/node-figures.js'
import {isRestart, ratesBetween} from '../../../src/server/stats/node-rates.js'
import {replicationOf} from '../../../src/server/stats/replication-stats.js'
import {slabClassesOf} from '../../../src/server/stats/slab-classes.js'
import {linesOf, recordedStats} from '../../helpers/recorded-stats.js'

const recorded = recordedStats()
const names = Object.keys(recorded) as (keyof typeof recorded)[]
const statsOf = (reply: string) => parseStats(linesOf(reply))!

describe('figures of recorded stats', () => {
  it.each(names)('reads those of %s', name => {
    const figures = figuresOf(statsOf(recorded[name].stats), noTraffic, 1)
    expect(figures).toMatchObject({
      items: 4066,
      totalItems: 6020,
      memoryLimitBytes: 8 * 1024 * 1024,
      hitRatio: 250 / 300,
      counters: {gets: 300, hits: 250, misses: 50, sets: 6020, evictions: 1953, operations: 6322},
    })
    expect(figures.memoryBytes! / figures.memoryLimitBytes!).toBeGreaterThan(0.5)
    const inner = name === 'memcached-1.6.18' ? 0 : 3
    expect(figures).toMatchObject({currConnections: 1 + inner, connections: inner})
  })

  it('tells a repcached from a memcached', () => {
    const figures = names.map(name => figuresOf(statsOf(recorded[name].stats), noTraffic, 1))
    expect(figures.map(({repcachedVersion}) => repcachedVersion)).toEqual([null, '2.3.1', '2.3.1'])
    expect(figures.map(({queueFree}) => queueFree)).toEqual([null, 1656, 5924])
  })

  it('reads what only an embedded node tells', () => {
    const own = names.map(name => parseStats(linesOf(recorded[name]['stats repbench'])))
    expect(own.slice(0, 2)).toEqual([null, null])
    expect(replicationOf(own[2]!)).toMatchObject({
      link: 'paired',
      role: 'master',
      queueLimit: 8192,
      queueDepth: 0,
      queuePeak: 2268,
      overflows: 0,
    })
  })

  it('takes our own commands out, and never counts below zero', () => {
    const own = {gets: 100, hits: 50, misses: 50, sets: 20, deletes: 1, bytesRead: 1e9, underWay: 0, bytesWritten: 10}
    const {counters, hitRatio, connections} = figuresOf(statsOf(recorded.embedded.stats), own, 2)
    expect(counters).toMatchObject({gets: 200, hits: 200, misses: 0, sets: 6000, operations: 6201, bytesRead: 0})
    expect({hitRatio, connections}).toEqual({hitRatio: 1, connections: 2})
  })

  it('leaves out what an old node does not report', () => {
    const figures = figuresOf(statsOf('STAT pid 1\r\nSTAT cmd_get 3\r\nEND\r\n'), noTraffic, 1)
    expect(figures).toMatchObject({items: null, memoryBytes: null, connections: null, hitRatio: null, version: null})
    expect(figures.counters).toMatchObject({gets: 3, sets: null, evictions: null, operations: 3})
  })

  it.each(['ERROR', 'STAT pid 1', ''])('takes %j for no list of figures', reply => {
    expect(parseStats([reply])).toBeNull()
  })
})

describe('rates', () => {
  const figures = (stats: Readonly<Record<string, number>>) =>
    figuresOf(new Map(Object.entries(stats).map(([name, value]) => [name, String(value)])), noTraffic, 0)
  const before = figures({pid: 7, uptime: 100, cmd_get: 1000, get_hits: 900, cmd_set: 50, evictions: 5, bytes_read: 9})

  it('are growth by seconds', () => {
    const after = figures({
      pid: 7,
      uptime: 102,
      cmd_get: 1400,
      get_hits: 1200,
      cmd_set: 50,
      evictions: 6,
      bytes_read: 9,
    })
    expect(ratesBetween({before, after, seconds: 2, anew: false})).toEqual({
      seconds: 2,
      operations: 200,
      gets: 200,
      hits: 150,
      sets: 0,
      evictions: 0.5,
      bytesRead: 0,
      bytesWritten: null,
      hitRatio: 0.75,
    })
  })

  it('survive a restart, which counts from zero', () => {
    const after = figures({pid: 8, uptime: 1, cmd_get: 30, get_hits: 15, cmd_set: 10, evictions: 0, bytes_read: 4})
    expect(isRestart(before, after)).toBe(true)
    const rates = ratesBetween({before, after, seconds: 2, anew: true})
    expect(rates).toMatchObject({gets: 15, sets: 5, evictions: 0, operations: 20, bytesRead: 2, hitRatio: 0.5})
  })

  it('see a restart by the uptime where every pid is 1', () => {
    expect(isRestart(figures({pid: 1, uptime: 100}), figures({pid: 1, uptime: 3}))).toBe(true)
    expect(isRestart(figures({pid: 1, uptime: 100}), figures({pid: 1, uptime: 100}))).toBe(false)
  })

  it('take a counter that is a little behind for no restart', () => {
    const after = figures({pid: 7, uptime: 101, cmd_get: 999, get_hits: 899, cmd_set: 50, evictions: 5, bytes_read: 9})
    expect(ratesBetween({before, after, seconds: 1, anew: false})).toMatchObject({gets: 0, sets: 0, operations: 0})
  })
})

describe('slab classes', () => {
  it.each(names)('of %s', name => {
    const items = statsOf(recorded[name]['stats items'])
    const slabs = statsOf(recorded[name]['stats slabs'])
    const classes = slabClassesOf({items, slabs})
    expect(classes.map(({id, chunkBytes, items: count}) => [id, chunkBytes, count])).toEqual([
      [1, 96, 499],
      [12, 1184, 3000],
      [19, 5680, 552],
      [30, 66_232, 15],
    ])
    expect(classes.map(({evicted}) => evicted)).toEqual([0, 0, 1948, 5])
  })

  it('of a class without items', () => {
    const slabs = statsOf('STAT 5:chunk_size 240\r\nSTAT 5:total_pages 1\r\nSTAT 5:used_chunks 0\r\nEND\r\n')
    expect(slabClassesOf({items: new Map(), slabs})).toMatchObject([{id: 5, items: 0, maxAgeSeconds: 0, pages: 1}])
  })
})
