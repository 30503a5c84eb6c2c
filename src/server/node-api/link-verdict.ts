import type {PairProbes, ProbeEvidence} from '../node-api/pair-probe.js'

/**
 * Whether two nodes really replicate to each other. No node of the C program says so: it is judged from what their
 * logs, counters and probe writes tell. Pure; times are monotonic ms.
 */

/** `unpaired-but-serving`: both nodes answer, and writes do not cross. The worst verdict, for clients notice nothing. */
export type LinkVerdict = 'paired' | 'listening' | 'orphaned' | 'unpaired-but-serving' | 'unknown'

/** What a node (its log, its figures) claims of its end of the link. `apart` = it has lost the link. */
export type LinkClaim = 'paired' | 'joining' | 'apart' | 'listening' | 'orphaned'

type ClaimSource = 'log' | 'stats repbench' | 'curr_connections'

export interface NodeEvidence {
  readonly name: string
  readonly answeredAtMs: number | null
  readonly silentAtMs: number | null
  /** `atMs`: when it was first said; it has been said ever since. */
  readonly claim: {readonly link: LinkClaim; readonly source: ClaimSource; readonly atMs: number} | null
  /** False for a program without replication; null while that is not known. */
  readonly replicates: boolean | null
}

export interface PairEvidence {
  readonly nodes: readonly [NodeEvidence, NodeEvidence]
  readonly probes: PairProbes
  /** Whether probe writes are tried; where they are not, only the nodes' claims are known. */
  readonly probing: boolean
}

export interface Judgement {
  readonly verdict: LinkVerdict
  /** The reason, for people. */
  readonly why: string
  /** Whether writes were seen to cross both ways; a `paired` without that is what the nodes say. */
  readonly proven: boolean
}

/** A write that has not crossed for so long, while both nodes answer, does not cross. */
export const LAG_BUDGET_MS = 1000
/** What crossed longer ago, beyond the budget, says nothing of now. */
const EVIDENCE_AGE_MS = 2000

export interface LinkLimits {
  /** How long a write may be on its way. */
  readonly lagBudgetMs: number
}

/** @returns null while evidence is still coming: the verdict before holds on */
export function judgeLink(
  {nodes, probes, probing}: PairEvidence,
  limits: LinkLimits = {lagBudgetMs: LAG_BUDGET_MS},
): Judgement | null {
  const [first, second] = nodes
  const answering = nodes.filter(isAnswering)
  if (answering.length === 2) return judgeServing({nodes, probes, probing}, limits)
  if (nodes.some(({answeredAtMs, silentAtMs}) => answeredAtMs === null && silentAtMs === null)) return null
  if (answering.length === 0) return judged('unknown', `neither ${first.name} nor ${second.name} answers`)
  const [survivor] = answering
  return judgeSurvivor(survivor!, survivor === first ? second : first)
}

function judgeServing({nodes, probes, probing}: PairEvidence, limits: LinkLimits): Judgement | null {
  const ways = probes.map((probe, index) => ({
    probe,
    name: `${nodes[index]!.name} → ${nodes[1 - index]!.name}`,
  }))
  const missing = ways.filter(({probe}) => isMissing(probe, limits))
  if (missing.length > 0) return judgeMissing(missing, {nodes, probes})
  const crossedAtMs = Math.max(...probes.map(probe => probe.crossedAtMs ?? 0))
  const apart = nodes.filter(({claim}) => claim !== null && isApart(claim.link) && claim.atMs > crossedAtMs)
  if (apart.length > 0) {
    const saidAtMs = Math.max(...apart.map(({claim}) => claim!.atMs))
    // One of them may be gone by now: its end of the link was the first to tell.
    if (nodes.some(({answeredAtMs}) => answeredAtMs! <= saidAtMs)) return null
    return judged('unpaired-but-serving', apart.map(describeClaim).join('; '))
  }
  const plain = nodes.filter(({replicates}) => replicates === false)
  if (plain.length > 0) {
    return judged(
      'unpaired-but-serving',
      plain.map(({name}) => `${name} is a memcached without replication`).join('; '),
    )
  }
  return probing ? judgeProbes({nodes, probes}, limits) : judgeClaims(nodes)
}

/** Nothing is missing for too long: that writes cross is known of those that were seen to. */
function judgeProbes(
  {nodes, probes}: Pick<PairEvidence, 'nodes' | 'probes'>,
  {lagBudgetMs}: LinkLimits,
): Judgement | null {
  const nowMs = Math.max(...nodes.map(({answeredAtMs}) => answeredAtMs!))
  const isFresh = (atMs: number) => nowMs - atMs <= lagBudgetMs + EVIDENCE_AGE_MS
  if (probes.every(({crossedAtMs}) => crossedAtMs !== null && isFresh(crossedAtMs))) {
    return {verdict: 'paired', why: 'writes cross both ways', proven: true}
  }
  if (probes.some(({missing}) => missing !== null && isFresh(missing.untilMs))) return null
  const joining = nodes.find(({claim}) => claim?.link === 'joining')
  if (joining !== undefined) return judged('unknown', describeClaim(joining))
  const problem = probes.find(probe => probe.problem !== null)?.problem ?? null
  const doubt =
    problem === null ? 'no probe write has been seen to cross both ways' : `the probe write failed: ${problem}`
  const paired = nodes.filter(({claim}) => claim?.link === 'paired')
  return judged(
    'unknown',
    paired.length > 0
      ? `linked, not proven: ${paired.map(describeClaim).join('; ')}, but ${doubt}`
      : `both nodes answer; whether they replicate is not known: ${doubt}`,
  )
}

/** Without probe writes: by what the nodes claim. */
function judgeClaims(nodes: PairEvidence['nodes']): Judgement {
  const paired = nodes.filter(({claim}) => claim?.link === 'paired')
  if (paired.length > 0) {
    return judged('paired', `${paired.map(describeClaim).join('; ')}; only that says so: no probe writes`)
  }
  const joining = nodes.find(({claim}) => claim?.link === 'joining')
  if (joining !== undefined) return judged('unknown', describeClaim(joining))
  return judged('unknown', 'both nodes answer; whether they replicate is not known: only a probe write could tell')
}

interface Way {
  readonly probe: ProbeEvidence
  /** `m1 → s1` */
  readonly name: string
}

function judgeMissing(missing: readonly Way[], {nodes, probes}: Pick<PairEvidence, 'nodes' | 'probes'>): Judgement {
  const sinceMs = Math.min(...missing.map(({probe}) => probe.missing!.sinceMs))
  const seconds = Math.max(...missing.map(({probe}) => probe.missing!.untilMs - probe.missing!.sinceMs)) / 1000
  const which = missing.map(({name}) => name).join(' and ')
  // What crossed before the trouble began says nothing of the other way now.
  const otherCrosses = probes.some(({crossedAtMs}) => crossedAtMs !== null && crossedAtMs > sinceMs)
  const only = otherCrosses ? ' (the other way they do)' : ''
  const claims = nodes.filter(({claim}) => claim !== null).map(describeClaim)
  const plain = nodes
    .filter(({replicates}) => replicates === false)
    .map(({name}) => `${name} is a memcached without replication`)
  const more = [...claims, ...plain]
  return judged(
    'unpaired-but-serving',
    `writes have not crossed ${which} for ${seconds.toFixed(1)} s${only}${more.length > 0 ? `; ${more.join('; ')}` : ''}`,
  )
}

function judgeSurvivor(survivor: NodeEvidence, gone: NodeEvidence): Judgement | null {
  // It may not have noticed yet.
  if (survivor.answeredAtMs! <= (gone.silentAtMs ?? 0)) return null
  const silence = `${gone.name} does not answer`
  const link = survivor.claim?.link
  switch (link) {
    case 'listening':
      return judged(link, `${silence}; ${describeClaim(survivor)}: started again, ${gone.name} will join it`)
    case 'orphaned':
      return judged(link, `${silence}; ${describeClaim(survivor)}`)
    case 'paired':
      return judged('unknown', `${silence}, but ${survivor.name} still holds its link to it (frozen, or too busy?)`)
    case 'joining':
    case 'apart':
      return judged('unknown', `${silence}; ${describeClaim(survivor)}`)
    default:
      return judged('unknown', `${silence}; what ${survivor.name} does meanwhile is not known`)
  }
}

function judged(verdict: LinkVerdict, why: string): Judgement {
  return {verdict, why, proven: false}
}

function isAnswering({answeredAtMs, silentAtMs}: NodeEvidence): boolean {
  return answeredAtMs !== null && (silentAtMs === null || answeredAtMs > silentAtMs)
}

function isMissing({missing}: ProbeEvidence, {lagBudgetMs}: LinkLimits): boolean {
  return missing !== null && missing.untilMs - missing.sinceMs >= lagBudgetMs
}

function isApart(link: LinkClaim): boolean {
  return link === 'apart' || link === 'listening' || link === 'orphaned'
}

const claimTexts: Readonly<Record<LinkClaim, string>> = {
  paired: 'is linked',
  joining: 'is joining its peer',
  apart: 'has lost its link',
  listening: 'waits for a peer to connect',
  orphaned: 'cannot bind its replication port, so no peer can join it until it is restarted',
}

function describeClaim({name, claim}: NodeEvidence): string {
  return claim === null
    ? `${name} tells nothing`
    : `${name} ${claimTexts[claim.link]} (by its ${sourceTexts[claim.source]})`
}

const sourceTexts: Readonly<Record<ClaimSource, string>> = {
  log: 'log',
  'stats repbench': 'own figures',
  curr_connections: 'curr_connections',
}
