import {describe, expect, onTestFinished, test} from 'vitest'
import {PairCheck} from '../../../src/engine/check/pair-check.js'
import type {StartLagProbe} from '../../../src/engine/lag/lag-probe.js'
import {LagRecord} from '../../../src/engine/lag/lag-record.js'
import {noRequests} from '../../../src/engine/measure/request-counts.js'
import {ScriptedClock, turns} from '../../helpers/scripted-clock.js'
import {ledgerParts, startLedgerNode} from '../helpers/ledger-parts.js'

const calm = {pid: 1, evictions: 0, bytes: 1, limit_maxbytes: 100}

/** A load of one key, intact on each of the nodes. */
async function pair(count: 1 | 2 = 2) {
  const clock = new ScriptedClock()
  const {plan, verify, write} = ledgerParts()
  write(1, 1)
  const start = () => startLedgerNode({held: {1: {version: 1}}, stats: calm})
  const [a, b] = [await start(), await start()]
  const [first, second] = [
    {name: 'a', address: a.address},
    {name: 'b', address: b.address},
  ]
  const requests = noRequests()
  const check = new PairCheck(count === 1 ? [first] : [first, second], requests)
  onTestFinished(() => check.close())
  return {clock, check, requests, a, b, parts: {plan, verify, settleMs: 3}}
}

/** A record of a probe whose writes have crossed at the so-manieth look. */
function crossingAt(look: number) {
  const record = new LagRecord()
  const looks: number[] = []
  record.crossedSince = sinceMs => looks.push(sinceMs) >= look
  return {record, looks}
}

describe('after a load', () => {
  test('a single node has nothing that could cross', async () => {
    const {check, clock, parts} = await pair(1)
    expect(await check.check(parts)).toMatchObject({crossed: null, nodes: ['a'], keys: 1, intact: 1})
    // Only for a request under way, which there is none of.
    expect(clock.waitsMs).toEqual([1000])
  })

  test('a pair is read when writes from now on have crossed', async () => {
    const {check, clock, parts, a} = await pair()
    clock.advance(70)
    const {record, looks} = crossingAt(3)
    clock.onWait = ms => {
      if (ms === 5) expect(a.lines()).toEqual([])
      clock.advance(ms)
    }
    const startProbe: StartLagProbe = () => {
      throw new Error('Expected no other probe')
    }
    const result = await check.check({...parts, probe: {record}, startProbe})
    expect(result).toMatchObject({crossed: true, nodes: ['a', 'b'], keys: 1, intact: 1})
    expect(looks).toEqual([70, 70, 70])
    expect(clock.waitsMs).toEqual([5, 5, 1000])
  })

  test.each([
    [20, 20],
    [undefined, 5000],
  ])('a pair that does not cross is waited for %s ms', async (crossLimitMs, waitedMs) => {
    const {check, clock, parts} = await pair()
    clock.advance(70)
    const {record} = crossingAt(Number.POSITIVE_INFINITY)
    const limit = crossLimitMs === undefined ? {} : {crossLimitMs}
    expect(await check.check({...parts, ...limit, probe: {record}})).toMatchObject({crossed: false, intact: 1})
    expect(clock.waitsMs.slice(0, -1)).toEqual(Array.from({length: waitedMs / 5}, () => 5))
  })

  test('a pair without a probe gets one, which is counted and stopped', async () => {
    const {check, parts, requests, a, b} = await pair()
    const {record} = crossingAt(2)
    const counts = {connections: 2, sets: 30, gets: 40, deletes: 50}
    const events: unknown[] = []
    const startProbe: StartLagProbe = addresses => {
      events.push(addresses)
      const stop = async () => {
        events.push('stopped')
        record.counted({a: counts, b: {connections: 0, sets: 0, gets: 0, deletes: 0}})
      }
      return {record, stop}
    }
    expect(await check.check({...parts, startProbe})).toMatchObject({crossed: true})
    expect(events).toEqual([{a: a.address, b: b.address}, 'stopped'])
    const own = {connections: 4, gets: 2}
    expect(requests).toMatchObject({...{sets: 30, deletes: 50}, gets: 40 + own.gets})
  })

  test('an interrupt ends the wait, and the probe', async () => {
    const {check, clock, parts, a} = await pair()
    const stop = new AbortController()
    clock.onWait = () => stop.abort(new Error('stopped'))
    let isStopped = false
    const startProbe: StartLagProbe = () => ({
      record: crossingAt(9).record,
      stop: async () => {
        isStopped = true
      },
    })
    await expect(check.check({...parts, startProbe, signal: stop.signal})).rejects.toThrow('stopped')
    expect([isStopped, a.lines()]).toEqual([true, []])
  })
})

describe('what nodes evict', () => {
  test('counts from the start of the load on', async () => {
    const {check, parts, a, clock} = await pair(1)
    a.script.stats = {...calm, evictions: 5}
    await check.start()
    a.script.held = {}
    a.script.stats = {...calm, evictions: 6}
    const {evicted, removals, findings} = await check.check(parts)
    expect([evicted, removals[0]!.evictions, findings.lost]).toEqual([1, 1, 0])
    const lines = a.lines().length
    clock.advance(5000)
    await turns()
    expect(a.lines()).toHaveLength(lines)
  })

  test('is asked for within the time of one reply', async () => {
    const {check, clock, parts} = await pair(1)
    await check.check({...parts, replyMs: 300})
    expect(clock.waitsMs).toEqual([300])
  })

  test('is not asked for once the check is closed', async () => {
    const {check, clock, a} = await pair(1)
    await check.start()
    check.close()
    clock.advance(5000)
    await turns()
    expect(a.lines()).toEqual(['stats'])
  })
})
