import {KEY_COUNTER_DIGITS} from './plan.js'

/** A key of a plan as it goes over the wire. */
export function formatKey(prefix: string, key: number): string {
  return prefix + (key >>> 0).toString(16).padStart(KEY_COUNTER_DIGITS, '0')
}
