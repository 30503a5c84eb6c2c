import {onTestFinished} from 'vitest'
import type {LagEvent} from '../../../src/engine/lag/lag-event.js'
import {LagProbe, type LagProbeOptions} from '../../../src/engine/lag/lag-probe.js'
import type {Address} from '../../../src/protocol/address.js'

/** A probe between two nodes, until the test has finished. */
export function probing(a: Address, b: Address, options: Partial<LagProbeOptions> = {}) {
  const events: LagEvent[] = []
  const probe = new LagProbe({
    a: {address: a},
    b: {address: b},
    intervalMs: 20,
    onEvent: event => events.push(event),
    ...options,
  })
  onTestFinished(() => probe.stop())
  const count = (type: LagEvent['type']) => events.filter(event => event.type === type).length
  return {probe, events, count}
}
