/** One fault of a soak, as the seed draws it. */
interface DrawnFault {
  /** From 1. */
  readonly number: number
  readonly fault: string
  readonly holdMs: number
  readonly pauseMs: number
}

/** Shares of the time that an operator takes: a fault is shorter than a call's usual time-out, so that no client gives a frozen node up. */
const HOLD_FROM = 0.1
const HOLD_TO = 0.45

/**
 * The faults of a soak and the pauses between them, without end. The same
 * numbers give the same sequence, however long each fault takes to be undone.
 */
export function* drawFaults(parts: {
  names: readonly string[]
  holdMs: number
  random: () => number
}): Generator<DrawnFault, never> {
  const {names, holdMs, random} = parts
  const between = (from: number, to: number): number => Math.round(holdMs * (from + (to - from) * random()))
  for (let number = 1; ; number++) {
    const fault = names[Math.floor(random() * names.length)]!
    yield {number, fault, holdMs: between(HOLD_FROM, HOLD_TO), pauseMs: between(HOLD_FROM, 1)}
  }
}
