import {expect, it} from 'vitest'
import {SwitchWatch} from '../../../src/engine/run/switch-watch.js'

function watched() {
  const told: (readonly [connections: number, atMs: number])[] = []
  return {told, watch: new SwitchWatch((connections, atMs) => told.push([connections, atMs]))}
}

it('tells connections that change sides over several reports once, when a report has no more of them', () => {
  const {told, watch} = watched()
  watch.reported(0, 0)
  watch.reported(3, 200)
  watch.reported(10, 400)
  expect(told).toEqual([])
  watch.reported(10, 600)
  watch.reported(10, 800)
  expect(told).toEqual([[10, 200]])
})

it('does not wait for the end of those that go on and on', () => {
  const {told, watch} = watched()
  for (let report = 1; report <= 6; report++) watch.reported(report, report * 250)
  expect(told).toEqual([[5, 250]])
  watch.flush()
  watch.flush()
  expect(told).toEqual([
    [5, 250],
    [1, 1500],
  ])
})

it('counts a new phase from 0, and loses nothing of the one before', () => {
  const {told, watch} = watched()
  watch.reported(4, 100)
  watch.restart()
  watch.reported(2, 300)
  watch.reported(2, 500)
  expect(told).toEqual([
    [4, 100],
    [2, 300],
  ])
})
