/** Ten steps to the power of ten, each of about a quarter. */
const steps = [1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8] as const
/** As far as a load goes. */
const RATE_MOST = 10_000_000

/** The next round rate above one. */
export function rateAbove(rate: number): number {
  const power = powerOf(rate)
  const next = steps.find(factor => factor * power > rate * 1.0001)
  return Math.min(RATE_MOST, next === undefined ? 10 * power : next * power)
}

/** The next round rate below one; 1 is the least. */
export function rateBelow(rate: number): number {
  const power = powerOf(rate)
  const next = steps.findLast(factor => factor * power < rate * 0.9999)
  return Math.max(1, next === undefined ? 0.8 * power : next * power)
}

function powerOf(rate: number): number {
  return 10 ** Math.floor(Math.log10(Math.max(1, rate)))
}
