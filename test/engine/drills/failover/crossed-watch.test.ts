import {expect, test} from 'vitest'
import {CrossedWatch} from '../../../../src/engine/drills/failover/crossed-watch.js'
import {FailoverLog} from '../../../../src/engine/verify/failover-log.js'
import type {NodeEvent, NodeEventFacts, NodeEventKind} from '../../../../src/server/node-api/node-event.js'

const MASTER = 0
const SLAVE = 1

/** Two nodes that say what happens to them, and a probe that crosses. */
function script() {
  const log = new FailoverLog(FailoverLog.allocate())
  const listeners: ((event: NodeEvent) => void)[] = []
  const onEvent = (listener: (event: NodeEvent) => void) => {
    listeners.push(listener)
    return () => {}
  }
  const watch = new CrossedWatch([{onEvent}, {onEvent}], {log, originMs: 0})
  return {
    tell(node: number, kind: NodeEventKind, monotonicMs: number, facts: NodeEventFacts = {}) {
      listeners[node]!({monotonicMs, atMs: 0, node: ['m1', 's1'][node]!, kind, text: '', facts})
    },
    seen(to: number, atMs: number) {
      const direction = to === SLAVE ? 'aToB' : 'bToA'
      watch.probed({type: 'seen', direction, atMs, lagUs: 0, resolutionUs: 0} as never)
    },
    crossed: () => [log.crossedMs(MASTER, SLAVE), log.crossedMs(SLAVE, MASTER)],
  }
}

test('what was stored before a probe that is seen has crossed', () => {
  const {seen, crossed} = script()
  seen(SLAVE, 1000)
  seen(MASTER, 1100)
  expect(crossed()).toEqual([1000, 1100])
})

test('a node that was started anew has nothing until it has its copy', () => {
  const {tell, seen, crossed} = script()
  seen(SLAVE, 1000)
  seen(MASTER, 1000)
  tell(MASTER, 'started', 2000)
  expect(crossed()).toEqual([1000, 0])
  seen(MASTER, 2050)
  expect(crossed()).toEqual([1000, 0])
  tell(MASTER, 'linkUp', 2200, {role: 'slave'})
  tell(SLAVE, 'linkUp', 2210, {role: 'master'})
  expect(crossed()).toEqual([1000, 2100])
  seen(MASTER, 2300)
  expect(crossed()).toEqual([1000, 2300])
})

test('nodes that were both started anew have nothing of what was before, whoever copies to whom', () => {
  const {tell, seen, crossed} = script()
  seen(SLAVE, 1000)
  seen(MASTER, 1000)
  tell(MASTER, 'started', 2000)
  tell(SLAVE, 'started', 2010)
  tell(MASTER, 'linkUp', 2020, {role: 'master'})
  tell(SLAVE, 'linkUp', 2020, {role: 'slave'})
  seen(SLAVE, 2100)
  seen(MASTER, 2100)
  expect(crossed()).toEqual([0, 0])
})

test('a copy from somebody else than the peer is none', () => {
  const {tell, seen, crossed} = script()
  tell(MASTER, 'linkUp', 500, {role: 'slave'})
  tell(SLAVE, 'linkUp', 500, {role: 'master'})
  tell(MASTER, 'started', 2000)
  tell(MASTER, 'linkUp', 2200, {role: 'slave'})
  seen(MASTER, 2300)
  expect(crossed()).toEqual([0, 0])
  tell(SLAVE, 'linkUp', 2400, {role: 'master'})
  seen(MASTER, 2500)
  expect(crossed()).toEqual([0, 2500])
})
