import type {Parting} from '../../../server/parting/parting.js'
import {linkClaim, type TopState} from './top-state.js'
import {averageOf, columnsOf, totalOf} from './top-totals.js'

/** The document of `top --json`. Times of the monotonic clock mean nothing to others and are left out. */
export function topDocument(
  state: TopState,
  {version, startedAt, windowSeconds}: {version: string; startedAt: Date; windowSeconds: number},
) {
  const samples = state.nodes.flatMap(({sample}) => (sample?.kind === 'answered' ? [sample] : []))
  const {link} = state
  return {
    schema: 'repbench.top/1',
    command: 'top',
    version,
    startedAt: startedAt.toISOString(),
    /** Asked for; the time covered at each node is `rates.seconds`. */
    windowSeconds,
    nodes: state.nodes.map(nodeDocument),
    average: averageOf(samples),
    total: totalOf(samples),
    link: link === null ? null : linkDocument(link),
    lag: lagOf(state),
  }
}

function linkDocument({verdict, why, proven, parting, sinceMs}: NonNullable<TopState['link']>) {
  return {verdict, why, proven, since: new Date(sinceMs).toISOString(), parting: partingDocument(parting)}
}

function partingDocument(parting: Parting | null) {
  if (parting === null) return null
  const {sinceMs, ...rest} = parting
  return {...rest, since: new Date(sinceMs).toISOString()}
}

/** In µs; it climbs while nothing arrives. */
function lagOf({lagUs, nodes}: TopState) {
  if (lagUs === null) return null
  const names = nodes.map(({name}) => name)
  return lagUs.map((us, index) => ({
    from: names[index]!,
    to: names[1 - index]!,
    us: us === null ? null : Math.round(us),
  }))
}

function nodeDocument(node: TopState['nodes'][number]) {
  const {name, sample} = node
  if (sample?.kind !== 'answered') {
    return {
      name,
      answers: false,
      problem: sample?.problem ?? 'not asked yet',
      columns: null,
      figures: null,
      rates: null,
      replication: null,
      link: null,
      slabs: null,
    }
  }
  const {figures, rates, replication, slabs} = sample
  return {
    name,
    answers: true,
    problem: null,
    columns: columnsOf(sample),
    figures,
    rates,
    replication,
    link: linkClaim(node),
    slabs,
  }
}
