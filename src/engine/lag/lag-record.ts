import {
  type LagDirection,
  type LagEvent,
  type LagThread,
  lagDirections,
  PROBE_TTL_MS,
  type ProbeCounts,
} from './lag-event.js'
import {type LagFigures, LagHistogram} from './lag-histogram.js'

/** One direction of a pair. */
export interface DirectionLag extends LagFigures {
  /** Writes that were due but not acknowledged: no lag. */
  readonly notStored: number
}

/** What the probe asked of both nodes together, and of each. */
export interface ProbeTotals extends ProbeCounts {
  readonly a: ProbeCounts
  readonly b: ProbeCounts
}

export interface LagSummary {
  readonly aToB: DirectionLag
  readonly bToA: DirectionLag
  /** Null while unknown. */
  readonly probe: ProbeTotals | null
  /** In their order; more than one when the first failed. Missing in older documents. */
  readonly measuredOn?: readonly LagThread[] | undefined
}

/** The lag of one write. */
interface Sample {
  readonly storedAtMs: number
  /** Upper bound of the lag. */
  readonly mostUs: number
}

interface Unseen {
  readonly storedAtMs: number
  readonly phase: string | null
}

/** At least this many; a probe may run for days. */
const SAMPLES_KEPT = 10_000
/** Phase of probes before any is named. */
const FIRST_PHASE = 'first'

/** Lag of a pair in each direction, from the events of a probe on any thread. Times are on performance.now(), in ms. */
export class LagRecord {
  readonly #directions = {aToB: new DirectionRecord(), bToA: new DirectionRecord()}
  readonly #phases: {name: string | null; fromMs: number}[] = []
  #probe: ProbeTotals | null = null
  readonly #threads: LagThread[] = []
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

  /** A probe on that thread fills the record from now on. */
  measuredOn(thread: LagThread): void {
    this.#threads.push(thread)
  }

  /** Probes acknowledged from then on belong to that phase; null: they do not count. */
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

  /** The probe that looked for the writes so far is gone. */
  abandon(): void {
    for (const direction of lagDirections) this.#directions[direction].abandon()
  }

  /** The probe has ended: unseen writes have the age of that moment. */
  end(atMs = this.#nowMs()): void {
    this.#endMs = atMs
  }

  /** Whether a write acknowledged after a moment has crossed in each direction. */
  crossedSince(atMs: number): boolean {
    return lagDirections.every(direction => this.#directions[direction].lastCrossedMs >= atMs)
  }

  /** Longest lag of a write that was acknowledged since a moment and has crossed, in ms; 0 when none has. */
  worstLagMs(atMs: number): number {
    return Math.max(...lagDirections.map(direction => this.#directions[direction].worstLagMs(atMs)))
  }

  /**
   * Live lag: age of the oldest write that has not been seen, in µs; null when none is under way. A write that a later
   * one has overtaken does not count: it is lost, or will come with a full sync.
   */
  liveUs(direction: LagDirection): number | null {
    const {oldestMs} = this.#directions[direction]
    return oldestMs === null ? null : Math.max(0, this.#nowMs() - oldestMs) * 1000
  }

  /** Of all phases, or of one. */
  summary(phase?: string): LagSummary {
    const of = (direction: LagDirection) =>
      this.#directions[direction].summary({phase, nowMs: this.#nowMs(), ended: this.#endMs !== null})
    return {aToB: of('aToB'), bToA: of('bToA'), probe: this.#probe, measuredOn: this.#threads}
  }

  #nowMs(): number {
    return this.#endMs ?? this.#asOfMs ?? performance.now()
  }

  #phaseAt(atMs: number): string | null {
    const entered = this.#phases.findLast(({fromMs}) => fromMs <= atMs)
    return entered === undefined ? FIRST_PHASE : entered.name
  }
}

/** What a drill or a load may ask of a record that somebody else fills. */
export type LagRecordView = Omit<LagRecord, 'take' | 'counted' | 'measuredOn' | 'abandon' | 'end'>

class DirectionRecord {
  notStored = 0
  /** When the newest write that crossed was acknowledged. */
  lastCrossedMs = Number.NEGATIVE_INFINITY
  /** The newest, oldest first. */
  readonly #samples: Sample[] = []
  readonly #histograms = new Map<string, LagHistogram>()
  readonly #young = new Map<number, Unseen>()
  readonly #overtaken = new Map<number, Unseen>()
  /** Since a write was last seen: acknowledgement of the oldest one that has expired unseen. */
  #expiredSinceMs: number | null = null
  /** How many expired unseen, by phase. */
  readonly #expired = new Map<string | null, number>()
  readonly #all = new LagHistogram()

  /** Acknowledgement of the oldest write that has not been seen. */
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
    // While the probe runs, a write on its way counts only when it is older than any lag so far.
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
