import {PlanError} from './errors.js'

/** How many bytes a value has. */
export type SizeDistribution =
  | {readonly kind: 'fixed'; readonly bytes: number}
  | {readonly kind: 'exponential'; readonly meanBytes: number}
  | {readonly kind: 'uniform'; readonly minBytes: number; readonly maxBytes: number}

/** Largest size that can be asked for: above memcached's default item limit, so that its refusal can be tried too. */
export const SIZE_MAX_BYTES = 16 * 1024 * 1024

/** An exponential draw has no bound of its own; beyond this it is cut, to fit memcached's default item limit. */
const EXPONENTIAL_MAX_BYTES = 1_000_000

const expected = 'sizes as BYTES, dBYTES, eMEAN or uMIN,MAX (such as 32, d4k or u1024,10240)'
const bytesPerSuffix: Readonly<Record<string, number>> = {'': 1, k: 1024, m: 1024 * 1024}

/**
 * Reads mcperf's notation: `dX` always X bytes, `eX` exponential with mean X,
 * `uA,B` uniform from A to B. A bare number is that many bytes (mcperf reads
 * it as a rate and sends 1/X, rounded to 0 bytes).
 */
export function parseSizes(text: string): SizeDistribution {
  const uniform = /^u([^,]+),([^,]+)$/.exec(text)
  if (uniform !== null) {
    const minBytes = parseBytes(uniform[1]!, text)
    const maxBytes = parseBytes(uniform[2]!, text)
    if (maxBytes < minBytes) throw new PlanError(`Expected uMIN,MAX with MIN up to MAX, got '${text}'`)
    return {kind: 'uniform', minBytes, maxBytes}
  }
  if (text.startsWith('e')) return {kind: 'exponential', meanBytes: parseBytes(text.slice(1), text)}
  return {kind: 'fixed', bytes: parseBytes(text.startsWith('d') ? text.slice(1) : text, text)}
}

/** The notation that parseSizes reads. */
export function formatSizes(sizes: SizeDistribution): string {
  switch (sizes.kind) {
    case 'fixed':
      return `d${sizes.bytes}`
    case 'exponential':
      return `e${sizes.meanBytes}`
    case 'uniform':
      return `u${sizes.minBytes},${sizes.maxBytes}`
  }
}

/** The largest size that drawSize can give, in bytes. */
export function largestSize(sizes: SizeDistribution): number {
  switch (sizes.kind) {
    case 'fixed':
      return sizes.bytes
    case 'exponential':
      return Math.max(EXPONENTIAL_MAX_BYTES, Math.round(sizes.meanBytes))
    case 'uniform':
      return sizes.maxBytes
  }
}

/** @param random gives a number from 0 up to but not 1 */
export function drawSize(sizes: SizeDistribution, random: () => number): number {
  switch (sizes.kind) {
    case 'fixed':
      return sizes.bytes
    case 'exponential':
      return Math.min(Math.round(-sizes.meanBytes * Math.log(1 - random())), largestSize(sizes))
    case 'uniform':
      return Math.round(sizes.minBytes + (sizes.maxBytes - sizes.minBytes) * random())
  }
}

function parseBytes(text: string, whole: string): number {
  const match = /^(\d+)([km]?)$/.exec(text)
  if (match === null) throw new PlanError(`Expected ${expected}, got '${whole}'`)
  const bytes = Number(match[1]) * bytesPerSuffix[match[2]!]!
  if (bytes < 1 || bytes > SIZE_MAX_BYTES) {
    throw new PlanError(`Expected sizes from 1 byte to 16m, got '${whole}'`)
  }
  return bytes
}
