import {describe, expect, test} from 'vitest'
import {Random} from '../../../src/engine/data/random.js'
import {sizeDrawer} from '../../../src/engine/data/sizes.js'
import {Weighted} from '../../../src/engine/data/weighted.js'
import {Zipf} from '../../../src/engine/data/zipf.js'
import type {KeyDistribution} from '../../../src/engine/plan/plan.js'
import {scheduleOf} from '../../../src/engine/workload/call-schedule.js'
import {drawNormal, keyChoiceOf} from '../../../src/engine/workload/key-choice.js'
import {Workload} from '../../../src/engine/workload/workload.js'
import {chiSquare, chiSquareCritical, kolmogorovSmirnov, normalCdf} from '../../helpers/goodness-of-fit.js'
import {makePlan} from '../helpers/plans.js'

const DRAWS = 200_000

const randomOf = (stream: number) => new Random({seed: 20_120_514, stream}).next

/** How often each of 1 … `count` came. */
function countDraws(count: number, draw: () => number): Uint32Array {
  const counts = new Uint32Array(count)
  for (let i = 0; i < DRAWS; i++) {
    const drawn = draw()
    // An expect() for each would take most of the time.
    if (!(Number.isInteger(drawn) && drawn >= 1 && drawn <= count)) throw new Error(`drew ${drawn} of ${count}`)
    counts[drawn - 1]!++
  }
  return counts
}

function expectedOf(count: number, weight: (rank: number) => number): Float64Array {
  const expected = Float64Array.from({length: count}, (_, i) => weight(i + 1))
  const sum = expected.reduce((a, b) => a + b, 0)
  return expected.map(share => (share * DRAWS) / sum)
}

function expectFit({statistic, critical}: {statistic: number; critical: number}): void {
  expect(statistic).toBeLessThan(critical)
}

function keyDrawer(keyDistribution: KeyDistribution, keyCount: number): () => number {
  const choice = keyChoiceOf(makePlan({keyDistribution, keyCount}), {index: 0, stream: 3})
  return () => choice.next(0)
}

describe('the tests themselves', () => {
  test('know the tables', () => {
    expect(chiSquareCritical(10)).toBeCloseTo(29.6, 0)
    expect(chiSquareCritical(100)).toBeCloseTo(149.4, 0)
    expect(normalCdf(1.96)).toBeCloseTo(0.975, 4)
    expect(normalCdf(-3)).toBeCloseTo(0.00135, 5)
  })

  test('see what is wrong by a percent or two', () => {
    const zipf = new Zipf({count: 1000, exponent: 1.02, random: randomOf(0)})
    const counts = countDraws(1000, () => zipf.next())
    const wrong = chiSquare(
      counts,
      expectedOf(1000, rank => 1 / rank),
    )
    expect(wrong.statistic).toBeGreaterThan(wrong.critical)
    const random = randomOf(0)
    const shifted = Float64Array.from({length: DRAWS}, () => drawNormal(random) * 1.02)
    const wide = kolmogorovSmirnov(shifted, normalCdf)
    expect(wide.statistic).toBeGreaterThan(wide.critical)
  })
})

describe('random numbers', () => {
  test.each([0, 1, 8, 80_000])('of stream %d are uniform, and so are pairs of neighbours', stream => {
    const random = randomOf(stream)
    expectFit(kolmogorovSmirnov(Float64Array.from({length: DRAWS}, random), x => x))
    const pairs = countDraws(400, () => 1 + Math.floor(random() * 20) * 20 + Math.floor(random() * 20))
    expectFit(
      chiSquare(
        pairs,
        expectedOf(400, () => 1),
      ),
    )
  })

  test.each([
    [0, 1],
    [2, 10],
    [8, 16],
  ])('of streams %d and %d have nothing in common', (one, other) => {
    const [a, b] = [randomOf(one), randomOf(other)]
    const pairs = countDraws(400, () => 1 + Math.floor(a() * 20) * 20 + Math.floor(b() * 20))
    expectFit(
      chiSquare(
        pairs,
        expectedOf(400, () => 1),
      ),
    )
  })
})

describe('zipf', () => {
  const exponents = [0.2, 0.5, 0.99, 1, 1.01, 1.5, 2, 4]
  const counts = [1, 2, 3, 10, 1000, 100_000]

  test.each(exponents.flatMap(exponent => counts.map(count => [exponent, count])))(
    'of exponent %d over %d ranks',
    (exponent, count) => {
      const zipf = new Zipf({count, exponent, random: randomOf(count)})
      expectFit(
        chiSquare(
          countDraws(count, () => zipf.next()),
          expectedOf(count, rank => rank ** -exponent),
        ),
      )
    },
  )

  test.each([0.5, 0.99, 1, 1.2])('of exponent %d over 10 million ranks', exponent => {
    const count = 10_000_000
    const zipf = new Zipf({count, exponent, random: randomOf(1)})
    expectFit(
      chiSquare(
        countDraws(count, () => zipf.next()),
        expectedOf(count, rank => rank ** -exponent),
      ),
    )
  })
})

describe('keys', () => {
  test.each([1, 2, 10, 999, 10_000_000])('uniform over %d', count => {
    expectFit(
      chiSquare(
        countDraws(count, keyDrawer({kind: 'uniform'}, count)),
        expectedOf(count, () => 1),
      ),
    )
  })

  test.each([
    [1, 0.1],
    [2, 0.1],
    [10, 0.1],
    [10, 1],
    [1000, 0.15],
    [1000, 0.5],
    [1_000_000, 0.1],
    [10_000_000, 0.01],
  ])('gaussian over %d with a deviation of %d of them', (count, deviation) => {
    const middle = (count + 1) / 2
    const below = (key: number): number => normalCdf((key - middle) / (deviation * count))
    const observed = countDraws(count, keyDrawer({kind: 'gaussian', deviation}, count))
    expectFit(
      chiSquare(
        observed,
        expectedOf(count, key => below(key + 0.5) - below(key - 0.5)),
      ),
    )
  })

  test('zipf over 5000: key 1 is the hottest', () => {
    const observed = countDraws(5000, keyDrawer({kind: 'zipf', exponent: 0.99}, 5000))
    expectFit(
      chiSquare(
        observed,
        expectedOf(5000, key => key ** -0.99),
      ),
    )
  })

  test('in sequence come equally often, over all connections', () => {
    const plan = makePlan({connections: 7, keyCount: 50})
    const counts = new Uint32Array(50)
    for (let index = 0; index < 7; index++) {
      const choice = keyChoiceOf(plan, {index, stream: 0})
      for (let call = 0; call < 50; call++) counts[choice.next(call) - 1]!++
    }
    expect(new Set(counts)).toEqual(new Set([7]))
  })
})

describe('sizes', () => {
  test('uniform, its ends half as often as the rest, as mcperf rounds', () => {
    const draw = sizeDrawer({kind: 'uniform', minBytes: 1, maxBytes: 100}, randomOf(5))
    const weight = (size: number): number => (size === 1 || size === 100 ? 0.5 : 1)
    expectFit(chiSquare(countDraws(100, draw), expectedOf(100, weight)))
  })

  test.each([50, 5000])('exponential with a mean of %d', meanBytes => {
    const draw = sizeDrawer({kind: 'exponential', meanBytes}, randomOf(6))
    const largest = meanBytes * 12
    const below = (size: number): number => 1 - Math.exp(-Math.max(0, size) / meanBytes)
    const counts = countDraws(largest + 1, () => Math.min(draw(), largest) + 1)
    const expected = Float64Array.from({length: largest + 1}, (_, size) =>
      size === largest ? DRAWS * (1 - below(size - 0.5)) : DRAWS * (below(size + 0.5) - below(size - 0.5)),
    )
    expectFit(chiSquare(counts, expected))
  })

  test('zipf', () => {
    const draw = sizeDrawer({kind: 'zipf', minBytes: 11, maxBytes: 1010, exponent: 0.8}, randomOf(7))
    expectFit(
      chiSquare(
        countDraws(1000, () => draw() - 10),
        expectedOf(1000, rank => rank ** -0.8),
      ),
    )
  })

  test('and methods by weight', () => {
    const weights = [90, 7, 2, 1]
    const weighted = new Weighted({weights, random: randomOf(8)})
    expectFit(
      chiSquare(
        countDraws(4, () => weighted.next() + 1),
        expectedOf(4, rank => weights[rank - 1]!),
      ),
    )
  })
})

test('the normal distribution', () => {
  const random = randomOf(9)
  expectFit(
    kolmogorovSmirnov(
      Float64Array.from({length: DRAWS}, () => drawNormal(random)),
      normalCdf,
    ),
  )
})

describe('arrivals', () => {
  /** Times between the calls of one connection, by their mean. */
  function spacings(arrival: 'uniform' | 'exponential'): Float64Array {
    const plan = makePlan({connections: 4, ratePerSecond: 1000, callsPerConnection: DRAWS, arrival})
    const schedule = scheduleOf(plan, 2)
    let before = 0
    return Float64Array.from({length: DRAWS}, () => {
      const spacing = (schedule.nextMs - before) / 4
      before = schedule.nextMs
      schedule.advance()
      return spacing
    })
  }

  test('exponential', () => {
    expectFit(kolmogorovSmirnov(spacings('exponential'), x => 1 - Math.exp(-x)))
  })

  test('uniform', () => {
    expectFit(kolmogorovSmirnov(spacings('uniform'), x => Math.min(1, x / 2)))
  })
})

describe('a connection’s calls', () => {
  const plan = makePlan({
    mix: [
      {method: 'get', weight: 3},
      {method: 'set', weight: 1},
    ],
    keyCount: 1000,
    keyDistribution: {kind: 'zipf', exponent: 1},
    hitRatio: 0.7,
    sizes: {kind: 'uniform', minBytes: 10, maxBytes: 1000},
  })

  function draw(count: number, of: (workload: Workload) => number): number[] {
    const workload = new Workload(plan, 1)
    return Array.from({length: count}, () => {
      workload.next()
      return of(workload)
    })
  }

  test('have their hit ratio', () => {
    const workload = new Workload(plan, 0)
    const counts = [0, 0]
    while (counts[0]! + counts[1]! < DRAWS) {
      workload.next()
      if (workload.method === 0) counts[workload.key > 1000 ? 1 : 0]!++
    }
    expectFit(chiSquare(counts, [DRAWS * 0.7, DRAWS * 0.3]))
  })

  test('draw method and key apart from one another', () => {
    const drawn = draw(DRAWS, ({method, key}) => method * 10 + Math.min(9, (key - 1) % 1000))
    const counts = new Uint32Array(20)
    for (const place of drawn) counts[place]!++
    const keys = Array.from({length: 10}, (_, key) => counts[key]! + counts[10 + key]!)
    const expected = Float64Array.from({length: 20}, (_, place) => keys[place % 10]! * (place < 10 ? 0.75 : 0.25))
    expectFit(chiSquare(counts, expected))
  })
})
