import {PlanError} from '../errors.js'
import {Weighted} from './weighted.js'
import {Zipf} from './zipf.js'

/** Distribution of value sizes, in bytes. */
export type SizeDistribution =
  | {readonly kind: 'fixed'; readonly bytes: number}
  | {readonly kind: 'exponential'; readonly meanBytes: number}
  | {readonly kind: 'uniform'; readonly minBytes: number; readonly maxBytes: number}
  | {readonly kind: 'weighted'; readonly choices: readonly {readonly bytes: number; readonly weight: number}[]}
  | {readonly kind: 'zipf'; readonly minBytes: number; readonly maxBytes: number; readonly exponent: number}

/** Largest size that can be asked for: above memcached's default item limit, so that its refusal can be tested too. */
export const SIZE_MAX_BYTES = 16 * 1024 * 1024

/** Upper bound of exponential draws, within memcached's default item limit. */
const EXPONENTIAL_MAX_BYTES = 1_000_000

/** Exponent of `zipf:MIN,MAX` without one. */
const DEFAULT_EXPONENT = 0.99

const expected =
  'sizes as BYTES, dBYTES, eMEAN, uMIN,MAX, BYTES:WEIGHT,… or zipf:MIN,MAX[,EXPONENT] (such as 32, u1024,10240 or 100:9,4k:1)'
const bytesPerSuffix: Readonly<Record<string, number>> = {'': 1, k: 1024, m: 1024 * 1024}

/**
 * Reads mcperf's notation: `dX` always X bytes, `eX` exponential with mean X,
 * `uA,B` uniform from A to B. A bare number is that many bytes (mcperf reads
 * it as a rate and sends 1/X, rounded to 0 bytes). Besides, `A:V,B:W` draws
 * from a list by weight and `zipf:A,B` makes small sizes the commonest.
 */
export function parseSizes(text: string): SizeDistribution {
  if (text.startsWith('zipf:')) return parseZipf(text)
  if (text.includes(':')) return {kind: 'weighted', choices: text.split(',').map(part => parseChoice(part, text))}
  if (text.startsWith('u')) return {kind: 'uniform', ...parseRange(text.slice(1).split(','), text)}
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
    case 'weighted':
      return sizes.choices.map(({bytes, weight}) => `${bytes}:${weight}`).join(',')
    case 'zipf':
      return `zipf:${sizes.minBytes},${sizes.maxBytes},${sizes.exponent}`
  }
}

/** The largest size that can be drawn, in bytes. */
export function largestSize(sizes: SizeDistribution): number {
  switch (sizes.kind) {
    case 'fixed':
      return sizes.bytes
    case 'exponential':
      return Math.max(EXPONENTIAL_MAX_BYTES, Math.round(sizes.meanBytes))
    case 'uniform':
    case 'zipf':
      return sizes.maxBytes
    case 'weighted':
      return Math.max(...sizes.choices.map(({bytes}) => bytes))
  }
}

/** @param random gives a number from 0 up to but not 1 */
export function sizeDrawer(sizes: SizeDistribution, random: () => number): () => number {
  switch (sizes.kind) {
    case 'fixed':
      return () => sizes.bytes
    case 'exponential': {
      const largest = largestSize(sizes)
      return () => Math.min(Math.round(-sizes.meanBytes * Math.log(1 - random())), largest)
    }
    case 'uniform':
      return () => Math.round(sizes.minBytes + (sizes.maxBytes - sizes.minBytes) * random())
    case 'weighted': {
      const places = new Weighted({weights: sizes.choices.map(({weight}) => weight), random})
      return () => sizes.choices[places.next()]!.bytes
    }
    case 'zipf': {
      const {minBytes, maxBytes, exponent} = sizes
      const ranks = new Zipf({count: maxBytes - minBytes + 1, exponent, random})
      return () => minBytes + ranks.next() - 1
    }
  }
}

function parseRange(ends: readonly string[], whole: string): {minBytes: number; maxBytes: number} {
  if (ends.length !== 2) throw new PlanError(`Expected ${expected}, got '${whole}'`)
  const minBytes = parseBytes(ends[0]!, whole)
  const maxBytes = parseBytes(ends[1]!, whole)
  if (maxBytes < minBytes) throw new PlanError(`Expected MIN,MAX with MIN up to MAX, got '${whole}'`)
  return {minBytes, maxBytes}
}

function parseZipf(text: string): SizeDistribution {
  const [min = '', max = '', exponentText = String(DEFAULT_EXPONENT), ...more] = text.slice('zipf:'.length).split(',')
  const exponent = Number(exponentText)
  if (more.length > 0 || !(exponent > 0 && exponent <= 10)) {
    throw new PlanError(`Expected zipf:MIN,MAX[,EXPONENT] with an exponent above 0 and up to 10, got '${text}'`)
  }
  return {kind: 'zipf', ...parseRange([min, max], text), exponent}
}

function parseChoice(part: string, whole: string): {bytes: number; weight: number} {
  const match = /^([^:]+):(\d+)$/.exec(part)
  const weight = Number(match?.[2])
  if (match === null || weight < 1 || weight > 1_000_000) {
    throw new PlanError(`Expected BYTES:WEIGHT,… with weights from 1 to 1000000, got '${whole}'`)
  }
  return {bytes: parseBytes(match[1]!, whole), weight}
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
