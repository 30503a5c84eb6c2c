import {expect, it} from 'vitest'
import {makeRunDocument} from '../../../../src/cli/documents/json/run-json.js'
import {runReasons} from '../../../../src/cli/documents/phrases/run-reasons.js'
import {formatRun} from '../../../../src/cli/documents/text/run-text.js'
import {parseAssertion} from '../../../../src/engine/assertions/assertion.js'
import {checkAssertion} from '../../../../src/engine/assertions/check-assertion.js'
import {runMeasures} from '../../../../src/engine/assertions/run-measures.js'
import {judgeRun, runFaults} from '../../../../src/engine/result/judge-run.js'
import type {RunResult} from '../../../../src/engine/result/run-result.js'
import {makePlan} from '../../../engine/helpers/plans.js'
import {makeResult} from '../../../engine/helpers/results.js'

const result = makeResult({plan: makePlan({ratePerSecond: 1000, durationSeconds: 1})})
const operations = {...result.operations, ok: 1000, errors: {}, timedOut: 0, lostWithConnection: 0}
const clean: RunResult = {
  ...result,
  operations,
  connections: {...result.connections, errors: {}},
  verification: null,
  consistency: null,
  verdict: 'pass',
}
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
    '2 reads corrupt',
    '279,575 reads missing',
    '3 keys missing on B',
    '1 key with other flags',
    'm1 evicted 40,775 items: its memory was full',
  ])
})

it('says what calls and connections came to, the most frequent kinds first', () => {
  const connections = {...clean.connections, errors: {refused: 4}}
  const errors = {a: 1, b: 20, c: 3, d: 4, e: 5}
  expect(
    runReasons({...clean, connections, operations: {...operations, errors, timedOut: 1, lostWithConnection: 1}}),
  ).toEqual([
    '4 connections failed: 4 × refused',
    '33 calls answered with an error: 20 × b, 5 × e, 4 × d, 4 others',
    '1 call timed out',
    '1 call lost with its connection',
  ])
  const varied = {a: 1, b: 2, c: 3, d: 4, other: 90}
  expect(runReasons({...clean, operations: {...operations, errors: varied}})).toEqual([
    '100 calls answered with an error: 4 × d, 3 × c, 2 × b, 91 others',
  ])
  expect(runReasons({...clean, connections, plan: {...clean.plan, failover: true}})).toEqual([])
})

it('says that it was ended, or that the nodes could not be read', () => {
  const endedEarly = {seconds: 0.4, why: 'interrupted' as const}
  expect(runReasons({...clean, interrupted: true, endedEarly})).toEqual(['ended after 0.40 s of 1 s: interrupted'])
  expect(runReasons({...clean, checkProblem: 'no answer'})).toEqual(['the nodes could not be checked: no answer'])
})

const link = {
  verdict: 'paired',
  why: 'writes cross',
  proven: true,
  unpairedSeconds: 0,
  unknownSeconds: 0,
  parting: null,
  spells: [],
}
const spell = {verdict: 'unpaired-but-serving', why: 'no write crosses', from: 1, to: 2}
const parting = {text: 'the nodes part: 52 and 2 items', detail: '', items: [52, 2], before: false}

const runs: readonly [string, Partial<RunResult>][] = [
  ['errors', {operations: {...operations, errors: {ERROR: 1}}}],
  ['timed out', {operations: {...operations, timedOut: 1}}],
  ['lost', {operations: {...operations, lostWithConnection: 1}}],
  ['unanswered', {operations: {...operations, unanswered: 1}}],
  ['not replicating', {link: {...link, unpairedSeconds: 1, spells: [spell]} as never}],
  ['not known to replicate', {link: {...link, unknownSeconds: 1, spells: [{...spell, verdict: 'unknown'}]} as never}],
  ['parted', {link: {...link, parting} as never}],
  ['connections', {connections: {...clean.connections, errors: {reset: 1}}}],
  ['prefill', {prefill: {seconds: 1, operations: {...operations, timedOut: 1}}}],
  ['reads', {verification: {fresh: 0, stale: 1, missing: 0, foreign: 0, corrupt: 0} as never}],
  ['keys', {consistency: check as never}],
  ['undecided', {consistency: {...check, findings: {}, undecided: 3} as never}],
  ['not checked', {checkProblem: 'silence'}],
  ['interrupted', {interrupted: true, endedEarly: {seconds: 1, why: 'interrupted'}}],
  ['ended early', {endedEarly: {seconds: 0.1, why: 'no connection was left'}}],
  ['nothing', {}],
]

it.each(runs)('a run that is no pass has a reason, one that passes has none: %s', (_, changes) => {
  for (const accepted of [new Set<never>(), new Set(runFaults)]) {
    const run = {...clean, ...changes}
    expect(runReasons(run, accepted).length > 0).toBe(judgeRun(run, accepted) !== 'pass')
  }
})

it('a report says in a line each why it failed, assertions among them, and why it ended', () => {
  const dead = makeResult({
    plan: makePlan({ratePerSecond: 1000, durationSeconds: 10, connections: 10}),
    durationSeconds: 1.3,
    plannedSeconds: 10,
    endedEarly: {seconds: 1.3, why: 'no connection was left'},
    operations: {...operations, intended: 10_000, sent: 1300, unsent: 8700, ok: 1293, lostWithConnection: 7},
    connections: {...clean.connections, errors: {reset: 10}},
    throughput: {
      ...result.throughput,
      opsPerSecond: 129.3,
      ranOpsPerSecond: 994.6,
      errorsPerSecond: 0,
      offeredPerSecond: 1000,
    },
  })
  const assertions = ['rate>=95%', 'lost<=10', 'rate.ran>900'].map(expr =>
    checkAssertion(parseAssertion(expr, runMeasures), dead),
  )
  const document = makeRunDocument({
    result: dead,
    command: 'load',
    version: '1',
    topology: {name: 'attached', nodes: []},
    assertions,
  })
  expect(document).toMatchObject({
    verdict: 'fail',
    reasons: [
      'ended after 1.30 s of 10 s: no connection was left',
      '10 connections failed: 10 × reset',
      'rate>=95%: got 12.93 %',
    ],
  })
  const text = formatRun(document)
  expect(text.split('\n')[1]).toBe('ended after 1.30 s of 10 s: no connection was left')
  expect(text).toContain(
    'throughput     129 op/s of 1,000 (12.93 %) over the 10 s planned, 995 op/s in the 1.30 s that it ran, out',
  )
  expect(text).toContain('\nfail: rate>=95%: got 12.93 %\nverdict        fail\n')
})
