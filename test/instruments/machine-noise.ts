/** How a machine disturbs runs that are made one after the other; deviations are shares of a figure. */
interface Noise {
  /** Of what lasts longer than a run (other tenants, clock speed). */
  readonly drift: number
  /** How much of it is left in the next run, 0 to 1. */
  readonly persistence: number
  /** Of each run for itself, to one side: a disturbance makes slower, never faster. */
  readonly skew: number
  /** Share of the runs that something happened to. */
  readonly outliers: number
  /** How far those go, as a share. */
  readonly outlierSize: number
}

export interface RunFigures {
  readonly rate: number
  readonly p50: number
  readonly p99: number
}

export const noises = {
  calm: {drift: 0, persistence: 0, skew: 0.03, outliers: 0, outlierSize: 0},
  outliers: {drift: 0.02, persistence: 0.5, skew: 0.02, outliers: 0.05, outlierSize: 1},
  drifting: {drift: 0.05, persistence: 0.9, skew: 0.02, outliers: 0.03, outlierSize: 0.5},
  wandering: {drift: 0.1, persistence: 0.98, skew: 0.01, outliers: 0, outlierSize: 0},
  wild: {drift: 0.12, persistence: 0.6, skew: 0.1, outliers: 0.1, outlierSize: 3},
} as const satisfies Record<string, Noise>

/**
 * An instrument: runs of the same server on a machine of known noise. It shares
 * no code with what judges them, and the same seed gives the same runs.
 */
export class NoisyMachine {
  readonly #noise: Noise
  #state: number
  #drift: number

  constructor({noise, seed}: {readonly noise: Noise; readonly seed: number}) {
    this.#noise = noise
    this.#state = seed
    this.#drift = noise.drift * this.#normal()
  }

  /** The next run of a server whose median takes `slower` times as long. */
  run(slower = 1): RunFigures {
    const {drift, persistence, skew, outliers, outlierSize} = this.#noise
    this.#drift = persistence * this.#drift + Math.sqrt(1 - persistence ** 2) * drift * this.#normal()
    const outlier = this.#uniform() < outliers ? outlierSize * this.#uniform() : 0
    const own = -Math.log(1 - this.#uniform()) * skew
    const tail = 2 * skew * this.#normal() + 4 * skew * this.#normal() ** 2
    return {
      rate: 1000 * Math.exp(-0.02 * outlier + 0.0005 * this.#normal()),
      // The clock of the figures is a whole µs.
      p50: Math.round(5000 * slower * Math.exp(this.#drift + own + outlier)),
      p99: Math.round(9000 * Math.exp(1.5 * this.#drift + own + tail + 2 * outlier)),
    }
  }

  #normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.#uniform())) * Math.cos(2 * Math.PI * this.#uniform())
  }

  /** mulberry32. */
  #uniform(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
