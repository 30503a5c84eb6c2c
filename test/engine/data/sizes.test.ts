import {expect, test} from 'vitest'
import {Random} from '../../../src/engine/data/random.js'
import {formatSizes, largestSize, parseSizes, sizeDrawer} from '../../../src/engine/data/sizes.js'
import {PlanError} from '../../../src/engine/errors.js'

test.each([
  ['32', {kind: 'fixed', bytes: 32}],
  ['d100', {kind: 'fixed', bytes: 100}],
  ['d4k', {kind: 'fixed', bytes: 4096}],
  ['1m', {kind: 'fixed', bytes: 1048576}],
  ['e5000', {kind: 'exponential', meanBytes: 5000}],
  ['u1024,10240', {kind: 'uniform', minBytes: 1024, maxBytes: 10240}],
  [
    '32:9,4k:1',
    {
      kind: 'weighted',
      choices: [
        {bytes: 32, weight: 9},
        {bytes: 4096, weight: 1},
      ],
    },
  ],
  ['zipf:10,1k', {kind: 'zipf', minBytes: 10, maxBytes: 1024, exponent: 0.99}],
  ['zipf:10,20,1.5', {kind: 'zipf', minBytes: 10, maxBytes: 20, exponent: 1.5}],
  ['u1k,10k', {kind: 'uniform', minBytes: 1024, maxBytes: 10240}],
])('reads %s', (text, sizes) => {
  expect(parseSizes(text)).toEqual(sizes)
  expect(parseSizes(formatSizes(parseSizes(text)))).toEqual(sizes)
})

test.each([
  '',
  'x5',
  'd',
  'u5',
  'u5,',
  'u10,5',
  'u1,2,3',
  '-1',
  '0',
  '1.5',
  '4g',
  '17m',
  'e',
  'd 5',
  '5:',
  '5:0',
  '5:1,',
  '5:1:1',
  'zipf:',
  'zipf:5',
  'zipf:9,5',
  'zipf:1,5,0',
  'zipf:1,5,1,1',
])('refuses %j', text => {
  expect(() => parseSizes(text)).toThrow(PlanError)
  expect(() => parseSizes(text)).toThrow(`got '${text}'`)
})

test('uniform sizes reach both ends and have the right mean', () => {
  const {next} = new Random({seed: 7, stream: 0})
  const sizes = parseSizes('u10,20')
  const draws = Array.from({length: 20_000}, sizeDrawer(sizes, next))
  expect(Math.min(...draws)).toBe(10)
  expect(Math.max(...draws)).toBe(20)
  expect(draws.reduce((sum, size) => sum + size, 0) / draws.length).toBeCloseTo(15, 0)
})

test('exponential sizes have the right mean and an upper bound', () => {
  const {next} = new Random({seed: 7, stream: 0})
  const sizes = parseSizes('e1000')
  const draws = Array.from({length: 50_000}, sizeDrawer(sizes, next))
  const mean = draws.reduce((sum, size) => sum + size, 0) / draws.length
  expect(mean).toBeGreaterThan(980)
  expect(mean).toBeLessThan(1020)
  expect(sizeDrawer(sizes, () => 1 - Number.EPSILON)()).toBeLessThanOrEqual(largestSize(sizes))
})
