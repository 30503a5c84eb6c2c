import {describe, expect, test} from 'vitest'
import {judgeRuns} from '../../../src/cli/compare/judge-runs.js'
import {comparedMeasure} from '../../../src/cli/documents/json/compared-measures.js'
import type {RunDocument} from '../../../src/cli/documents/json/run-json.js'
import {NoisyMachine, noises} from '../../instruments/machine-noise.js'
import {runAt} from './compared-runs.js'

const measures = ['rate', 'p50', 'p99'].map(name => comparedMeasure(name)!)
const names = Object.keys(noises) as (keyof typeof noises)[]

interface Table {
  readonly noise: keyof typeof noises
  readonly seed: number
  /** How many times as long the second server takes. */
  readonly slower: number
}

/** A B B A …, on one machine. */
function takeTurns({noise, seed, slower}: Table, pairs: number) {
  const machine = new NoisyMachine({noise: noises[noise], seed})
  const [first, second]: [RunDocument[], RunDocument[]] = [[], []]
  for (let pair = 0; pair < pairs; pair++) {
    for (const isFirst of pair % 2 === 0 ? [true, false] : [false, true]) {
      const run = runAt(first.length + second.length, machine.run(isFirst ? 1 : slower))
      if (isFirst) first.push(run)
      else second.push(run)
    }
  }
  return judgeRuns({first, second, measures, comparisons: 1})
}

/** All of the first server, then all of the second, on one machine. */
function oneAfterTheOther({noise, seed, slower}: Table, runs: number) {
  const machine = new NoisyMachine({noise: noises[noise], seed})
  const all = Array.from({length: 2 * runs}, (_, index) => runAt(index, machine.run(index < runs ? 1 : slower)))
  return judgeRuns({first: all.slice(0, runs), second: all.slice(runs), measures, comparisons: 1})
}

type Judge = (table: Table) => ReturnType<typeof judgeRuns>

/** Share of tables of equal servers with a change in any of their measures. */
function falseAlarms(judge: Judge, noise: Table['noise'], tables: number): number {
  let alarms = 0
  for (let seed = 1; seed <= tables; seed++) {
    const judged = judge({noise, seed, slower: 1}).measures
    expect(judged).toHaveLength(measures.length)
    if (judged.some(({judgement}) => judgement !== 'same')) alarms += 1
  }
  return alarms / tables
}

/** Share of tables in which p50 of the slower server is called worse. */
function found(judge: Judge, {noise, slower, tables}: Omit<Table, 'seed'> & {tables: number}): number {
  let count = 0
  for (let seed = 1; seed <= tables; seed++) {
    const p50 = judge({noise, seed: seed + 1_000_000, slower}).measures.find(({name}) => name === 'p50')
    if (p50?.judgement === 'worse') count += 1
  }
  return count / tables
}

describe.each(names)('on a machine that is %s', noise => {
  test.each([
    [6, 2000],
    [10, 1000],
  ])('at most one in twenty tables of equal servers shows a change, of %i pairs', (pairs, tables) => {
    expect(falseAlarms(table => takeTurns(table, pairs), noise, tables)).toBeLessThanOrEqual(0.05)
  })

  test.each([
    [4, 2000],
    [6, 500],
  ])('nor do more of groups that were made one after the other, of %i runs', (runs, tables) => {
    expect(falseAlarms(table => oneAfterTheOther(table, runs), noise, tables)).toBeLessThanOrEqual(0.05)
  })
})

test('with 10 pairs a slowdown of 10 % is found in 9 of 10 tables and more', () => {
  const judge: Judge = table => takeTurns(table, 10)
  expect(found(judge, {noise: 'calm', slower: 1.1, tables: 500})).toBeGreaterThanOrEqual(0.9)
  expect(found(judge, {noise: 'wandering', slower: 1.1, tables: 500})).toBeGreaterThanOrEqual(0.9)
})

test('a change of the size that "could not be seen" would mostly have been found, a much smaller one not', () => {
  const judge: Judge = table => takeTurns(table, 10)
  const sizes = Array.from({length: 200}, (_, index) => {
    const p50 = judge({noise: 'calm', seed: index + 1, slower: 1}).measures.find(({name}) => name === 'p50')
    return p50?.detectablePercent ?? Number.NaN
  }).sort((a, b) => a - b)
  const usual = 1 + sizes[100]! / 100
  expect(found(judge, {noise: 'calm', slower: usual, tables: 300})).toBeGreaterThanOrEqual(0.8)
  expect(found(judge, {noise: 'calm', slower: 1 + (usual - 1) / 4, tables: 300})).toBeLessThan(0.5)
})

test('groups of four find what is large', () => {
  expect(found(table => oneAfterTheOther(table, 4), {noise: 'calm', slower: 1.4, tables: 300})).toBeGreaterThan(0.9)
})
