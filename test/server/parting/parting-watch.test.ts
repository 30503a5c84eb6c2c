import {beforeEach, describe, expect, it, onTestFinished, vi} from 'vitest'
import {OwnTraffic} from '../../../src/ask/own-traffic.js'
import type {Parting} from '../../../src/server/parting/parting.js'
import type {PartingFound, PartingLookOptions} from '../../../src/server/parting/parting-check.js'
import {PartingWatch} from '../../../src/server/parting/parting-watch.js'
import {turns} from '../../helpers/fake-network.js'
import {answeredSample, silentSample} from '../../helpers/node-samples.js'

interface Look extends PartingLookOptions {
  readonly end: (found: PartingFound | null) => Promise<void>
  readonly fail: () => Promise<void>
}

const traffic = [new OwnTraffic(), new OwnTraffic()] as const
const parts: PartingFound = {looked: 9, parted: [{key: 'k', kind: 'onlyOnFirst'}]}
const same: PartingFound = {looked: 9, parted: []}

let looks: Look[]
let told: (Parting | null)[]
let watch: PartingWatch

beforeEach(() => {
  vi.useFakeTimers({toFake: ['performance', 'Date']})
  onTestFinished(() => {
    vi.useRealTimers()
  })
  // A monotonic clock does not begin at 0.
  vi.advanceTimersByTime(100_000)
  looks = []
  told = []
  watch = make()
})

function make(mayWrite = true): PartingWatch {
  return new PartingWatch({
    nodes: [
      {name: 'm1', address: {host: '10.0.0.1', port: 1}, traffic: traffic[0]},
      {name: 's1', address: {host: '10.0.0.2', port: 2}, traffic: traffic[1]},
    ],
    mayWrite,
    onChange: parting => told.push(parting),
    look: options => {
      const {promise, resolve, reject} = Promise.withResolvers<PartingFound | null>()
      looks.push({
        ...options,
        end: async found => {
          resolve(found)
          await turns()
        },
        fail: async () => {
          reject(new Error('no answer'))
          await turns()
        },
      })
      return promise
    },
  })
}

interface Both {
  readonly isPaired?: boolean
  readonly apartMs?: number
  readonly stored?: number
}

/** A sample of each node, of so many items. */
async function sampled(first: number, second: number, {isPaired = true, apartMs = 0, stored = 0}: Both = {}) {
  const atMs = performance.now()
  for (const [node, items, at] of [
    ['m1', first, atMs],
    ['s1', second, atMs + apartMs],
  ] as const) {
    watch.sampled(answeredSample(node, {atMs: at, stats: {curr_items: items, total_items: stored}}), isPaired)
  }
  await turns()
}

/** Two of each. */
async function suspicious(first = 10, second = 5, both: Both = {}): Promise<void> {
  for (let count = 0; count < 2; count++) {
    await sampled(first, second, both)
    vi.advanceTimersByTime(100)
  }
}

/** A watch that has found something. */
async function found(): Promise<void> {
  await suspicious()
  await looks[0]!.end(parts)
}

describe('a suspicion', () => {
  it('is looked into, with how much seems to part', async () => {
    await sampled(10, 5)
    expect(looks).toEqual([])
    await sampled(10, 5)
    expect(looks).toHaveLength(1)
    expect(looks[0]).toMatchObject({share: 0.5, mayWrite: true, signal: {aborted: false}})
    expect(looks[0]!.nodes.map(({address}) => address.host)).toEqual(['10.0.0.1', '10.0.0.2'])
  })

  it.each([
    [5, 10, 0.5],
    [10, 0, 1],
    [4, 3, 0.25],
  ])('of %d and %d items has a share of %d', async (first, second, share) => {
    await suspicious(first, second)
    expect(looks[0]!.share).toBe(share)
  })

  it('of nodes that hold nothing, or do not tell what, has a share of all', async () => {
    const stored = (m1: number, s1: number) => {
      watch.sampled(answeredSample('m1', {stats: {total_items: m1}}), true)
      watch.sampled(answeredSample('s1', {stats: {total_items: s1}}), true)
    }
    stored(0, 0)
    stored(50, 0)
    stored(50, 0)
    expect(looks[0]!.share).toBe(1)
  })

  it('is none where the link is not well', async () => {
    await suspicious(10, 5, {isPaired: false})
    await suspicious(10, 5, {isPaired: false})
    expect(looks).toEqual([])
  })

  it('needs samples of one moment: half a second apart at most', async () => {
    for (const apartMs of [501, 501, -501, -501, 500]) {
      await sampled(10, 5, {apartMs})
      vi.advanceTimersByTime(10_000)
    }
    expect(looks).toEqual([])
    await sampled(10, 5, {apartMs: -500})
    expect(looks).toHaveLength(1)
  })

  it('needs new samples of both', async () => {
    await sampled(10, 5)
    for (let count = 0; count < 3; count++) {
      watch.sampled(answeredSample('m1', {atMs: performance.now(), stats: {curr_items: 10}}), true)
    }
    expect(looks).toEqual([])
    watch.sampled(answeredSample('s1', {atMs: performance.now(), stats: {curr_items: 5}}), true)
    expect(looks).toHaveLength(1)
  })

  it('begins anew when a node is silent, or restarts', async () => {
    await sampled(10, 5)
    watch.sampled(silentSample('s1'), true)
    await sampled(10, 5)
    expect(looks).toEqual([])
    watch.sampled(answeredSample('m1', {restarted: true, atMs: performance.now(), stats: {curr_items: 10}}), true)
    watch.sampled(answeredSample('s1', {atMs: performance.now(), stats: {curr_items: 5}}), true)
    expect(looks).toEqual([])
    await sampled(10, 5)
    expect(looks).toHaveLength(1)
  })

  it('does not take up an answer of before a silence', async () => {
    watch.sampled(answeredSample('m1', {atMs: performance.now(), stats: {curr_items: 10}}), true)
    watch.sampled(silentSample('s1'), true)
    for (let count = 0; count < 3; count++) {
      watch.sampled(answeredSample('s1', {atMs: performance.now(), stats: {curr_items: 5}}), true)
    }
    expect(looks).toEqual([])
  })

  it('is not looked into without a write while anything is stored', async () => {
    watch = make(false)
    await sampled(10, 5, {stored: 0})
    vi.advanceTimersByTime(1000)
    await sampled(10, 5, {stored: 1})
    expect(looks).toEqual([])
    vi.advanceTimersByTime(1000)
    await sampled(10, 5, {stored: 1})
    expect(looks[0]).toMatchObject({mayWrite: false})
  })

  it('counts what we store ourselves out', async () => {
    watch = make(false)
    const counts = [traffic[0], traffic[1]].map(one => vi.spyOn(one, 'counts'))
    onTestFinished(() => {
      for (const spy of counts) spy.mockRestore()
    })
    let sets = 0
    for (const spy of counts) spy.mockImplementation(() => ({sets}) as ReturnType<OwnTraffic['counts']>)
    await sampled(10, 5, {stored: 0})
    sets = 2
    vi.advanceTimersByTime(1000)
    await sampled(10, 5, {stored: 4})
    expect(looks).toHaveLength(1)
  })
})

describe('a look', () => {
  it('that finds keys tells of the parting', async () => {
    await found()
    expect(told).toEqual([
      {
        text: 'the nodes part: 10 and 5 items',
        detail: 'of 9 keys looked at 1 are on m1 only (such as k)',
        items: [10, 5],
        looked: 9,
        found: {onlyOnFirst: 1, onlyOnSecond: 0, different: 0},
        examples: ['k'],
        sinceMs: Date.now(),
      },
    ])
  })

  it('is one at a time', async () => {
    await suspicious()
    vi.advanceTimersByTime(60_000)
    await suspicious()
    expect(looks).toHaveLength(1)
  })

  it('ends its connections', async () => {
    await suspicious()
    const [look] = looks
    await look!.end(same)
    for (const connection of look!.nodes) await expect(connection.open()).rejects.toThrow('the end of the look')
  })

  it('that finds nothing tells nothing, and the suspicion begins anew', async () => {
    await suspicious()
    await looks[0]!.end(same)
    vi.advanceTimersByTime(60_000)
    await sampled(10, 5)
    expect([looks.length, told]).toEqual([1, []])
    await sampled(10, 5)
    expect(looks).toHaveLength(2)
  })

  it('that could not find out changes nothing', async () => {
    await found()
    vi.advanceTimersByTime(2000)
    await sampled(10, 5)
    await looks[1]!.end(null)
    expect(told).toHaveLength(1)
  })

  it('that fails is tried again at once', async () => {
    await suspicious()
    await looks[0]!.fail()
    await sampled(10, 5)
    expect([looks.length, told]).toEqual([2, []])
  })

  it('is followed by the next after ever longer pauses, from two seconds to a minute', async () => {
    await suspicious()
    await looks[0]!.end(parts)
    for (const pauseMs of [2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]) {
      const before = looks.length
      vi.advanceTimersByTime(pauseMs - 1)
      await sampled(10, 5)
      expect([pauseMs, looks.length]).toEqual([pauseMs, before])
      vi.advanceTimersByTime(1)
      await sampled(10, 5)
      expect([pauseMs, looks.length]).toEqual([pauseMs, before + 1])
      await looks.at(-1)!.end(parts)
    }
  })

  it('may follow at once when the link was lost meanwhile, with short pauses again', async () => {
    await suspicious()
    await looks[0]!.end(null)
    vi.advanceTimersByTime(2000)
    await sampled(10, 5)
    await looks[1]!.end(null)
    watch.restart()
    await suspicious()
    expect(looks).toHaveLength(3)
    await looks[2]!.end(null)
    vi.advanceTimersByTime(2000)
    await sampled(10, 5)
    expect(looks).toHaveLength(4)
  })
})

describe('a finding', () => {
  it('goes with the difference', async () => {
    await found()
    vi.advanceTimersByTime(2000)
    await sampled(10, 5)
    await looks[1]!.end(same)
    expect(told.slice(1)).toEqual([null])
    await sampled(10, 10)
    expect(told).toHaveLength(2)
  })

  it('goes with the link, once', async () => {
    await found()
    watch.restart()
    watch.restart()
    expect(told.slice(1)).toEqual([null])
    await sampled(11, 5)
    expect(told).toHaveLength(2)
  })

  it('goes when a node is silent', async () => {
    await found()
    watch.sampled(silentSample('m1'), true)
    expect(told.slice(1)).toEqual([null])
  })

  it('has the numbers of now, and the time when it came', async () => {
    await found()
    const {sinceMs} = told[0]!
    await sampled(10, 5)
    expect(told).toHaveLength(1)
    vi.advanceTimersByTime(500)
    await sampled(12, 5)
    expect(told).toHaveLength(2)
    expect(told[1]).toMatchObject({text: 'the nodes part: 12 and 5 items', items: [12, 5], sinceMs, looked: 9})
    vi.advanceTimersByTime(2000)
    await sampled(12, 5)
    await looks[1]!.end({looked: 20, parted: parts.parted})
    expect(told[2]).toMatchObject({looked: 20, sinceMs})
  })

  it('may be of nodes that no longer tell', async () => {
    await suspicious()
    watch.sampled(silentSample('s1'), true)
    await looks[0]!.end(parts)
    expect(told[0]).toMatchObject({items: [null, null], text: 'the nodes part: unknown and unknown items'})
  })
})

describe('settling', () => {
  /** Whether it has settled. */
  function settling(signal?: AbortSignal): () => boolean {
    let done = false
    void watch.settle({signal}).then(() => {
      done = true
    })
    return () => done
  }

  it('is at once without a suspicion', async () => {
    const done = settling()
    await turns()
    expect([done(), looks]).toEqual([true, []])
  })

  it('waits for the look under way, and looks again where that could not find out', async () => {
    await suspicious()
    const done = settling()
    await turns()
    expect([done(), looks.length]).toEqual([false, 1])
    await looks[0]!.end(null)
    expect([done(), looks.length]).toEqual([false, 2])
    await looks[1]!.end(parts)
    expect([done(), told.length]).toEqual([true, 1])
  })

  it('does not look again at what was found', async () => {
    await found()
    const done = settling()
    await turns()
    expect([done(), looks.length]).toEqual([true, 1])
  })

  it('looks into a suspicion, also in a pause', async () => {
    await suspicious()
    await looks[0]!.end(null)
    await sampled(10, 5)
    expect(looks).toHaveLength(1)
    const done = settling()
    await turns()
    expect([done(), looks.length]).toEqual([false, 2])
  })

  it('can be given up, before and meanwhile', async () => {
    await suspicious()
    const giveUp = new AbortController()
    const done = settling(giveUp.signal)
    await turns()
    expect(done()).toBe(false)
    giveUp.abort()
    await turns()
    expect(done()).toBe(true)
    const given = settling(giveUp.signal)
    await turns()
    expect(given()).toBe(true)
  })

  it('leaves no listener behind', async () => {
    const {signal} = new AbortController()
    const removed = vi.spyOn(signal, 'removeEventListener')
    const done = settling(signal)
    await turns()
    expect([done(), removed.mock.calls.length]).toEqual([true, 1])
  })
})

describe('the end of a watch', () => {
  it('breaks off the look under way, and waits for it', async () => {
    await suspicious()
    let closed = false
    void watch.close().then(() => {
      closed = true
    })
    await turns()
    expect([looks[0]!.signal.aborted, closed]).toEqual([true, false])
    await looks[0]!.fail()
    expect(closed).toBe(true)
    await suspicious()
    expect(looks).toHaveLength(1)
  })

  it('is at once where nothing is under way', async () => {
    await watch.close()
    expect(looks).toEqual([])
  })
})
