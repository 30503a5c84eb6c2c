import {type Assertion, holds} from './assertion.js'
import type {Lateness} from './measure.js'

/** Share of a latency from which on the generator's own lateness matters. */
const SUBSTANTIAL_SHARE = 0.1

/** Whether the generator's own lateness may be a substantial part of a latency. */
export function isSubstantial(us: number, netUs: number): boolean {
  return us - netUs > us * SUBSTANTIAL_SHARE
}

/**
 * Why a broken assertion is no failure: it would hold without the generator's
 * own lateness, which may have been large enough to break it. Null when it
 * failed for certain.
 */
export function excuse<Result>({measure, operator, limit}: Assertion<Result>, result: Result): string | null {
  const us = measure.read(result)
  const lateness = measure.lateness?.(result) ?? null
  if (lateness === null || typeof us !== 'number' || typeof limit !== 'number') return null
  if (!holds(operator, lateness.netUs, limit)) return null
  if (isSubstantial(us, lateness.netUs)) return `up to ${text(us - lateness.netUs)} of it our own lateness`
  return isLateFor(limit, lateness) ? `a call in a hundred was sent ${text(lateness.slipP99Us!)} late or later` : null
}

function isLateFor(limitUs: number, {slipP99Us}: Lateness): boolean {
  return slipP99Us !== null && slipP99Us >= limitUs * SUBSTANTIAL_SHARE
}

function text(us: number): string {
  return `${Number((us / 1000).toPrecision(3))} ms`
}
