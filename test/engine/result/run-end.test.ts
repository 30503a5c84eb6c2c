import {expect, test} from 'vitest'
import {describeEarlyEnd} from '../../../src/engine/result/run-description.js'
import {makeResult} from '../helpers/results.js'

const {operations, connections} = makeResult()
const books = {operations: {...operations, unsent: 0}, connections}
const whole = {...books, interrupted: false, plannedSeconds: 10, isOpenLoop: true}
const cut = {...connections, planned: 10, errors: {'closed by server': 7, reset: 3}}

test.each([
  ['came to its end', {...whole, elapsedSeconds: 10.001}, null],
  ['a little before it, by chance', {...whole, elapsedSeconds: 9.9}, null],
  ['one connection was cut', {...whole, operations: {...operations, unsent: 900}, elapsedSeconds: 9.999}, null],
  ['all were cut', {...whole, operations: {...operations, unsent: 900}, connections: cut, elapsedSeconds: 1.3}, 1.3],
  ['all were cut, in a closed loop', {...whole, isOpenLoop: false, connections: cut, elapsedSeconds: 1.3}, 1.3],
  ['all were cut and opened again, and all was sent', {...whole, connections: cut, elapsedSeconds: 9.998}, null],
  ['all were cut when all was done', {...whole, connections: cut, elapsedSeconds: 10.001}, null],
  [
    'all were cut before their calls were done',
    {...whole, plannedSeconds: null, operations: {...operations, unsent: 9}, connections: cut, elapsedSeconds: 5},
    5,
  ],
])('%s', (_, run, seconds) => {
  expect(describeEarlyEnd(run)).toEqual(seconds === null ? null : {seconds, why: 'no connection was left'})
})

test('the operator ended it', () => {
  const run = {...whole, interrupted: true, elapsedSeconds: 2}
  expect(describeEarlyEnd(run)).toEqual({seconds: 2, why: 'interrupted'})
})
