import {type Assertion, holds} from './assertion.js'
import type {Lateness} from './measure.js'

/** From this share of a latency on the generator's own lateness counts. */
const SUBSTANTIAL_SHARE = 0.1

/** Whether so much of a latency may be the generator's own that it says little of a server. */
export function isSubstantial(us: number, netUs: number): boolean {
  return us - netUs > us * SUBSTANTIAL_SHARE
}

/**
 * Why a broken condition is no failure: the generator was late by so much that
 * its own lateness may have broken it, and without that it would hold. Null
 * when it failed for certain.
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
