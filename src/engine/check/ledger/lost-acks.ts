import type {Ack} from '../../verify/ack-times.js'
import type {WrongKey} from './ledger-verdict.js'

/** When the first and the last of the lost writes were acknowledged. */
export interface LostAcks {
  /** Unix ms, with fractions. */
  readonly firstMs: number
  readonly lastMs: number
  /** False: there were more acknowledgements than are remembered, so the first lost one may be older. */
  readonly isComplete: boolean
}

/**
 * When lost writes were acknowledged: those of a key after the newest version
 * that is left.
 * @param bestLeft for each key that lost something
 * @param originMs of the acknowledgements' clock, Unix ms
 * @returns null when nothing was lost, or nothing lost is remembered
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

/**
 * Takes writes before an acknowledged delete out of what was lost: a key on no
 * node is as its newest acknowledged delete left it.
 * @param acknowledged the newest version of a key
 */
export function sparingDeleted(
  wrong: readonly WrongKey[],
  {acks, acknowledged}: {acks: {remembered(): Iterable<Ack>}; acknowledged: (key: number) => number},
): readonly WrongKey[] {
  const isGone = ({finding}: WrongKey): boolean => finding.absence === 'both' && finding.lostVersions > 1
  const deleted = new Map(wrong.filter(isGone).map(({key}) => [key, 0]))
  if (deleted.size === 0) return wrong
  for (const {key, version, removes} of acks.remembered()) {
    if (removes && version > (deleted.get(key) ?? version)) deleted.set(key, version)
  }
  return wrong.map(one => {
    const version = deleted.get(one.key) ?? 0
    return version === 0 ? one : {...one, finding: {...one.finding, lostVersions: acknowledged(one.key) - version}}
  })
}
