import {expect, test} from 'vitest'
import {NumberRing} from '../../../src/engine/generator/number-ring.js'

test('numbers come out as they went in, however the ring turns and grows', () => {
  const ring = new NumberRing()
  const expected: number[] = []
  let next = 1
  for (const [pushes, shifts] of [
    [3, 2],
    [3, 1],
    [4, 5],
    [9, 3],
    [1, 9],
  ] as const) {
    for (let push = 0; push < pushes; push++) {
      ring.push(next)
      expected.push(next++)
    }
    for (let shift = 0; shift < shifts; shift++) {
      expect(ring.first).toBe(expected[0])
      expect(ring.shift()).toBe(expected.shift())
    }
    expect(ring.count).toBe(expected.length)
  }
})
