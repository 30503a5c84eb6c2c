import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {WaitingPeers} from '../../../../src/server/embedded/replication/waiting-peers.js'

const waiting = () => new WaitingPeers<string>({silenceMs: 2000, displacedMs: 100})
const overdueOf = (peers: WaitingPeers<string>, nowMs: number) => peers.overdue(nowMs).map(({peer}) => peer)

describe('connections that wait at a replication port', () => {
  it('may be silent until their time is over', () => {
    const peers = waiting()
    peers.arrive({peer: 'a', address: '10.0.0.1', nowMs: 5})
    expect(peers.nextDeadlineMs).toBe(2005)
    expect(overdueOf(peers, 2004)).toEqual([])
    expect(peers.overdue(2005)).toEqual([expect.objectContaining({peer: 'a', address: '10.0.0.1', displaced: false})])
    expect(peers.leave('a')).toBe(true)
    expect(peers.leave('a')).toBe(false)
    expect([peers.size, peers.nextDeadlineMs]).toEqual([0, null])
  })

  it('make room after a moment for the next of their address, but not for others', () => {
    const peers = waiting()
    peers.arrive({peer: 'a', address: '10.0.0.1', nowMs: 0})
    peers.arrive({peer: 'other', address: '10.0.0.2', nowMs: 0})
    peers.arrive({peer: 'b', address: '10.0.0.1', nowMs: 60})
    peers.arrive({peer: 'c', address: '10.0.0.1', nowMs: 500})
    expect(overdueOf(peers, 99)).toEqual([])
    expect(overdueOf(peers, 100)).toEqual(['a'])
    expect(overdueOf(peers, 500)).toEqual(['a', 'b'])
    expect(overdueOf(peers, 1999)).toEqual(['a', 'b'])
    expect(overdueOf(peers, 2500)).toEqual(['a', 'other', 'b', 'c'])
  })

  it('are bounded: displaced ones go first, those alone at their address last', () => {
    const peers = waiting()
    peers.arrive({peer: 'alone', address: '10.0.0.1', nowMs: 0})
    for (let count = 0; count < 255; count++) {
      expect(peers.arrive({peer: `flood${count}`, address: '10.0.0.2', nowMs: 0})).toBeNull()
    }
    expect(peers.arrive({peer: 'next', address: '10.0.0.3', nowMs: 0})?.peer).toBe('flood0')
    expect(peers.arrive({peer: 'flood255', address: '10.0.0.2', nowMs: 0})?.peer).toBe('flood1')
    expect(peers.size).toBe(256)
    const many = waiting()
    for (let count = 0; count < 256; count++) many.arrive({peer: `p${count}`, address: `10.0.1.${count}`, nowMs: 0})
    expect(many.arrive({peer: 'last', address: '10.0.2.0', nowMs: 0})?.peer).toBe('p0')
  })

  it('keep their time when the next comes after a displaced one’s is over', () => {
    const peers = waiting()
    peers.arrive({peer: 'a', address: '10.0.0.1', nowMs: 0})
    peers.arrive({peer: 'b', address: '10.0.0.1', nowMs: 1950})
    expect(peers.overdue(1950)).toEqual([expect.objectContaining({peer: 'a', displaced: true})])
    expect(peers.nextDeadlineMs).toBe(1950)
    const others = waiting()
    others.arrive({peer: 'a', address: '10.0.0.1', nowMs: 0})
    others.arrive({peer: 'b', address: '10.0.0.1', nowMs: 2500})
    expect(others.nextDeadlineMs).toBe(2000)
  })

  it('are displaced by the next only while they wait', () => {
    const peers = waiting()
    peers.arrive({peer: 'a', address: '10.0.0.1', nowMs: 0})
    peers.arrive({peer: 'b', address: '10.0.0.1', nowMs: 10})
    peers.leave('a')
    peers.arrive({peer: 'c', address: '10.0.0.1', nowMs: 20})
    expect(overdueOf(peers, 110)).toEqual(['b'])
    peers.leave('c')
    peers.arrive({peer: 'd', address: '10.0.0.1', nowMs: 30})
    expect(overdueOf(peers, 1999)).toEqual(['b'])
    expect(peers.overdue(2030)).toEqual([
      expect.objectContaining({peer: 'b', displaced: true}),
      expect.objectContaining({peer: 'd', displaced: false}),
    ])
  })

  it('have their earliest deadline told', () => {
    const peers = waiting()
    expect(peers.nextDeadlineMs).toBeNull()
    peers.arrive({peer: 'a', address: '10.0.0.1', nowMs: 50})
    peers.arrive({peer: 'b', address: '10.0.0.2', nowMs: 60})
    expect(peers.nextDeadlineMs).toBe(2050)
    peers.arrive({peer: 'c', address: '10.0.0.2', nowMs: 70})
    expect(peers.nextDeadlineMs).toBe(160)
  })

  it('are all gone when the port closes, and no newcomer displaces one of before', () => {
    const peers = waiting()
    peers.arrive({peer: 'a', address: '10.0.0.1', nowMs: 0})
    peers.arrive({peer: 'b', address: '10.0.0.2', nowMs: 0})
    expect(peers.clear()).toEqual(['a', 'b'])
    expect([peers.size, peers.nextDeadlineMs, peers.clear()]).toEqual([0, null, []])
    const before = peers.arrive({peer: 'c', address: '10.0.0.1', nowMs: 5})
    expect([before, peers.size, peers.nextDeadlineMs]).toEqual([null, 1, 2005])
  })

  it('that must go for the next are no longer there', () => {
    const peers = waiting()
    for (let count = 0; count < 256; count++) peers.arrive({peer: `p${count}`, address: `10.0.1.${count}`, nowMs: 0})
    peers.arrive({peer: 'last', address: '10.0.1.0', nowMs: 7})
    expect(peers.leave('p0')).toBe(false)
    expect(peers.overdue(2007).at(-1)).toMatchObject({peer: 'last', displaced: false})
  })

  it('never outlive the silence, and the newest of an address is never displaced', () => {
    const arrival = fc.record({address: fc.constantFrom('a', 'b', 'c'), afterMs: fc.nat(700)})
    fc.assert(
      fc.property(fc.array(arrival, {maxLength: 400}), arrivals => {
        const peers = waiting()
        const newest = new Map<string, string>()
        const since = new Map<string, number>()
        let nowMs = 0
        for (const [index, {address, afterMs}] of arrivals.entries()) {
          nowMs += afterMs
          const peer = `${address}${index}`
          peers.arrive({peer, address, nowMs})
          newest.set(address, peer)
          since.set(peer, nowMs)
          for (const {peer: late, displaced} of peers.overdue(nowMs)) {
            if (!displaced) expect(nowMs - since.get(late)!).toBeGreaterThanOrEqual(2000)
            if (displaced) expect([...newest.values()]).not.toContain(late)
            peers.leave(late)
          }
          expect(peers.nextDeadlineMs! > nowMs).toBe(true)
        }
        expect(peers.overdue(nowMs + 2000)).toHaveLength(peers.size)
      }),
    )
  })
})
