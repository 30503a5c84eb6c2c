import {describe, expect, it} from 'vitest'
import {type LagEvent, PROBE_TTL_MS} from '../../../src/engine/lag/lag-event.js'
import {LagRecord} from '../../../src/engine/lag/lag-record.js'

const nothing = {connections: 0, sets: 0, gets: 0, deletes: 0}
const stored = (number: number, atMs: number): LagEvent => ({type: 'stored', direction: 'aToB', number, atMs})
const seen = (number: number, lagMs: number): LagEvent => ({
  type: 'seen',
  direction: 'aToB',
  number,
  atMs: 0,
  lagUs: lagMs * 1000,
  resolutionUs: 200,
})
const overtaken = (number: number): LagEvent => ({type: 'overtaken', direction: 'aToB', number})
const asOf = (atMs: number): LagEvent => ({type: 'asOf', atMs, a: nothing, b: nothing})

function recordOf(...events: readonly LagEvent[]): LagRecord {
  const record = new LagRecord()
  for (const event of events) record.take(event)
  return record
}

describe('the live lag', () => {
  it('is the age of the oldest write that has not arrived, and climbs while nothing does', () => {
    const record = recordOf(stored(1, 1000), stored(2, 1050), asOf(1100))
    expect(record.liveUs('aToB')).toBe(100_000)
    record.take(asOf(6000))
    expect(record.liveUs('aToB')).toBe(5_000_000)
    expect(record.liveUs('bToA')).toBeNull()
    record.take(seen(1, 5000))
    expect(record.liveUs('aToB')).toBe(4_950_000)
    record.take(seen(2, 4950))
    expect(record.liveUs('aToB')).toBeNull()
  })

  it('leaves out a write that a later one has overtaken: it is lost, or comes with a full sync', () => {
    const record = recordOf(stored(1, 1000), stored(2, 2000), stored(3, 3000), seen(2, 10), overtaken(1), asOf(3100))
    expect(record.liveUs('aToB')).toBe(100_000)
    record.take(seen(1, 2500))
    record.end(4000)
    expect(record.summary().aToB).toMatchObject({count: 3, unseen: 1, max: 2_500_000})
  })
})

describe('what was never seen', () => {
  it('counts with its age at the end', () => {
    const record = recordOf(...Array.from({length: 10}, (_, index) => stored(index, 1000)))
    for (let number = 0; number < 9; number++) record.take(seen(number, 1))
    record.end(9000)
    expect(record.summary().aToB).toMatchObject({count: 10, unseen: 1, p90: 1000, max: 8_000_000})
    expect(record.summary().aToB.atLeast).toEqual(['mean', 'max'])
  })

  it('counts while the probe goes on once it is older than any that was seen', () => {
    const record = recordOf(stored(1, 1000), seen(1, 100), stored(2, 2000), asOf(2050))
    expect(record.summary().aToB).toMatchObject({count: 1, unseen: 0})
    record.take(asOf(2200))
    expect(record.summary().aToB).toMatchObject({count: 2, unseen: 1, max: 200_000})
  })

  it('is not looked for, nor kept, longer than its key lives, and counts as that old', () => {
    const record = recordOf(stored(1, 0), stored(2, PROBE_TTL_MS), seen(2, 1))
    record.end(10 * PROBE_TTL_MS)
    expect(record.summary().aToB).toMatchObject({count: 2, unseen: 1, max: PROBE_TTL_MS * 1000})
    record.take(seen(1, 1))
    expect(record.summary().aToB).toMatchObject({count: 2, unseen: 1})
  })

  it('has no end to its live age, however long a link is dead', () => {
    const record = recordOf(stored(1, 0), stored(2, PROBE_TTL_MS), stored(3, 3 * PROBE_TTL_MS), asOf(4 * PROBE_TTL_MS))
    expect(record.liveUs('aToB')).toBe(4 * PROBE_TTL_MS * 1000)
    record.take(seen(3, 1))
    expect(record.liveUs('aToB')).toBeNull()
  })

  it('is no lag where the node did not acknowledge the write', () => {
    const record = recordOf({type: 'notStored', direction: 'aToB'}, stored(2, 0), seen(2, 1))
    expect(record.summary().aToB).toMatchObject({count: 1, notStored: 1, unseen: 0})
  })
})

describe('phases', () => {
  it('have the probes that were written in them, whenever those arrive', () => {
    const record = recordOf(stored(1, 900))
    record.enter('during', 1000)
    for (const event of [stored(2, 1500), seen(1, 700), seen(2, 2000)]) record.take(event)
    record.enter('after', 4000)
    for (const event of [stored(3, 3900), stored(4, 4100), seen(4, 3)]) record.take(event)
    record.enter(null, 5000)
    for (const event of [stored(5, 5100), seen(5, 900)]) record.take(event)
    record.end(6000)
    const figures = (phase?: string) => {
      const {count, unseen, max} = record.summary(phase).aToB
      return [count, unseen, max]
    }
    expect(figures('first')).toEqual([1, 0, 700_000])
    expect(figures('during')).toEqual([2, 1, 2_100_000])
    expect(figures('after')).toEqual([1, 0, 3000])
    expect(figures()).toEqual([4, 1, 2_100_000])
    // For those who wait until writes cross every probe counts.
    expect(record.worstLagMs(5000)).toBeCloseTo(900.1)
  })
})

it('says whether writes since a moment have crossed both ways', () => {
  const record = recordOf(stored(1, 1000), seen(1, 5))
  expect(record.crossedSince(1000)).toBe(false)
  record.take({...stored(1, 1200), direction: 'bToA'} as LagEvent)
  record.take({...seen(1, 5), direction: 'bToA'} as LagEvent)
  expect([record.crossedSince(1000), record.crossedSince(1001)]).toEqual([true, false])
})

it('adds up what the probe asked of both nodes', () => {
  const record = recordOf({
    type: 'asOf',
    atMs: 1,
    a: {connections: 0, sets: 3, gets: 10, deletes: 2},
    b: {connections: 0, sets: 4, gets: 20, deletes: 3},
  })
  expect(record.summary().probe).toMatchObject({sets: 7, gets: 30, deletes: 5, a: {sets: 3}, b: {gets: 20}})
})
