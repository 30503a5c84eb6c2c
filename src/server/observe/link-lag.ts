import type {LagSample, PairProbes} from '../node-api/pair-probe.js'

/** Of writes that arrived within so long the longest counts. */
const WINDOW_MS = 1000
/** Evidence may be that old when it comes from another thread. */
const TELLING_US = 100_000

/** From the first node to the second, and back, in µs; null while nothing is known. */
export type PairLagUs = readonly [number | null, number | null]

/** How far two watched nodes lag behind each other now: it climbs while nothing arrives. */
export class LinkLag {
  readonly #first: string
  readonly #recent: [LagSample[], LagSample[]] = [[], []]

  /** @param first the name of the first node */
  constructor(first: string) {
    this.#first = first
  }

  add(sample: LagSample): void {
    const recent = this.#recent[sample.from === this.#first ? 0 : 1]
    recent.push(sample)
    // The newest stays, however old.
    while (recent.length > 1 && recent[0]!.atMs < sample.atMs - WINDOW_MS) recent.shift()
  }

  /** The longest of the last second, or the age of the oldest write that has not arrived, where that is more. */
  now([there, back]: PairProbes, nowMs = performance.now()): PairLagUs {
    const of = (recent: readonly LagSample[], {oldestUnseenMs = null}: PairProbes[number]) => {
      const within = recent.filter(({atMs}, index) => index === recent.length - 1 || atMs >= nowMs - WINDOW_MS)
      const arrived = within.map(({lagUs}) => lagUs)
      const ages = oldestUnseenMs === null ? [] : [Math.max(0, nowMs - oldestUnseenMs) * 1000]
      const all =
        arrived.length === 0 || ages[0] === undefined || ages[0] > TELLING_US ? [...arrived, ...ages] : arrived
      return all.length === 0 ? null : Math.max(...all)
    }
    return [of(this.#recent[0], there), of(this.#recent[1], back)]
  }
}
