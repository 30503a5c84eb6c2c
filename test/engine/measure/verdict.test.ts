import {expect, test} from 'vitest'
import {worstVerdict} from '../../../src/engine/measure/verdict.js'

test('the worst of verdicts: a failure before what is unknown before a pass', () => {
  expect(worstVerdict(['pass', 'unknown', 'fail'])).toBe('fail')
  expect(worstVerdict(['pass', 'unknown'])).toBe('unknown')
  expect(worstVerdict(['pass', 'pass'])).toBe('pass')
})
