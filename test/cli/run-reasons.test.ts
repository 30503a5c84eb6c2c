import {expect, it} from 'vitest'
import {runReasons} from '../../src/cli/reports/run-reasons.js'
import {makePlan} from '../engine/plans.js'
import {makeResult} from '../engine/results.js'

const result = makeResult({plan: makePlan({ratePerSecond: 1000, durationSeconds: 1})})
const clean = {...result, connections: {...result.connections, errors: {}}, verification: null, consistency: null}
const check = {
  removals: [
    {name: 'm1', evictions: 40_775},
    {name: 's1', evictions: 0},
  ],
  undecided: 0,
  findings: {lost: 0, missingOnB: 3, otherFlags: 1},
}

it('has no reason to give for a clean run, evictions or not', () => {
  expect(runReasons(clean)).toEqual([])
  expect(runReasons({...clean, consistency: {...check, findings: {}} as never})).toEqual([])
})

it('says what reads and the nodes have shown, and what explains it', () => {
  const verification = {fresh: 9, stale: 0, missing: 279_575, foreign: 0, corrupt: 2} as never
  expect(runReasons({...clean, verification, consistency: check as never})).toEqual([
    '279,575 reads missing',
    '2 reads corrupt',
    '3 keys missing on B',
    '1 keys with other flags',
    'm1 evicted 40,775 items: its memory was full',
  ])
})

it('says that connections failed, that it was ended, or that the nodes could not be read', () => {
  const connections = {...clean.connections, errors: {refused: 4}}
  expect(runReasons({...clean, connections, interrupted: true, checkProblem: 'no answer'})).toEqual([
    'ended early',
    '4 connections failed',
    'the nodes could not be checked: no answer',
  ])
  expect(runReasons({...clean, connections, plan: {...clean.plan, failover: true}})).toEqual([])
})
