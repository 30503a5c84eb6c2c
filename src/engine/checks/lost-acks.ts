import type {Ack} from '../verify/ack-times.js'

/** When the first and the last of the lost writes were acknowledged. */
export interface LostAcks {
  /** Unix ms, with fractions. */
  readonly firstMs: number
  readonly lastMs: number
  /** False: there were more acknowledgements than are remembered, so the first lost one may be older. */
  readonly isComplete: boolean
}

/**
 * Finds when lost writes were acknowledged: those of a key after the best
 * version that is left.
 * @param bestLeft for each key that lost something
 * @param originMs of the acknowledgements' clock, Unix ms
 * @returns null when nothing was lost
 */
export function findLostAcks(
  acks: {remembered(): Iterable<Ack>; readonly hasForgotten: boolean},
  bestLeft: ReadonlyMap<number, number>,
  originMs: number,
): LostAcks | null {
  if (bestLeft.size === 0) return null
  let firstMs = Number.POSITIVE_INFINITY
  let lastMs = 0
  for (const {key, version, atMs} of acks.remembered()) {
    const best = bestLeft.get(key)
    if (best === undefined || version <= best) continue
    firstMs = Math.min(firstMs, atMs)
    lastMs = Math.max(lastMs, atMs)
  }
  if (lastMs === 0) return null
  return {firstMs: originMs + firstMs, lastMs: originMs + lastMs, isComplete: !acks.hasForgotten}
}
