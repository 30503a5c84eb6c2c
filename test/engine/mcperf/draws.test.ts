import {expect, test} from 'vitest'
import {type Distribution, Draws, Erand48, roundHalfToEven} from '../../../src/engine/mcperf/distribution.js'

test('erand48 gives C’s numbers', () => {
  const first = new Erand48([0x1234, 0x5678, 0x9abc ^ 0xffff])
  expect([first.next(), first.next(), first.next(), first.next()]).toEqual([
    0.8080073246894095, 0.27568242778038865, 0.087791393285446162, 0.43208393065876294,
  ])
  const other = new Erand48([0x1234 ^ 300, 0x5678 ^ (300 << 8), 0x9abc ^ ~300])
  expect([other.next(), other.next(), other.next()]).toEqual([
    0.32115843326142723, 0.82114465084629984, 0.047963187616193892,
  ])
})

/** What the real mcperf 0.1.1 sent. */
test.each<[Distribution, client: number, sizes: number[]]>([
  [
    {kind: 'uniform', min: 1024, max: 10240},
    0,
    [8471, 3565, 1833, 5006, 6926, 3512, 2483, 3990, 7552, 2150, 7102, 3576],
  ],
  [
    {kind: 'uniform', min: 1024, max: 10240},
    3,
    [2707, 9977, 3162, 7857, 7486, 8694, 3776, 7333, 10077, 6946, 6506, 9460],
  ],
  [
    {kind: 'uniform', min: 1024, max: 10240},
    70_000,
    [1317, 6083, 7639, 6117, 2764, 3841, 8241, 4074, 2308, 5440, 8065, 9601],
  ],
  [{kind: 'exponential', mean: 1000}, 0, [1650, 323, 92, 566, 1023, 315, 172, 388, 1232, 130, 1077, 324]],
  [{kind: 'uniform', min: 1, max: 3}, 0, [3, 2, 1, 2, 2, 2, 1, 2, 2, 1, 2, 2]],
  [{kind: 'sequential', min: 5}, 0, [5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]],
  [{kind: 'deterministic', value: 2.5}, 0, [2, 2, 2]],
  [{kind: 'deterministic', value: 3.5}, 0, [4, 4, 4]],
  [{kind: 'deterministic', value: 0.1}, 0, [0, 0, 0]],
])('draws mcperf’s sizes: %j of client %d', (distribution, client, sizes) => {
  const draws = new Draws(distribution, client)
  expect(sizes.map(() => roundHalfToEven(draws.next()))).toEqual(sizes)
})
