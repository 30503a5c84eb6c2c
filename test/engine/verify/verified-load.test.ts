import {expect, test} from 'vitest'
import {Random} from '../../../src/engine/data/random.js'
import type {LoadPlan} from '../../../src/engine/plan/plan.js'
import {runResultSchema} from '../../../src/engine/result/run-result.js'
import {runLoad} from '../../../src/engine/run/run.js'
import type {Address} from '../../../src/protocol/address.js'
import {startEmbedded} from '../../helpers/embedded.js'
import {startFakeMemcached} from '../../helpers/fake-memcached.js'
import {startMemcached} from '../../helpers/memcached.js'
import {inProcess} from '../helpers/in-process.js'
import {makePlan} from '../helpers/plans.js'

const mixed: Partial<LoadPlan> = {
  verify: true,
  connections: 6,
  threads: 2,
  callsPerConnection: 1000,
  pipeline: 8,
  keyCount: 40,
  keyDistribution: {kind: 'uniform'},
  sizes: {kind: 'uniform', minBytes: 8, maxBytes: 2000},
  mix: [
    {method: 'get', weight: 4},
    {method: 'set', weight: 2},
    {method: 'gets', weight: 1},
    {method: 'cas', weight: 1},
    {method: 'delete', weight: 1},
    {method: 'add', weight: 1},
    {method: 'touch', weight: 1},
  ],
}

async function run(address: Address, changes: Partial<LoadPlan>) {
  const result = await runLoad({
    plan: makePlan({...mixed, ...changes}),
    targets: [address],
    signal: new AbortController().signal,
    startThread: inProcess,
  })
  expect(runResultSchema.parse(result)).toEqual(result)
  return result
}

const faultless = {stale: 0, missing: 0, foreign: 0, corrupt: 0, worstStaleVersions: 0, examples: []}

test.each<[string, Partial<LoadPlan>]>([
  ['pipelines', {}],
  ['gets of many keys', {multigetKeys: 7}],
  ['an open loop', {ratePerSecond: 5000, pipeline: 1}],
  ['a prefill', {prefill: true, warmupSeconds: 0.1}],
  ['keys in sequence', {keyDistribution: {kind: 'sequential'}, keyCount: 41}],
  ['hot keys', {keyDistribution: {kind: 'zipf', exponent: 1}, keyCount: 7}],
  ['keys that nobody writes', {hitRatio: 0.5}],
  ['sizes that may be too small', {sizes: {kind: 'exponential', meanBytes: 20}}],
])('finds no fault with the embedded node: %s', async (_, changes) => {
  const {address} = await startEmbedded()
  const {verification, verdict, operations, reads} = await run(address, changes)
  expect(verification).toMatchObject({...faultless, leftover: 0})
  expect(verification!.fresh).toBeGreaterThan(500)
  // What cas reads first is checked too, but is no read of its own.
  expect(verification!.fresh).toBeGreaterThanOrEqual(reads!.found)
  expect([verdict, operations.errors]).toEqual(['pass', {}])
})

test('finds none with memcached, and in a second run only what the first left', async () => {
  const {address} = await startMemcached()
  const changes = {threads: 1, mix: [...mixed.mix!.filter(({method}) => method !== 'add')]}
  expect((await run(address, changes)).verification).toMatchObject({...faultless, leftover: 0})
  const {verification, verdict} = await run(address, {...changes, sizes: {kind: 'fixed', bytes: 100}})
  expect(verification).toMatchObject(faultless)
  expect(verification!.leftover).toBeGreaterThan(0)
  expect(verdict).toBe('pass')
})

test('a node too small for its keys is seen to lose them', async () => {
  const {address} = await startEmbedded({memoryLimitBytes: 4 * 1024 * 1024})
  const {verification, verdict} = await run(address, {
    keyCount: 2000,
    keyDistribution: {kind: 'uniform'},
    prefill: true,
    sizes: {kind: 'fixed', bytes: 10_000},
    mix: [{method: 'get', weight: 1}],
  })
  expect(verification!.missing).toBeGreaterThan(1000)
  expect(verification).toMatchObject({stale: 0, foreign: 0, corrupt: 0})
  expect(verdict).toBe('fail')
})

type Lie = (key: string, history: readonly string[]) => string | undefined

const lies: Readonly<Record<'stale' | 'missing' | 'foreign' | 'cut' | 'flipped', Lie>> = {
  stale: (_, history) => history.at(-2),
  missing: () => undefined,
  foreign: (_, history) => (history.length > 0 ? others.at(-1) : undefined),
  cut: (_, history) => history.at(-1)?.slice(0, -1),
  flipped: (_, history) => history.at(-1)?.replace(/.$/s, last => String.fromCharCode(last.charCodeAt(0) ^ 4)),
}
/** The last value of another key. */
let others: string[] = []

test.each([
  ['stale', 'stale'],
  ['missing', 'missing'],
  ['foreign', 'foreign'],
  ['cut', 'corrupt'],
  ['flipped', 'corrupt'],
] as const)('counts every lie of a server: %s', async (lie, kind) => {
  const histories = new Map<string, string[]>()
  const random = new Random({seed: 1, stream: 0}).next
  let lied = 0
  others = []
  const {address} = await startFakeMemcached(({method, key, value}) => {
    const history = histories.get(key) ?? []
    histories.set(key, history)
    if (method === 'set') {
      history.push(value!.toString('latin1'))
      return 'STORED\r\n'
    }
    others = [...histories].filter(([name]) => name !== key).flatMap(([, versions]) => versions.slice(-1))
    const lying = history.length > 1 && others.length > 0 && random() < 0.3
    if (lying) lied++
    const data = lying ? lies[lie](key, history) : history.at(-1)
    return data === undefined ? 'END\r\n' : `VALUE ${key} 0 ${data.length}\r\n${data}\r\nEND\r\n`
  })
  const {verification, verdict} = await run(address, {
    connections: 1,
    threads: 1,
    pipeline: 1,
    sizes: {kind: 'uniform', minBytes: 24, maxBytes: 200},
    mix: [
      {method: 'get', weight: 1},
      {method: 'set', weight: 1},
    ],
  })
  expect(lied).toBeGreaterThan(50)
  expect(verification).toMatchObject({
    ...faultless,
    [kind]: lied,
    worstStaleVersions: kind === 'stale' ? 1 : 0,
    examples: expect.anything(),
  })
  expect(verification!.examples).toHaveLength(10)
  expect(verification!.examples.every(example => example.kind === kind)).toBe(true)
  expect(verdict).toBe('fail')
})

test('connections that break raise no false alarm', async () => {
  const values = new Map<string, string>()
  const {address} = await startFakeMemcached(({method, key, value, index, socket}) => {
    // Some of the calls under way were carried out, some not.
    if (index % 97 === 96) socket.resetAndDestroy()
    if (socket.destroyed && index % 3 === 0) return undefined
    if (method === 'get') {
      const data = values.get(key)
      return data === undefined ? 'END\r\n' : `VALUE ${key} 0 ${data.length}\r\n${data}\r\nEND\r\n`
    }
    if (method === 'delete') return values.delete(key) ? 'DELETED\r\n' : 'NOT_FOUND\r\n'
    values.set(key, value!.toString('latin1'))
    return 'STORED\r\n'
  })
  const {verification, operations, connections} = await run(address, {
    reconnect: true,
    keyCount: 10,
    callsPerConnection: 300,
    mix: [
      {method: 'get', weight: 3},
      {method: 'set', weight: 2},
      {method: 'delete', weight: 1},
    ],
  })
  expect(operations.lostWithConnection).toBeGreaterThan(0)
  expect(connections.reopened).toBeGreaterThan(2)
  expect(verification).toMatchObject(faultless)
})
