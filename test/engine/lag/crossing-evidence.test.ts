import {describe, expect, test} from 'vitest'
import {CrossingEvidence} from '../../../src/engine/lag/crossing-evidence.js'

const nothing = {crossedAtMs: null, missing: null, problem: null}

test('proves nothing at first', () => {
  expect(new CrossingEvidence().current).toEqual(nothing)
})

test('a write that was seen has crossed, whatever was missing before', () => {
  const evidence = new CrossingEvidence()
  evidence.missed({sentAtMs: 10, atMs: 11})
  evidence.crossed(20)
  expect(evidence.current).toEqual({...nothing, crossedAtMs: 20})
})

describe('missing writes', () => {
  test('are missing since the first read without them', () => {
    const evidence = new CrossingEvidence()
    evidence.missed({sentAtMs: 10, atMs: 11})
    evidence.missed({sentAtMs: 20, atMs: 21})
    expect(evidence.current.missing).toEqual({sinceMs: 11, untilMs: 21})
  })

  test.each([
    [400, 11],
    [401, 421],
  ])('a read of %d ms: missing since %d ms, for a node that was away proves nothing', (tookMs, sinceMs) => {
    const evidence = new CrossingEvidence()
    evidence.missed({sentAtMs: 10, atMs: 11})
    evidence.missed({sentAtMs: 20, atMs: 20 + tookMs})
    expect(evidence.current.missing).toEqual({sinceMs, untilMs: 20 + tookMs})
  })

  test.each<[string, number | null, boolean]>([
    ['not acknowledged', null, false],
    ['acknowledged before a connection was lost', 100, false],
    ['acknowledged after the read was sent', 201, false],
    ['acknowledged just before the read was sent', 200, true],
    ['acknowledged since the loss', 101, true],
  ])('a write %s', (_, storedAtMs, proves) => {
    const evidence = new CrossingEvidence()
    evidence.readFailed('reset', 100)
    expect(evidence.provesMissing(storedAtMs, {sentAtMs: 200, atMs: 210})).toBe(proves)
  })
})

describe('after a failure', () => {
  test.each(['writeFailed', 'readFailed'] as const)('%s: nothing is proven any more, and it says why', failed => {
    const evidence = new CrossingEvidence()
    evidence.missed({sentAtMs: 1, atMs: 2})
    evidence.crossed(3)
    evidence[failed]('reset', 10)
    expect(evidence.current).toEqual({...nothing, problem: 'reset'})
  })

  test('the problem of the reads is told first, and each goes with the next success', () => {
    const evidence = new CrossingEvidence()
    evidence.writeFailed('no write', 10)
    evidence.readFailed('no read', 11)
    expect(evidence.current.problem).toBe('no read')
    evidence.answered()
    expect(evidence.current.problem).toBe('no write')
    evidence.written()
    expect(evidence.current.problem).toBeNull()
  })
})
