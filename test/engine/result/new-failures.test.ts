import {expect, test} from 'vitest'
import {newFailures} from '../../../src/engine/result/new-failures.js'
import {makeDelta} from '../helpers/deltas.js'

test.each([
  ['all of a first report', {reset: 2}, undefined, {reset: 2}],
  ['only what came since', {reset: 5, refused: 1}, {reset: 3}, {reset: 2, refused: 1}],
  ['no kind that has not grown', {reset: 3, refused: 4}, {reset: 3, refused: 1}, {refused: 3}],
  ['none', {}, {}, {}],
])('%s', (_name, now, before, news) => {
  const delta = makeDelta({connectionErrors: now})
  expect(newFailures(delta, before && makeDelta({connectionErrors: before}))).toEqual(news)
})
