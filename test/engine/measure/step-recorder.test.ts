import {expect, test} from 'vitest'
import {StepRecorder} from '../../../src/engine/measure/step-recorder.js'
import {makePlan} from '../helpers/plans.js'

const START_MS = 5000

/** A second of 100/s, then one of 200/s after the operator's hand. */
function recorder(): StepRecorder {
  const steps = new StepRecorder(makePlan({ratePerSecond: 100, durationSeconds: 2}))
  steps.start(START_MS)
  steps.changeRate(200, START_MS + 1000)
  return steps
}

const reads = null
const none = {sent: 0, ok: 0, miss: 0, errors: 0, keysRead: 0, keysFound: 0, answeredMeanwhile: 0}

test('a call belongs to the step in which it was due; its answer counts for the rate of the step in which it came', () => {
  const steps = recorder()
  steps.sent(START_MS + 900)
  steps.answered({intendedMs: START_MS + 900, sentMs: START_MS + 950}, {nowMs: START_MS + 1100, outcome: 'ok', reads})
  expect(steps.take()).toMatchObject([
    {
      index: 0,
      counts: {...none, sent: 1, ok: 1},
      response: {count: 1, maxUs: 200_000},
      service: {count: 1, maxUs: 150_000},
    },
    {index: 1, counts: {...none, answeredMeanwhile: 1}, response: {count: 0}},
  ])
})

test('an error is no answer; a miss is one', () => {
  const steps = recorder()
  const call = {intendedMs: START_MS, sentMs: START_MS}
  steps.answered(call, {nowMs: START_MS + 1, outcome: 'errors', reads})
  steps.answered(call, {nowMs: START_MS + 1, outcome: 'miss', reads: {keys: 3, found: 0}})
  steps.answered(call, {nowMs: START_MS + 1, outcome: 'ok', reads: {keys: 3, found: 2}})
  expect(steps.take()[0]!.counts).toEqual({
    ...none,
    ok: 1,
    miss: 1,
    errors: 1,
    keysRead: 6,
    keysFound: 2,
    answeredMeanwhile: 2,
  })
})

test('what is answered behind the last step belongs to none', () => {
  const steps = recorder()
  const call = {intendedMs: START_MS + 1500, sentMs: START_MS + 1500}
  steps.answered(call, {nowMs: START_MS + 2000, outcome: 'ok', reads})
  expect(steps.take()).toMatchObject([{index: 1, counts: {ok: 1, answeredMeanwhile: 0}}])
  steps.answered(call, {nowMs: START_MS + 1999, outcome: 'ok', reads})
  expect(steps.take()).toMatchObject([{index: 1, counts: {ok: 1, answeredMeanwhile: 1}}])
})

test('a call without a reply is complete as it is sent', () => {
  const steps = recorder()
  steps.completedUnanswered(START_MS + 999, START_MS + 1003)
  expect(steps.take()).toMatchObject([
    {index: 0, counts: {...none, ok: 1}, response: {count: 1, maxUs: 4000}, service: {count: 0}},
    {index: 1, counts: {...none, answeredMeanwhile: 1}},
  ])
})

test('a report tells what is new, and steps without news are left out', () => {
  const steps = recorder()
  steps.sent(START_MS)
  const [first] = steps.take()
  expect(first).toMatchObject({index: 0, counts: {sent: 1}})
  expect(steps.take()).toEqual([])
  steps.sent(START_MS + 1500)
  steps.sent(START_MS + 1600)
  expect(steps.take()).toMatchObject([{index: 1, counts: {sent: 2}}])
  // What was handed out stays as it was.
  expect(first!.counts.sent).toBe(1)
})
