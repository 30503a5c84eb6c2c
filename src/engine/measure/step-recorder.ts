import type {LoadPlan} from '../plan/plan.js'
import {RateSteps} from '../workload/rate-steps.js'
import {type LatencyDelta, LatencyRecorder} from './latency.js'

/** Counts of calls; each call belongs to the step in which it was due. */
export interface StepCounts {
  sent: number
  ok: number
  miss: number
  errors: number
  keysRead: number
  keysFound: number
  /** Calls answered without an error during the step, whenever they were due. */
  answeredMeanwhile: number
}

/** Measurements of one step since the last report. */
export interface StepDelta {
  readonly index: number
  readonly counts: StepCounts
  readonly response: LatencyDelta
  readonly service: LatencyDelta
}

interface Book {
  counts: StepCounts
  readonly response: LatencyRecorder
  readonly service: LatencyRecorder
}

/** Counts and latencies of one load thread by steps of the rate, exact by the intended start of each call. */
export class StepRecorder {
  readonly #steps: RateSteps
  readonly #open = new Map<number, Book>()
  /** Histograms are large: those of finished steps are reused. */
  readonly #spare: Book[] = []
  #startMs = 0

  constructor(plan: LoadPlan) {
    this.#steps = new RateSteps(plan)
  }

  /** @param startMs start of the load, on the loop's clock */
  start(startMs: number): void {
    this.#startMs = startMs
  }

  changeRate(ratePerSecond: number, atMs: number): void {
    this.#steps.change(ratePerSecond, atMs - this.#startMs)
  }

  sent(intendedMs: number): void {
    this.#bookOf(intendedMs).counts.sent++
  }

  /** Counts a reply. @param reply `reads`: keys of a read, and those of them that were found */
  answered(
    {intendedMs, sentMs}: {readonly intendedMs: number; readonly sentMs: number},
    reply: {
      readonly nowMs: number
      readonly outcome: 'ok' | 'miss' | 'errors'
      readonly reads: {readonly keys: number; readonly found: number} | null
    },
  ): void {
    const {nowMs, outcome, reads} = reply
    const {counts, response, service} = this.#bookOf(intendedMs)
    response.recordMs(nowMs - intendedMs)
    service.recordMs(nowMs - sentMs)
    counts[outcome]++
    if (reads !== null) {
      counts.keysRead += reads.keys
      counts.keysFound += reads.found
    }
    if (outcome !== 'errors') this.#answeredAt(nowMs)
  }

  /** Counts a call that gets no reply: it is complete when it is sent. */
  completedUnanswered(intendedMs: number, sentMs: number): void {
    const {counts, response} = this.#bookOf(intendedMs)
    response.recordMs(sentMs - intendedMs)
    counts.ok++
    this.#answeredAt(sentMs)
  }

  take(): StepDelta[] {
    const deltas = [...this.#open].map(([index, {counts, response, service}]) => ({
      index,
      counts: {...counts},
      response: response.take(),
      service: service.take(),
    }))
    for (const book of this.#open.values()) {
      book.counts = noCounts()
      this.#spare.push(book)
    }
    this.#open.clear()
    return deltas
  }

  /** Replies after the last step belong to none. */
  #answeredAt(ms: number): void {
    if (ms - this.#startMs < this.#steps.all().at(-1)!.toMs) this.#bookOf(ms).counts.answeredMeanwhile++
  }

  #bookOf(ms: number): Book {
    const index = this.#steps.indexAt(ms - this.#startMs)
    let book = this.#open.get(index)
    if (book === undefined) {
      book = this.#spare.pop() ?? {
        counts: noCounts(),
        response: new LatencyRecorder(),
        service: new LatencyRecorder(),
      }
      this.#open.set(index, book)
    }
    return book
  }
}

export function noCounts(): StepCounts {
  return {sent: 0, ok: 0, miss: 0, errors: 0, keysRead: 0, keysFound: 0, answeredMeanwhile: 0}
}
