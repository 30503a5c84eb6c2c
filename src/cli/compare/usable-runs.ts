import {generatorHealth} from '../../engine/generator-health.js'
import type {RunResult} from '../../engine/run-result.js'
import type {ComparedMeasure} from '../reports/compared-measures.js'

type Run = Pick<RunResult, 'generator' | 'startedAt'>

/** Whether the generator, not the server, set the pace: nothing of such a run says anything about the server. */
export function isSaturated({generator}: Run): boolean {
  return generatorHealth(generator) === 'saturated'
}

/**
 * Whether calls that the generator itself sent late can be what a measure shows: of a percentile, as many of them as
 * there are calls above it. What adds all calls up, or is the slowest of them, is reached by one in a hundred.
 */
export function isReachedByLateness({name, unit}: Pick<ComparedMeasure, 'name' | 'unit'>, {generator}: Run): boolean {
  if (unit !== 'us' || /^(slip|loop|lag)\./.test(name)) return false
  const percentile = /(?:^|\.)p(\d+(?:\.\d+)?)$/.exec(name)?.[1]
  if (percentile === undefined) return generatorHealth(generator) !== 'keeps up'
  return (generator.lateShare ?? 0) > 1 - Number(percentile) / 100
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
