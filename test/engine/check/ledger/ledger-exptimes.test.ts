import {expect, test} from 'vitest'
import {compareExptimes} from '../../../../src/engine/check/ledger/ledger-exptimes.js'
import {formatKey} from '../../../../src/engine/data/key-text.js'
import {startFakeMemcached} from '../../../helpers/fake-memcached.js'

/** A node that lists keys with exptimes in Unix seconds; without a list, one that cannot. */
function startNode(list: readonly (readonly [key: string, exptime: number])[] | null, {isWhole = true} = {}) {
  return startFakeMemcached(({line}) => {
    if (line === 'version') return 'VERSION 1.6.18\r\n'
    if (line === 'stats') return `STAT time 1010\r\nSTAT uptime 10\r\nSTAT curr_items ${isWhole ? 0 : 99}\r\nEND\r\n`
    if (list === null) return 'ERROR\r\n'
    if (line === 'stats items') return 'STAT items:1:number 1\r\nEND\r\n'
    if (line.startsWith('stats cachedump')) {
      return `${list.map(([key, exptime]) => `ITEM ${key} [1 b; ${exptime} s]\r\n`).join('')}END\r\n`
    }
    if (!isWhole) return 'ERROR\r\n'
    return `${list.map(([key, exptime]) => `key=${key} exp=${exptime || -1} la=1 cas=1 fetch=no cls=1 size=60\r\n`).join('')}END\r\n`
  })
}

const key = (number: number) => formatKey('k:', number)

async function compare(a: Awaited<ReturnType<typeof startNode>>, b: Awaited<ReturnType<typeof startNode>>) {
  return compareExptimes({nodes: [a.address, b.address], keyPrefix: 'k:', keyCount: 5})
}

test("of the load's keys that both nodes list, those whose exptimes differ", async () => {
  const a = await startNode([
    [key(1), 5000],
    [key(2), 5000],
    [key(3), 0],
    [key(4), 5000],
    [key(6), 5000],
    ['other', 5000],
  ])
  const b = await startNode([
    [key(1), 5002],
    [key(2), 5003],
    [key(3), 6000],
    [key(5), 7000],
    [key(6), 9000],
    ['other', 9000],
    ['another', 9000],
  ])
  expect(await compare(a, b)).toEqual({
    others: new Map([
      [2, [5000, 5003]],
      [3, [0, 6000]],
    ]),
    compared: 3,
    extent: 'all',
  })
})

test('the last key of a load is compared too', async () => {
  const {others, compared} = await compare(await startNode([[key(5), 5000]]), await startNode([[key(5), 0]]))
  expect([compared, [...others]]).toEqual([1, [[5, [5000, 0]]]])
})

test('where the first node lists no keys, the other is not asked', async () => {
  const b = await startNode([[key(1), 5000]])
  expect(await compare(await startNode(null), b)).toEqual({others: new Map(), compared: 0, extent: 'none'})
  expect(b.requests).toEqual([])
})

test('the comparison reaches as far as the shorter list', async () => {
  const list = [[key(1), 5000]] as const
  const whole = () => startNode(list)
  const part = () => startNode(list, {isWhole: false})
  expect(await compare(await whole(), await part())).toMatchObject({compared: 1, extent: 'some'})
  expect(await compare(await part(), await whole())).toMatchObject({compared: 1, extent: 'some'})
  expect(await compare(await whole(), await startNode(null))).toMatchObject({compared: 0, extent: 'none'})
})
