import type {RunResult} from '../../../engine/result/run-result.js'

type Link = NonNullable<RunResult['link']>

/** Whether the pair replicated during the load; no lines for a single node. */
export function describeLink({link, targets}: Pick<RunResult, 'link' | 'targets'>): string[] {
  if (link === null) {
    return targets.length === 2 ? ['pair           not watched: --lag-probe watches whether the two replicate'] : []
  }
  const troubles = describeTroubles(link)
  if (troubles.length === 0) return [`pair           replicated all through: ${link.why}`]
  return troubles.map((trouble, index) => `${index === 0 ? 'pair'.padEnd(15) : ' '.repeat(15)}${trouble}`)
}

/** Why a run does not pass because of its pair, a few words each. */
export function linkReasons({link}: Pick<RunResult, 'link'>): string[] {
  return link === null ? [] : describeTroubles(link)
}

function describeTroubles({spells, unpairedSeconds, unknownSeconds, parting}: Link): string[] {
  const of = (seconds: number, isIt: (spell: Link['spells'][number]) => boolean, what: string): string[] => {
    const first = spells.find(isIt)
    if (seconds === 0 || first === undefined) return []
    return [`${what} for ${seconds.toFixed(2)} s, first at ${first.from.toFixed(2)} s: ${first.why}`]
  }
  return [
    ...of(unpairedSeconds, ({verdict}) => verdict !== 'unknown', 'not replicating'),
    ...of(unknownSeconds, ({verdict}) => verdict === 'unknown', 'not known to replicate'),
    ...(parting === null
      ? []
      : [`paired, but ${parting.text}${parting.before ? ', as before the load' : ''}: ${parting.detail}`]),
  ]
}
