import {describe, expect, test} from 'vitest'
import {type DiffOptions, diffNodes} from '../../../src/engine/check/diff-nodes.js'
import {startFakeMemcached} from '../../helpers/fake-memcached.js'
import {ScriptedClock, turns} from '../../helpers/scripted-clock.js'

interface Stored {
  readonly value?: string
  readonly flags?: number
  /** Unix seconds; 0 = never. @default 0 */
  readonly exptime?: number
  /** It is in the list of keys and nowhere else. */
  readonly isListedOnly?: boolean
}

type Items = Readonly<Record<string, Stored>>

interface NodeScript {
  /** A test may replace them. */
  items: Items
  /** How it lists its keys: all by metadump, or some by cachedump. @default 'all' */
  readonly lists?: 'all' | 'some' | 'none'
  /** How many items it counts. @default as many as there are */
  readonly counts?: number
  /** Whether it reads odd keys, by meta commands. */
  readonly hasMeta?: boolean
}

async function startNode(script: NodeScript) {
  const {lists = 'all', hasMeta = true} = script
  const itemOf = (key: string): Stored | undefined => (script.items[key]?.isListedOnly ? undefined : script.items[key])
  const listed = () => Object.entries(script.items)
  const counted = () => script.counts ?? listed().length
  const reply = (line: string): string => {
    const [method, ...words] = line.split(' ')
    switch (method) {
      case 'get':
        return `${words
          .flatMap(key => {
            const {value = 'x', flags = 0} = itemOf(key) ?? {}
            return itemOf(key) ? [`VALUE ${key} ${flags} ${value.length}\r\n${value}\r\n`] : []
          })
          .join('')}END\r\n`
      case 'version':
        return 'VERSION 1.6.18\r\n'
      case 'mn':
        return hasMeta ? 'MN\r\n' : 'ERROR\r\n'
      case 'mg': {
        const item = itemOf(Buffer.from(words[0]!, 'base64').toString('latin1'))
        return item ? `VA ${item.value?.length ?? 1} b f${item.flags ?? 0}\r\n${item.value ?? 'x'}\r\n` : 'EN\r\n'
      }
      case 'lru_crawler':
        if (lists !== 'all') return 'ERROR\r\n'
        return `${listed()
          .map(([key, {exptime}]) => `key=${encodeURIComponent(key)} exp=${exptime || -1} la=1 size=60\r\n`)
          .join('')}END\r\n`
      default:
        if (line === 'stats') return `STAT time 10\r\nSTAT uptime 10\r\nSTAT curr_items ${counted()}\r\nEND\r\n`
        if (lists !== 'some') return 'ERROR\r\n'
        if (line === 'stats items') return 'STAT items:1:number 1\r\nEND\r\n'
        return `${listed()
          .map(([key, {exptime = 0}]) => `ITEM ${key} [1 b; ${exptime} s]\r\n`)
          .join('')}END\r\n`
    }
  }
  const node = await startFakeMemcached(
    ({line}) => reply(line),
    // It does not speak the binary protocol.
    socket => socket.once('data', chunk => chunk[0] === 0x80 && socket.destroy()),
  )
  const lines = (method: string) => node.requests.map(({line}) => line).filter(line => line.startsWith(method))
  return {...node, script, lines, gets: () => lines('get ').map(line => line.split(' ').length - 1)}
}

async function comparing(a: NodeScript, b: NodeScript) {
  const clock = new ScriptedClock()
  clock.advance(70)
  const [nodeA, nodeB] = [await startNode(a), await startNode(b)]
  const diff = (options: Partial<DiffOptions> = {}) =>
    diffNodes({a: nodeA.address, b: nodeB.address, settleMs: 3000, ...options})
  /** Changes what is on the nodes during the waits, one after the other. */
  const duringWaits = (...changes: readonly (() => void)[]): void => {
    clock.onWait = ms => {
      changes[clock.waitsMs.length - 1]?.()
      clock.advance(ms)
    }
  }
  return {clock, a: nodeA, b: nodeB, diff, duringWaits}
}

const none = {missingOnA: 0, missingOnB: 0, value: 0, flags: 0, exptime: 0}
const numbered = (count: number): Items =>
  Object.fromEntries(Array.from({length: count}, (_, index) => [`k${index}`, {}]))

describe('two nodes that list their keys', () => {
  test('and hold the same are compared once', async () => {
    const {diff, clock, a, b} = await comparing({items: numbered(3)}, {items: numbered(3)})
    const told: unknown[] = []
    expect(await diff({onDifference: one => told.push(one)})).toEqual({
      keys: 3,
      same: 3,
      onNeither: 0,
      unread: 0,
      unreadExamples: [],
      differences: none,
      examples: [],
      listedBy: ['A', 'B'],
      listedInPart: [],
      seenWhole: ['A', 'B'],
      exptimes: true,
      seconds: 0,
    })
    expect([told, clock.waitsMs]).toEqual([[], []])
    expect([a.gets(), b.gets(), a.lines('lru_crawler').length]).toEqual([[3], [3], 1])
    await turns()
    expect([a.sockets.size, b.sockets.size]).toEqual([0, 0])
  })

  test('are told apart in value, flags, exptime and keys; the worst kinds first', async () => {
    const items: Items = {same: {}, value: {}, flags: {}, exptime: {exptime: 5000}, onlyA: {}}
    const other: Items = {
      ...{same: {}, value: {value: 'y'}, flags: {flags: 3}, exptime: {exptime: 9000}},
      ...{onlyB: {}, onlyB2: {}},
    }
    const {diff, clock, a, b} = await comparing({items}, {items: other})
    const told: unknown[] = []
    const result = await diff({onDifference: ({key, kind}) => told.push([key, kind])})
    expect(result).toMatchObject({
      ...{keys: 7, same: 1, onNeither: 0, unread: 0, seconds: 3},
      differences: {missingOnA: 2, missingOnB: 1, value: 1, flags: 1, exptime: 1},
    })
    expect(result!.examples.map(({kind}) => kind)).toEqual([
      ...['value', 'flags', 'missingOnA', 'missingOnA', 'missingOnB', 'exptime'],
    ])
    expect(told).toHaveLength(6)
    expect(clock.waitsMs).toEqual([1000, 1000, 1000])
    // Only differences are read again, from both, with the lists of then.
    expect([a.gets(), b.gets(), b.lines('lru_crawler').length]).toEqual([[7, 6, 6, 6], [7, 6, 6, 6], 4])
  })

  test('may differ for a while', async () => {
    const {diff, clock, a, b, duringWaits} = await comparing(
      {items: {k: {}, l: {}, m: {}}},
      {items: {k: {exptime: 90}}},
    )
    duringWaits(
      () => {
        b.script.items = {k: {}, l: {value: 'y'}}
        a.script.items = {k: {}, l: {}}
      },
      () => {
        b.script.items = {k: {}, l: {}}
      },
    )
    expect(await diff()).toMatchObject({keys: 3, same: 3, differences: none, unread: 0})
    expect([clock.waitsMs.length, b.gets()]).toEqual([2, [3, 3, 1]])
  })

  test('are waited for a second in all, and not after an interrupt', async () => {
    const {diff, clock, a} = await comparing({items: {k: {}}}, {items: {}})
    await diff({settleMs: undefined as unknown as number})
    expect(clock.waitsMs.map(Math.round)).toEqual([333, 333, 333])
    const stop = new AbortController()
    clock.onWait = () => stop.abort(new Error('stopped'))
    await expect(diff({signal: stop.signal})).rejects.toThrow('stopped')
    await turns()
    expect([clock.waitsMs.length, a.sockets.size]).toEqual([4, 0])
  })

  test('tell how far the comparison is, 200 keys at a time and four times ahead', async () => {
    const {diff, a, b} = await comparing({items: numbered(1201)}, {items: numbered(1201)})
    const told: unknown[] = []
    expect(await diff({onProgress: progress => told.push(progress)})).toMatchObject({keys: 1201, same: 1201})
    expect(told).toEqual([800, 1000, 1200].map(compared => ({compared, keys: 1201})))
    expect([a.gets(), b.gets()]).toEqual([
      [...[200, 200, 200, 200, 200, 200], 1],
      [...[200, 200, 200, 200, 200, 200], 1],
    ])
    expect(await diff()).toMatchObject({same: 1201})
  })
})

describe('a key that is listed and not there', () => {
  const later = Math.floor(Date.now() / 1000) + 5000

  test.each([
    ['has expired', {exptime: 100}, {onNeither: 1, unread: 0, unreadExamples: []}],
    ['never expires, and cannot be read', {exptime: 0}, {onNeither: 0, unread: 1, unreadExamples: ['gone']}],
    ['has not expired, and cannot be read', {exptime: later}, {onNeither: 0, unread: 1, unreadExamples: ['gone']}],
  ])('%s', async (_, item, outcome) => {
    const nodes = {items: {gone: {...item, isListedOnly: true}, k: {}}}
    const {diff, clock} = await comparing(nodes, {items: {k: {}}})
    expect(await diff()).toMatchObject({...outcome, keys: 2, same: 1, differences: none})
    expect(clock.waitsMs).toHaveLength(outcome.unread === 0 ? 1 : 3)
  })

  test('is looked at again: it may have gone from the lists, or be there', async () => {
    const gone = {isListedOnly: true}
    const {diff, a, b, duringWaits} = await comparing({items: {x: gone, y: gone, z: gone}}, {items: {}})
    duringWaits(() => {
      a.script.items = {x: {}, z: gone}
      b.script.items = {x: {}}
    })
    expect(await diff()).toMatchObject({keys: 3, onNeither: 2, unread: 1, unreadExamples: ['z'], differences: none})
  })

  test('counts as a difference where it comes back on one node', async () => {
    const {diff, a, duringWaits} = await comparing({items: {x: {isListedOnly: true}}}, {items: {}})
    duringWaits(() => {
      a.script.items = {x: {}}
    })
    expect(await diff()).toMatchObject({unread: 0, differences: {missingOnB: 1}})
  })

  test('is not unread where it was a difference before', async () => {
    const {diff, a, duringWaits} = await comparing({items: {x: {}}}, {items: {}})
    duringWaits(() => {
      a.script.items = {x: {isListedOnly: true}}
    })
    expect(await diff()).toMatchObject({unread: 0, differences: none})
  })

  test('is named among the first few', async () => {
    const items = Object.fromEntries(Array.from({length: 12}, (_, index) => [`k${index}`, {isListedOnly: true}]))
    const {diff} = await comparing({items}, {items: {}})
    const result = await diff()
    expect([result!.unread, result!.unreadExamples.length]).toEqual([12, 10])
  })
})

describe('keys that were asked for', () => {
  test('are compared without lists', async () => {
    const {diff, a, b, clock} = await comparing({items: {k: {exptime: 5}, l: {}}}, {items: {k: {}, m: {}}})
    expect(await diff({keys: ['k', 'm', 'nowhere']})).toMatchObject({
      ...{keys: 3, same: 1, onNeither: 1, unread: 0, differences: {...none, missingOnA: 1}},
      ...{listedBy: ['keys'], listedInPart: [], seenWhole: [], exptimes: false},
    })
    expect(clock.waitsMs).toHaveLength(3)
    for (const node of [a, b]) expect([node.lines('lru_crawler'), node.lines('stats')]).toEqual([[], []])
  })

  test('and are on neither node are not asked for again', async () => {
    const {diff, clock} = await comparing({items: {}}, {items: {}})
    expect(await diff({keys: ['nowhere']})).toMatchObject({keys: 1, same: 0, onNeither: 1, unread: 0})
    expect(clock.waitsMs).toEqual([])
  })
})

describe('nodes that do not list all their keys', () => {
  test('cannot be compared where neither lists any', async () => {
    const {diff, a, b} = await comparing({items: {k: {}}, lists: 'none'}, {items: {}, lists: 'none'})
    expect(await diff()).toBeNull()
    expect([a.gets(), b.gets()]).toEqual([[], []])
  })

  test.each([
    [2, ['A', 'B']],
    [3, ['A']],
  ] as const)('are seen whole where they count %i items of 2', async (counts, seenWhole) => {
    const {diff, a, b} = await comparing({items: {k: {}, l: {}}}, {items: {k: {}, l: {}}, lists: 'none', counts})
    expect(await diff()).toMatchObject({same: 2, listedBy: ['A'], listedInPart: [], seenWhole, exptimes: false})
    expect([a.lines('stats').length, b.lines('stats').length]).toEqual([1, 3])
  })

  test('are seen whole likewise where only B lists them', async () => {
    const items = {k: {}, l: {}}
    for (const [counts, seenWhole] of [
      [2, ['A', 'B']],
      [3, ['B']],
    ] as const) {
      const {diff} = await comparing({items, lists: 'none', counts}, {items: {...items, m: {}}})
      expect(await diff()).toMatchObject({same: 2, listedBy: ['B'], seenWhole, differences: {missingOnA: 1}})
    }
  })

  test('may list some', async () => {
    const some: NodeScript = {items: {k: {exptime: 5000}}, lists: 'some', counts: 9}
    const {diff} = await comparing(some, {items: {k: {exptime: 9000}, l: {}}})
    expect(await diff()).toMatchObject({
      ...{listedBy: ['A', 'B'], listedInPart: ['A'], seenWhole: ['B'], exptimes: true},
      differences: {...none, missingOnA: 1, exptime: 1},
    })
    const other = await comparing({items: {k: {}, l: {}}}, {...some, items: {k: {}}})
    expect(await other.diff()).toMatchObject({listedInPart: ['B'], seenWhole: ['A'], differences: {missingOnB: 1}})
  })

  test('count what they hold among the keys that were read', async () => {
    const some = (items: Items, counts: number): NodeScript => ({items, lists: 'some', counts})
    const fewer = await comparing(some({k: {}, l: {}}, 3), some({k: {}}, 2))
    expect(await fewer.diff()).toMatchObject({seenWhole: []})
    const odd = {'a b': {}, k: {}}
    const unread = await comparing({items: odd, hasMeta: false}, {items: odd, lists: 'none', counts: 2, hasMeta: false})
    expect(await unread.diff()).toMatchObject({unread: 1, same: 1, seenWhole: ['A', 'B']})
    const turned = await comparing({items: odd, lists: 'none', counts: 2, hasMeta: false}, {items: odd, hasMeta: false})
    expect(await turned.diff()).toMatchObject({unread: 1, same: 1, seenWhole: ['A', 'B']})
  })
})

describe('keys that no line of text can name', () => {
  const oddItems = (count: number): Items => Object.fromEntries(Array.from({length: count}, (_, i) => [`odd ${i}`, {}]))

  test('are read 20 at a time, besides the others', async () => {
    const items = {...oddItems(41), k: {}}
    const {diff, a} = await comparing({items}, {items: {...items, 'odd 7': {flags: 4}, 'odd 40': {value: 'y'}}})
    expect(await diff()).toMatchObject({keys: 42, same: 40, unread: 0, differences: {...none, value: 1, flags: 1}})
    expect([a.gets()[0], a.lines('mg ').length]).toEqual([1, 41 + 3 * 2])
  })

  test('and cannot be read are unread where both nodes list them, or one that may hold more', async () => {
    const odd = (items: Items, lists: NodeScript['lists'] = 'all'): NodeScript => ({
      ...{items, lists, hasMeta: false},
      counts: 9,
    })
    const both = await comparing(odd({'a b': {}, k: {}}), odd({'a b': {}, k: {}}))
    expect(await both.diff()).toMatchObject({keys: 2, same: 1, unread: 1, unreadExamples: ['a b'], differences: none})
    for (const [here, there] of [
      [odd({'a b': {}}), odd({k: {}}, 'some')],
      [odd({k: {}}, 'some'), odd({'a b': {}})],
    ] as const) {
      const {diff} = await comparing(here, there)
      expect(await diff()).toMatchObject({unread: 1, unreadExamples: ['a b']})
    }
  })

  test('and cannot be read are missing where a node lists all and not them', async () => {
    const node = (items: Items): NodeScript => ({items, hasMeta: false})
    const onA = await comparing(node({'a b': {}}), node({}))
    expect(await onA.diff()).toMatchObject({
      ...{same: 0, unread: 0, differences: {...none, missingOnB: 1}},
      examples: [{key: 'a b', kind: 'missingOnB', text: 'only A lists it'}],
    })
    const onB = await comparing(node({}), node({'a b': {}}))
    expect(await onB.diff()).toMatchObject({
      ...{same: 0, unread: 0, differences: {...none, missingOnA: 1}},
      examples: [{key: 'a b', kind: 'missingOnA', text: 'only B lists it'}],
    })
  })

  test('and can be read on one node only are unread', async () => {
    for (const [a, b] of [
      [true, false],
      [false, true],
    ] as const) {
      const items = {'a b': {}}
      const {diff} = await comparing({items, hasMeta: a}, {items, hasMeta: b})
      expect(await diff()).toMatchObject({unread: 1, same: 0, onNeither: 0})
    }
  })
})

test('a node that does not answer', async () => {
  const clock = new ScriptedClock()
  const silent = await startFakeMemcached(() => undefined)
  const {address: a, sockets} = await startNode({items: {k: {}}})
  const outcomes: unknown[] = []
  diffNodes({a, b: silent.address, timeoutMs: 50}).catch((error: Error) => outcomes.push(error.message))
  await turns()
  clock.advance(49)
  await turns()
  expect(outcomes).toEqual([])
  clock.advance(10)
  await turns()
  expect(outcomes).toEqual([expect.stringContaining('no reply within 50 ms')])
  expect(sockets.size).toBe(0)
})
