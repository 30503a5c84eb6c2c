import {generatorHealth} from '../../engine/measure/generator-health.js'
import type {RunResult} from '../../engine/result/run-result.js'
import type {ComparedMeasure} from '../documents/json/compared-measures.js'

/** Of a latency. */
const SUBSTANTIAL = 0.1

type Run = Pick<RunResult, 'generator' | 'startedAt'>

/** Whether the generator, not the server, set the pace: nothing of such a run says anything about the server. */
export function isSaturated({generator}: Run): boolean {
  return generatorHealth(generator) === 'saturated'
}

/**
 * Whether the generator's own lateness made a substantial part of what a measure shows: as many calls left over 1 ms
 * late as there are above the percentile, and by more than a tenth of it. What adds all calls up, or is the slowest of
 * them, is taken as the p99 is.
 */
export function isMadeByLateness({name, unit, read}: ComparedMeasure, run: RunResult): boolean {
  if (unit !== 'us' || /^(slip|loop|lag)\./.test(name)) return false
  const {generator} = run
  const share = percentileOf(name) ?? 0.99
  if ((generator.lateShare ?? 0) <= 1 - share) return false
  const {p50, p99} = generator.scheduleSlipUs
  const slip = (share > 0.5 ? p99 : p50) ?? 0
  return slip > SUBSTANTIAL * (read(run) ?? 0)
}

/** `get.p99.9` → 0.999. */
function percentileOf(name: string): number | null {
  const percent = /(?:^|\.)p(\d+(?:\.\d+)?)$/.exec(name)?.[1]
  return percent === undefined ? null : Number(percent) / 100
}

/** A run of each side, by their places among the runs of their side. */
export type Couple = readonly [first: number, second: number]

/**
 * Couples of runs that were made right after each other, where two sides took turns in that way: A B B A …
 * A last run without a partner is in none. Null where they did not take turns.
 */
export function coupleRuns(first: readonly Run[], second: readonly Run[]): readonly Couple[] | null {
  const all = [
    ...first.map(({startedAt}, place) => ({startedAt, place, isFirst: true})),
    ...second.map(({startedAt}, place) => ({startedAt, place, isFirst: false})),
  ].toSorted((a, b) => (a.startedAt < b.startedAt ? -1 : 1))
  if (new Set(all.map(({startedAt}) => startedAt)).size < all.length) return null
  const couples: Couple[] = []
  for (let index = 0; index + 1 < all.length; index += 2) {
    const [one, other] = [all[index]!, all[index + 1]!]
    if (one.isFirst === other.isFirst) return null
    couples.push(one.isFirst ? [one.place, other.place] : [other.place, one.place])
  }
  // One run of each is no turn taking.
  return couples.length < 2 ? null : couples
}
