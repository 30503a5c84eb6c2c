import {expect, test} from 'vitest'
import {nextAttempt} from '../../src/engine/next-attempt.js'

/** What a client does after each of its first failures: `delay`, or `→delay` where it goes to the next node. */
function course(parts: {targets: number; retries: number; retryDelayMs: number | null}, failures: number): string[] {
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
