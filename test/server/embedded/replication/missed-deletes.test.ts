import {describe, expect, it} from 'vitest'
import {MissedDeletes} from '../../../../src/server/embedded/replication/missed-deletes.js'

const key = (name: string) => Buffer.from(name)
const names = (missed: MissedDeletes) => [...missed.all()].map(deleted => deleted.key.toString())

describe('keys that were deleted during an outage', () => {
  it('supersede versions that were stored before, by their cas unique', () => {
    const missed = new MissedDeletes()
    expect(missed.supersedes(key('a'), 0, 0)).toBe(false)
    missed.add({key: key('a'), casHigh: 5, casLow: 10})
    const supersedes = (casHigh: number, casLow: number) => missed.supersedes(key('a'), casHigh, casLow)
    expect([supersedes(4, 99), supersedes(5, 9)]).toEqual([true, true])
    expect([supersedes(5, 10), supersedes(5, 11), supersedes(6, 0)]).toEqual([false, false, false])
    expect(missed.supersedes(key('b'), 0, 0)).toBe(false)
  })

  it('are told oldest first; deleted again, a key is the newest', () => {
    const missed = new MissedDeletes()
    for (const [casLow, name] of ['a', 'b', 'c', 'a'].entries()) missed.add({key: key(name), casHigh: 0, casLow})
    expect(names(missed)).toEqual(['b', 'c', 'a'])
    expect([...missed.all()].at(-1)).toMatchObject({casLow: 3})
    expect(missed.size).toBe(3)
  })

  it('are forgotten when they are stored again, and all with the peer’s copy', () => {
    const missed = new MissedDeletes()
    missed.forget(key('a'))
    missed.add({key: key('a'), casHigh: 0, casLow: 1})
    missed.add({key: key('b'), casHigh: 0, casLow: 2})
    missed.forget(key('a'))
    expect(names(missed)).toEqual(['b'])
    missed.clear()
    expect([missed.size, missed.supersedes(key('b'), 0, 0)]).toEqual([0, false])
  })

  it('are a hundred thousand at most: the oldest are forgotten', () => {
    const missed = new MissedDeletes()
    for (let number = 0; number <= 100_000; number++) missed.add({key: key(`${number}`), casHigh: 0, casLow: 5})
    expect(missed.size).toBe(100_000)
    expect([missed.supersedes(key('0'), 0, 0), missed.supersedes(key('1'), 0, 0)]).toEqual([false, true])
  })
})
