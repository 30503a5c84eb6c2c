/**
 * What a pending call is, in one byte: its place in the plan's mix (below 64),
 * with a mark for the second half of a cas, or no operation at all.
 */
const CAS_MARK = 0x40

/** A `version` behind the last noreply command: its reply says that the server has taken them all. */
export const BARRIER = 0x80

/** A read that asks what a server holds before a key is written there for the first time; none of the load's. */
export const WITNESS = 0x81

/** No operation of the load waits for its reply. */
export function isNoOperation(mark: number): boolean {
  return mark >= BARRIER
}

export function asSecondHalf(method: number): number {
  return method | CAS_MARK
}

export function isSecondHalf(mark: number): boolean {
  return (mark & CAS_MARK) !== 0
}

/** Place in the plan's mix. */
export function methodOf(mark: number): number {
  return mark & (CAS_MARK - 1)
}
