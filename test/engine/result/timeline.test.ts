import {expect, test} from 'vitest'
import {LatencyRecorder} from '../../../src/engine/measure/latency.js'
import {Timeline} from '../../../src/engine/result/timeline.js'

/** Reports five times a second, each of 20 operations; the last may be short. */
function reported(durationSeconds: number): Timeline {
  const timeline = new Timeline()
  for (let from = 0; from < durationSeconds; from += 0.2) {
    const to = Math.min(durationSeconds, from + 0.2)
    const recorder = new LatencyRecorder()
    recorder.recordMs(1 + from)
    const ops = Math.round((to - from) * 100)
    timeline.add({atMs: ((from + to) / 2) * 1000, ops, errors: 0, response: [recorder.take()]})
  }
  return timeline
}

test.each([
  ['a drain just behind the planned second', {durationSeconds: 5.002, plannedSeconds: 5}, [1, 1, 1, 1, 1.002]],
  ['a longer one', {durationSeconds: 3.7, plannedSeconds: 3}, [1, 1, 1.7]],
  ['one of a load whose length nobody knows', {durationSeconds: 2.08, plannedSeconds: null}, [1, 1.08]],
  ['what is a part of a second', {durationSeconds: 2.5, plannedSeconds: 2.5}, [1, 1, 0.5]],
  ['a load that ended early', {durationSeconds: 1.3, plannedSeconds: 10}, [1, 0.3]],
  ['a server that hangs at the end', {durationSeconds: 6.5, plannedSeconds: 3}, [1, 1, 1, 1, 1, 1, 0.5]],
  ['next to nothing', {durationSeconds: 0.002, plannedSeconds: 1}, [0.002]],
  ['nothing', {durationSeconds: 0, plannedSeconds: 1}, []],
])('no entry is a sliver: %s', (_, span, seconds) => {
  const entries = reported(span.durationSeconds).entries(span)
  expect(entries.map(({t}) => t)).toEqual(seconds.map((_second, t) => t))
  expect(entries.map(entry => Number(entry.seconds.toFixed(6)))).toEqual(seconds)
  const sum = entries.reduce((all, {ops}) => all + ops, 0)
  expect(sum).toBe(Math.round(span.durationSeconds * 100))
  // Of 100 operations a second the entries show so many, whatever their length; no report lies in two of them.
  for (const {ops, seconds: length} of entries) expect(Math.abs(ops - length * 100)).toBeLessThanOrEqual(10)
})

test('what is joined keeps its times', () => {
  const entries = reported(3.7).entries({durationSeconds: 3.7, plannedSeconds: 3})
  expect(entries.at(-1)!.max).toBe(4600)
})

test('errors are counted in their second, also those that come after the last', () => {
  const timeline = new Timeline()
  for (const [atMs, errors] of [
    [500, 1],
    [1500, 2],
    [3200, 4],
  ] as const)
    timeline.add({atMs, ops: 0, errors, response: []})
  const entries = timeline.entries({durationSeconds: 3.3, plannedSeconds: 3})
  expect(entries.map(({errors}) => errors)).toEqual([1, 2, 4])
})

test('a second without a report is empty', () => {
  const timeline = new Timeline()
  timeline.add({atMs: 2500, ops: 3, errors: 0, response: []})
  const empty = {ops: 0, errors: 0, p50: null, p99: null, p999: null, max: null, lag: null, seconds: 1}
  expect(timeline.entries({durationSeconds: 3, plannedSeconds: 3}).slice(0, 2)).toEqual([
    {t: 0, ...empty},
    {t: 1, ...empty},
  ])
})
