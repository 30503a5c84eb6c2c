import {type LagDirection, type LagEvent, lagDirections, PROBE_TTL_MS, type ProbeCounts} from './lag-event.js'
import {type LagFigures, LagHistogram} from './lag-histogram.js'

/** One direction of a pair. */
export interface DirectionLag extends LagFigures {
  /** Writes that were due and not acknowledged: no lag. */
  readonly notStored: number
}

/** What the probe did to both nodes together, and to each. */
export interface ProbeTotals extends ProbeCounts {
  readonly a: ProbeCounts
  readonly b: ProbeCounts
}

export interface LagSummary {
  readonly aToB: DirectionLag
  readonly bToA: DirectionLag
  /** Null while that is not known. */
  readonly probe: ProbeTotals | null
}

/** A lag and when its write was acknowledged. */
interface Sample {
  readonly storedAtMs: number
  /** The longest that it may have been. */
  readonly mostUs: number
}

interface Unseen {
  readonly storedAtMs: number
  readonly phase: string | null
}

/** At least; a probe may go on for days. */
const SAMPLES_KEPT = 10_000
/** The phase of probes where none is named. */
const FIRST_PHASE = 'first'

/** What probes of a pair come to, each way, whoever makes them. Times are on performance.now(), in ms. */
export class LagRecord {
  readonly #directions = {aToB: new DirectionRecord(), bToA: new DirectionRecord()}
  readonly #phases: {name: string | null; fromMs: number}[] = []
  #probe: ProbeTotals | null = null
  #asOfMs: number | null = null
  #endMs: number | null = null

  take(event: LagEvent): void {
    switch (event.type) {
      case 'stored':
        this.#directions[event.direction].stored(event.number, {
          storedAtMs: event.atMs,
          phase: this.#phaseAt(event.atMs),
        })
        break
      case 'seen':
        this.#directions[event.direction].seen(event)
        break
      case 'overtaken':
        this.#directions[event.direction].overtaken(event.number)
        break
      case 'notStored':
        this.#directions[event.direction].notStored += 1
        break
      case 'asOf':
        this.#asOfMs = event.atMs
        this.counted(event)
        break
    }
  }

  /** Probes written from now on are of that phase; null: they count for nothing. */
  enter(phase: string | null, fromMs: number): void {
    this.#phases.push({name: phase, fromMs})
  }

  counted({a, b}: {readonly a: ProbeCounts; readonly b: ProbeCounts}): void {
    const both = (name: keyof ProbeCounts): number => a[name] + b[name]
    this.#probe = {
      connections: both('connections'),
      sets: both('sets'),
      gets: both('gets'),
      deletes: both('deletes'),
      a,
      b,
    }
  }

  /** Whoever looked for the writes so far is gone. */
  abandon(): void {
    for (const direction of lagDirections) this.#directions[direction].abandon()
  }

  /** The probe has ended: what was not seen by then has that age. */
  end(atMs = this.#nowMs()): void {
    this.#endMs = atMs
  }

  /** Whether writes that were acknowledged after a moment have crossed both ways. */
  crossedSince(atMs: number): boolean {
    return lagDirections.every(direction => this.#directions[direction].lastCrossedMs >= atMs)
  }

  /** The longest lag of a write that was acknowledged since a moment and has crossed, in ms; 0 when none has. */
  worstLagMs(atMs: number): number {
    return Math.max(...lagDirections.map(direction => this.#directions[direction].worstLagMs(atMs)))
  }

  /**
   * Age of the oldest write that has not been seen, in µs; null when none is under way. One that a later write has
   * overtaken is lost, or will come with a full copy, and is not how far the other node lags now.
   */
  liveUs(direction: LagDirection): number | null {
    const {oldestMs} = this.#directions[direction]
    return oldestMs === null ? null : Math.max(0, this.#nowMs() - oldestMs) * 1000
  }

  /** Of all phases, or of one. */
  summary(phase?: string): LagSummary {
    const of = (direction: LagDirection) =>
      this.#directions[direction].summary({phase, nowMs: this.#nowMs(), ended: this.#endMs !== null})
    return {aToB: of('aToB'), bToA: of('bToA'), probe: this.#probe}
  }

  #nowMs(): number {
    return this.#endMs ?? this.#asOfMs ?? performance.now()
  }

  #phaseAt(atMs: number): string | null {
    const entered = this.#phases.findLast(({fromMs}) => fromMs <= atMs)
    return entered === undefined ? FIRST_PHASE : entered.name
  }
}

/** What a drill or a load may ask of a record, wherever it is filled. */
export type LagRecordView = Omit<LagRecord, 'take' | 'counted' | 'abandon' | 'end'>

class DirectionRecord {
  notStored = 0
  /** When the newest write that crossed was acknowledged. */
  lastCrossedMs = Number.NEGATIVE_INFINITY
  /** The newest, oldest first. */
  readonly #samples: Sample[] = []
  readonly #histograms = new Map<string, LagHistogram>()
  readonly #young = new Map<number, Unseen>()
  readonly #overtaken = new Map<number, Unseen>()
  /** When the oldest was acknowledged that expired since a write was last seen. */
  #expiredSinceMs: number | null = null
  /** Not looked for any more. */
  readonly #expired = new Map<string | null, number>()
  readonly #all = new LagHistogram()

  /** When the oldest write was acknowledged that has not arrived. */
  get oldestMs(): number | null {
    const [oldest] = this.#young.values()
    return this.#expiredSinceMs ?? oldest?.storedAtMs ?? null
  }

  stored(number: number, probe: Unseen): void {
    this.#young.set(number, probe)
    for (const probes of [this.#young, this.#overtaken]) {
      for (const [old, {storedAtMs, phase}] of probes) {
        if (probe.storedAtMs - storedAtMs < PROBE_TTL_MS) break
        probes.delete(old)
        if (probes === this.#young) this.#expiredSinceMs ??= storedAtMs
        this.#expired.set(phase, (this.#expired.get(phase) ?? 0) + 1)
      }
    }
  }

  seen({number, lagUs, resolutionUs}: Extract<LagEvent, {type: 'seen'}>): void {
    const probe = this.#young.get(number) ?? this.#overtaken.get(number)
    if (probe === undefined) return
    const {storedAtMs, phase} = probe
    if (this.#young.delete(number)) this.#expiredSinceMs = null
    this.#overtaken.delete(number)
    this.lastCrossedMs = Math.max(this.lastCrossedMs, storedAtMs)
    this.#samples.push({storedAtMs, mostUs: lagUs + resolutionUs / 2})
    if (this.#samples.length > 2 * SAMPLES_KEPT) this.#samples.splice(0, SAMPLES_KEPT)
    if (phase === null) return
    this.#all.add(lagUs)
    this.#histogram(phase).add(lagUs)
  }

  overtaken(number: number): void {
    const probe = this.#young.get(number)
    if (probe === undefined) return
    this.#young.delete(number)
    this.#overtaken.set(number, probe)
  }

  abandon(): void {
    for (const number of [...this.#young.keys()]) this.overtaken(number)
  }

  worstLagMs(atMs: number): number {
    const since = this.#samples.filter(({storedAtMs}) => storedAtMs >= atMs)
    return since.reduce((worst, {mostUs}) => Math.max(worst, mostUs), 0) / 1000
  }

  summary({phase, nowMs, ended}: {phase: string | undefined; nowMs: number; ended: boolean}): DirectionLag {
    const histogram = phase === undefined ? this.#all : this.#histogram(phase)
    const counts = (of: string | null) => of !== null && (phase === undefined || of === phase)
    const ages = [...this.#overtaken.values(), ...this.#young.values()]
      .filter(unseen => counts(unseen.phase))
      .map(({storedAtMs}) => Math.max(0, nowMs - storedAtMs) * 1000)
    // While it goes on, a write on its way that is no older than others were is no news.
    const telling = ended ? ages : ages.filter(us => us > histogram.maxUs)
    const expired = [...this.#expired].reduce((sum, [of, count]) => sum + (counts(of) ? count : 0), 0)
    const unseenUs = [...telling, ...Array.from({length: expired}, () => PROBE_TTL_MS * 1000)]
    return {...histogram.figures(unseenUs), notStored: this.notStored}
  }

  #histogram(phase: string): LagHistogram {
    let histogram = this.#histograms.get(phase)
    if (histogram === undefined) {
      histogram = new LagHistogram()
      this.#histograms.set(phase, histogram)
    }
    return histogram
  }
}
