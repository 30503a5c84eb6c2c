import {countConnectionFaults} from '../../engine/judge-run.js'
import type {RunResult} from '../../engine/run-result.js'
import {formatCount} from './format.js'
import {linkReasons} from './link-report.js'

type Reasoned = Pick<
  RunResult,
  'plan' | 'connections' | 'link' | 'verification' | 'interrupted' | 'consistency' | 'checkProblem'
>

/** Why a run is no pass, besides operations that failed and conditions that were broken: a few words each. */
export function runReasons(run: Reasoned): readonly string[] {
  const {interrupted, checkProblem} = run
  const failed = countConnectionFaults(run)
  const reasons = [
    ...(interrupted ? ['ended early'] : []),
    ...(failed > 0 ? [`${formatCount(failed)} connections failed`] : []),
    ...linkReasons(run),
    ...readReasons(run),
    ...keyReasons(run),
    ...(checkProblem === null ? [] : [`the nodes could not be checked: ${checkProblem}`]),
  ]
  return reasons.length === 0 ? [] : [...reasons, ...evictions(run)]
}

/** What reads found while the load went on. */
function readReasons({verification}: Reasoned): string[] {
  if (verification === null) return []
  const {stale, missing, foreign, corrupt} = verification
  return Object.entries({stale, missing, foreign, corrupt}).flatMap(([kind, count]) =>
    count > 0 ? [`${formatCount(count)} reads ${kind}`] : [],
  )
}

/** What the nodes held after it. */
function keyReasons({consistency}: Reasoned): string[] {
  if (consistency === null) return []
  const counts = {...consistency.findings, undecided: consistency.undecided}
  return Object.entries(counts).flatMap(([kind, count]) => {
    const words = kind
      .replace(/On([AB])$/, ' on $1')
      .replace(/^other(.)/, (_, letter: string) => `with other ${letter.toLowerCase()}`)
    return count > 0 ? [`${formatCount(count)} keys ${words}`] : []
  })
}

/** What explains keys that are gone. */
function evictions({consistency}: Reasoned): string[] {
  const removals = consistency?.removals ?? []
  return removals.flatMap(({name, evictions: count}) =>
    count > 0 ? [`${name} evicted ${formatCount(count)} items: its memory was full`] : [],
  )
}
