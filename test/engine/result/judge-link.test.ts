import {describe, expect, test} from 'vitest'
import {faultsOf, judgeRun, type RunFault} from '../../../src/engine/result/judge-run.js'
import type {RunResult} from '../../../src/engine/result/run-result.js'
import {makeResult} from '../helpers/results.js'

type Link = NonNullable<RunResult['link']>

const operations = {...makeResult().operations, errors: {}, timedOut: 0, lostWithConnection: 0}
const connections = {...makeResult().connections, errors: {}}
const link: Link = {
  verdict: 'paired',
  why: '',
  proven: true,
  unpairedSeconds: 0,
  unknownSeconds: 0,
  parting: null,
  spells: [],
}

function parting(before: boolean): Link['parting'] {
  const found = {onlyOnFirst: 1, onlyOnSecond: 0, different: 0}
  return {text: '', detail: '', items: [1, 0], looked: 1, found, examples: [], before}
}

function runOf(changes: Partial<Link>): RunResult {
  return makeResult({operations, connections, link: {...link, ...changes}})
}

describe('a pair that was watched', () => {
  test.each<[verdict: string, what: string, changes: Partial<Link>, accepted: RunFault[]]>([
    ['pass', 'paired all the time', {}, []],
    ['fail', 'unpaired for a while', {unpairedSeconds: 0.5}, []],
    ['fail', 'unpaired and unknown', {unpairedSeconds: 0.5, unknownSeconds: 3}, []],
    ['pass', 'unpaired within what is asserted', {unpairedSeconds: 0.5}, ['unpaired']],
    ['unknown', 'unknown for a while', {unknownSeconds: 0.5}, []],
    ['pass', 'unknown, with an assertion', {unknownSeconds: 0.5}, ['unpaired']],
    ['unknown', 'unknown, with an assertion on its keys', {unknownSeconds: 0.5}, ['pair']],
    ['fail', 'parted by the load', {parting: parting(false)}, []],
    ['pass', 'parted before the load', {parting: parting(true)}, []],
  ])('%s: %s', (verdict, _what, changes, accepted) => {
    expect(judgeRun(runOf(changes), new Set(accepted))).toBe(verdict)
  })

  test('is counted once as unpaired, and once as parted', () => {
    const faults = faultsOf(runOf({unpairedSeconds: 7, parting: parting(false)}))
    expect([faults.unpaired, faults.pair]).toEqual([1, 1])
  })
})

test('a check that could not be made is nothing to whom an assertion on the keys matters', () => {
  const run = makeResult({operations, connections, checkProblem: 'Expected values, got silence'})
  expect(judgeRun(run, new Set(['pair']))).toBe('pass')
})

test('each fault is counted by its kind', () => {
  const prefilled = {...operations, errors: {ERROR: 2}, timedOut: 3, lostWithConnection: 4, unanswered: 5}
  const run = makeResult({
    operations: {...operations, errors: {ERROR: 1}, timedOut: 2, lostWithConnection: 3, unanswered: 4},
    connections: {...connections, errors: {reset: 6}},
    prefill: {seconds: 1, operations: prefilled},
    endedEarly: {reason: 'connections', atSeconds: 1} as unknown as RunResult['endedEarly'],
  })
  expect(faultsOf(run, new Set(['lost']))).toEqual({
    errors: 1,
    timedOut: 2,
    lost: 0,
    unanswered: 4,
    connectionErrors: 6,
    unpaired: 0,
    pair: 0,
    endedEarly: 1,
    prefill: 14,
    reads: 0,
  })
})

test('a run without a prefill has no faults there, and one that came to its end did not end early', () => {
  expect(faultsOf(makeResult({operations, connections}))).toMatchObject({prefill: 0, endedEarly: 0})
})
