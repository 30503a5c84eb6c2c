import {expect, test} from 'vitest'
import {EmptyWatch} from '../../../../src/engine/drills/runner/empty-watch.js'
import type {NodeEvent} from '../../../../src/server/node-api/node-event.js'

const START_MS = 10_000

/** A node whose events are told by hand. */
function scriptedNode(name: string) {
  const listeners = new Set<(event: NodeEvent) => void>()
  return {
    name,
    listeners,
    onEvent(told: (event: NodeEvent) => void) {
      listeners.add(told)
      return () => listeners.delete(told)
    },
    tell(kind: NodeEvent['kind'], seconds: number) {
      const event = {kind, node: name, atMs: 0, monotonicMs: START_MS + seconds * 1000, text: ''}
      for (const told of listeners) told(event)
    },
  }
}

test('a restarted node that serves before it has a link is empty until it has one', () => {
  const [m1, s1] = [scriptedNode('m1'), scriptedNode('s1')]
  const empty = new EmptyWatch([m1, s1])
  // First start: it has lost nothing.
  s1.tell('ready', 1)
  m1.tell('started', 4)
  m1.tell('dialFailed', 4.05)
  m1.tell('ready', 4.1)
  m1.tell('linkUp', 4.3)
  s1.tell('started', 6)
  s1.tell('linkUp', 6.1)
  s1.tell('ready', 6.15)
  expect(empty.spans(START_MS)).toEqual([{node: 'm1', from: 4.1, to: 4.3}])
})

test.each(['killed', 'stopped', 'crashed'] as const)('that is over, too, when it is %s', kind => {
  const m1 = scriptedNode('m1')
  const empty = new EmptyWatch([m1])
  m1.tell('started', 1)
  m1.tell('ready', 2)
  expect(empty.spans(START_MS)).toEqual([{node: 'm1', from: 2, to: null}])
  m1.tell(kind, 3)
  expect(empty.spans(START_MS)).toEqual([{node: 'm1', from: 2, to: 3}])
  empty.stop()
  expect(m1.listeners.size).toBe(0)
})
