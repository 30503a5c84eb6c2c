import {describe, expect, it} from 'vitest'
import {converse} from '../../helpers/converse.js'
import {startEmbedded} from '../../helpers/embedded.js'
import {startLinkedPair} from '../../helpers/linked-pair.js'
import {waitFor} from '../../helpers/wait-for.js'
import {delayedPair} from '../helpers/delayed-pair.js'
import {probing} from '../helpers/probing.js'

describe('the open loop', () => {
  it('writes by schedule, each time a key of its own, while nothing arrives', async () => {
    const [{address: a}, {address: b}] = [await startEmbedded(), await startEmbedded()]
    const startMs = performance.now()
    const {probe, count} = probing(a, b)
    await waitFor(() => expect(count('stored')).toBeGreaterThan(60))
    await probe.stop()
    const elapsedMs = performance.now() - startMs
    const {aToB, bToA} = probe.record.summary()
    // On a machine that stood still for long, some of what was due is left out.
    expect(aToB.count).toBeLessThanOrEqual(elapsedMs / 20 + 1)
    expect([aToB.unseen, bToA.unseen]).toEqual([aToB.count, bToA.count])
    expect(probe.record.crossedSince(0)).toBe(false)
    expect(probe.record.worstLagMs(0)).toBe(0)
    // A link that is dead has the age of the first write as its lag.
    expect(aToB.max).toBeGreaterThan((elapsedMs - 1000) * 1000)
    expect(await converse(a, 'stats\r\n')).toContain('STAT curr_items 0\r\n')
    expect(await converse(a, 'stats\r\n')).toContain(`STAT cmd_set ${aToB.count}\r\n`)
  })

  it('has a live lag that climbs while the link holds everything, and the true one of each write afterwards', async () => {
    const {master, slave, hold, release} = await startLinkedPair()
    const {probe} = probing(master, slave)
    await waitFor(() => expect(probe.record.crossedSince(0)).toBe(true))
    const heldMs = performance.now()
    hold()
    for (const least of [200, 500, 1000]) {
      await waitFor(() => expect(probe.record.liveUs('aToB')).toBeGreaterThan(least * 1000))
    }
    const stalledMs = performance.now() - heldMs
    expect(probe.record.summary().aToB.max).toBeGreaterThan(1_000_000)
    release()
    await waitFor(() => expect(probe.record.worstLagMs(0)).toBeGreaterThan(stalledMs - 300))
    await probe.stop({drainMs: 5000})
    const {aToB} = probe.record.summary()
    expect([aToB.unseen, aToB.atLeast]).toEqual([0, []])
    expect(aToB.max).toBeLessThan((stalledMs + 1500) * 1000)
    // About as many writes as were due while nothing crossed took longer than half of the time: none was left out.
    expect(aToB.p90).toBeGreaterThan(100_000)
  })
})

describe('a lag', () => {
  it('leaves no key behind, and no two writes have one', async () => {
    const {start, store, keys} = delayedPair(5)
    const [master, slave] = await start()
    const {probe, count} = probing(master.address, slave.address)
    await waitFor(() => expect(count('seen')).toBeGreaterThan(10))
    await probe.stop()
    expect(keys.size).toBeGreaterThanOrEqual(count('stored'))
    expect(store.size).toBe(0)
  })
})

describe('a node that is not there', () => {
  it('is waited for: what was written on the other one meanwhile is not seen', async () => {
    const {address: a} = await startEmbedded()
    const {probe, count} = probing(a, {host: '127.0.0.1', port: 1})
    await waitFor(() => expect(count('stored')).toBeGreaterThan(5))
    expect(probe.evidence[0]).toMatchObject({crossedAtMs: null, missing: null})
    expect(probe.evidence[0].problem).toContain('nothing listens there')
    await probe.stop()
    const {aToB, bToA} = probe.record.summary()
    expect(aToB.unseen).toBe(aToB.count)
    // Nothing was written there: that is no lag.
    expect([bToA.count, bToA.notStored > 0]).toEqual([0, true])
  })
})
