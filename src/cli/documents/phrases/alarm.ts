import type {RunEvent} from '../../../engine/result/run-result.js'
import {eventAdvice} from '../../../server/node-api/event-advice.js'

const kinds: ReadonlySet<string> = new Set(
  Object.entries(eventAdvice).flatMap(([kind, {weight}]) => (weight === 'alarm' ? [kind] : [])),
)

/** Whether an event is a failure that the run's figures would hide: clients may still get STORED. */
export function isAlarming({kind}: Pick<RunEvent, 'kind'>): boolean {
  return kinds.has(kind)
}

export function describeAlarm({t, node, text}: Pick<RunEvent, 't' | 'node' | 'text'>): string {
  return `${node} at ${t.toFixed(2)} s: ${text}`
}
