import {expect, test} from 'vitest'
import {nextAttempt} from '../../../src/engine/loop/connection-opener.js'

type Parts = Omit<Parameters<typeof nextAttempt>[0], 'failures'>

/** What a client does after each of its first failures: `delay`, or `→delay` where it goes to the next node. */
function course(changes: Pick<Parts, 'targets' | 'retries' | 'retryDelayMs'> & Partial<Parts>, failures: number) {
  const parts = {firstRetryDelayMs: null, failoverDelayMs: 10, ...changes}
  return Array.from({length: failures}, (_, index) => {
    const {switches, delayMs} = nextAttempt({...parts, failures: index})
    return `${switches ? '→' : ''}${delayMs}`
  })
}

test('without retries a client goes to the other node at once, and back and forth with backoff', () => {
  expect(course({targets: 2, retries: 0, retryDelayMs: null}, 14).join(' ')).toBe(
    '→10 →10 →20 →20 →40 →40 →80 →80 →160 →160 →320 →320 →500 →500',
  )
})

test('retries come before the other node, and cost their delay', () => {
  expect(course({targets: 2, retries: 2, retryDelayMs: 100}, 7)).toEqual([
    '100',
    '100',
    '→10',
    '100',
    '100',
    '→100',
    '100',
  ])
})

test('with one node there is nowhere else to go', () => {
  expect(course({targets: 1, retries: 0, retryDelayMs: null}, 4)).toEqual(['10', '20', '40', '80'])
  expect(course({targets: 1, retries: 3, retryDelayMs: 50}, 4)).toEqual(['50', '50', '50', '50'])
})

test('the first retry and the change of node may have delays of their own', () => {
  expect(course({targets: 1, retries: 0, retryDelayMs: 2500, firstRetryDelayMs: 0}, 3)).toEqual(['0', '2500', '2500'])
  expect(course({targets: 2, retries: 2, retryDelayMs: 1000, failoverDelayMs: 0}, 3)).toEqual(['1000', '1000', '→0'])
})
