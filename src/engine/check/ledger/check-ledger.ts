import {setTimeout as delay} from 'node:timers/promises'
import type {Address} from '../../../protocol/address.js'
import type {RequestCount} from '../../measure/request-counts.js'
import {pickExamples} from '../../verify/pick-examples.js'
import {explainAbsences} from './explain-absences.js'
import {type ExaminationOptions, type ExamineOptions, LedgerExamination} from './ledger-examination.js'
import {compareExptimes, type LedgerExptimes} from './ledger-exptimes.js'
import {
  countFindings,
  type NamedFinding,
  type NamedFindingKind,
  nameFinding,
  worstFindingsFirst,
} from './ledger-findings.js'
import type {FindingKind, WrongKey} from './ledger-verdict.js'
import {findLostAcks, type LostAcks, sparingDeleted} from './lost-acks.js'
import type {NodeRemovals} from './node-removals.js'
import {RemovalWatch} from './removal-watch.js'

/** Wrong keys are read again: a write may have been on its way between the nodes. */
const RECHECKS = 3

export interface LedgerCheckOptions extends ExaminationOptions, ExamineOptions {
  readonly nodes: CheckedNodes
  /** What the nodes removed during the load. @default all that they have since their start */
  readonly removals?: readonly NodeRemovals[]
  /** Whether the nodes may be asked to list all their keys, to compare exptimes. @default true */
  readonly mayList?: boolean
  /** How long a key must be wrong to count, in ms. @default 1000 */
  readonly settleMs?: number
  /** Called for every wrong key and every evicted one. */
  readonly onFinding?: (finding: NamedFinding) => void
  /** Called likewise, with numbers. @param best the newest acknowledged version that is left */
  readonly onJudged?: (judged: {key: number; kind: NamedFindingKind; best: number; lostVersions: number}) => void
}

/** A, or A and B. */
export type CheckedNodes = readonly [NamedNode] | readonly [NamedNode, NamedNode]

interface NamedNode {
  readonly name: string
  readonly address: Address
}

export interface LedgerCheck {
  /** Names of A and B. */
  readonly nodes: readonly string[]
  /** Keys that a write was sent for. */
  readonly keys: number
  readonly intact: number
  /** Rightly missing: their time to live was over. */
  readonly expired: number
  /** Missing, and the nodes evicted as many. */
  readonly evicted: number
  /** Evicted or lost: the nodes' counts of evictions do not tell. */
  readonly undecided: number
  readonly findings: Readonly<Record<FindingKind, number>>
  /** RPO in writes: acknowledged versions that are on no node, replaced ones too, the undecided not. */
  readonly lostWrites: number
  /** When the first and the last of them were acknowledged. */
  readonly lostAcks: LostAcks | null
  readonly worstStaleVersions: number
  /** What the nodes removed by themselves. */
  readonly removals: readonly NodeRemovals[]
  /** Keys whose exptimes were compared; null when the nodes do not list them. */
  readonly exptimesCompared: number | null
  readonly examples: readonly NamedFinding[]
  readonly seconds: number
}

/**
 * Reads every key of a load's ledger from the nodes and compares it with what
 * was acknowledged. The load must have ended.
 * @throws AskError when a node does not answer
 */
export async function checkLedger(options: LedgerCheckOptions): Promise<LedgerCheck> {
  const {settleMs = 1000, signal, nodes} = options
  const startMs = performance.now()
  const examination = new LedgerExamination(options)
  try {
    const keys = examination.writtenKeys()
    let {wrong, expired} = await examination.examine(keys, options)
    let exptimes = await exptimesOf(options)
    for (let round = 0; round < RECHECKS && wrong.length + exptimes.others.size > 0; round++) {
      await delay(settleMs / RECHECKS, undefined, {signal})
      const again = await examination.examine(
        Uint32Array.from(wrong, ({key}) => key),
        signal === undefined ? {} : {signal},
      )
      wrong = again.wrong
      expired += again.expired
      if (exptimes.others.size > 0) exptimes = stillOther(exptimes, await exptimesOf(options))
    }
    wrong.push(...otherExptimes(exptimes, new Set(wrong.map(({key}) => key))))
    const removals = options.removals ?? (await removalsSoFar(nodes, options.requests))
    return {
      nodes: nodes.map(({name}) => name),
      keys: keys.length,
      intact: keys.length - wrong.length - expired,
      expired,
      ...describeWrong({wrong, examination, exptimes, removals, options}),
      removals,
      exptimesCompared: exptimes.extent === 'none' ? null : exptimes.compared,
      seconds: (performance.now() - startMs) / 1000,
    }
  } finally {
    examination.close()
  }
}

/** A wrong key, and the kind that it is reported as: evicted or undecided where evictions may explain it. */
interface ReportedKey extends WrongKey {
  readonly kind: NamedFindingKind
  /** The newest acknowledged version that is left. */
  readonly best: number
}

function describeWrong(facts: {
  wrong: readonly WrongKey[]
  examination: LedgerExamination
  exptimes: LedgerExptimes
  removals: readonly NodeRemovals[]
  options: LedgerCheckOptions
}): Pick<
  LedgerCheck,
  'evicted' | 'undecided' | 'findings' | 'lostWrites' | 'lostAcks' | 'worstStaleVersions' | 'examples'
> {
  const {examination, exptimes, removals, options} = facts
  const acknowledged = (key: number): number => examination.acknowledged(key)
  const wrong = sparingDeleted(facts.wrong, {acks: examination.acks, acknowledged})
  const absences = wrong.map(({finding}) => finding)
  const {explanations, certainlyLost} = explainAbsences(absences, removals)
  const reported = wrong.map((one, index): ReportedKey => {
    const explanation = explanations[index]!
    const kind = explanation === 'fault' ? one.finding.kind : explanation
    return {...one, kind, best: acknowledged(one.key) - one.finding.lostVersions}
  })
  const name = namer({examination, exptimes, options})
  for (const one of reported) {
    options.onFinding?.(name(one))
    options.onJudged?.({key: one.key, kind: one.kind, best: one.best, lostVersions: one.finding.lostVersions})
  }
  const lost = reported.filter(({kind}) => kind === 'lost')
  const kinds = reported.map(({kind}) => kind)
  const findings = countFindings(kinds)
  return {
    evicted: kinds.filter(kind => kind === 'evicted').length,
    undecided: kinds.filter(kind => kind === 'undecided').length - certainlyLost.keys,
    findings: {...findings, lost: findings.lost + certainlyLost.keys},
    lostWrites: lost.reduce((sum, {finding}) => sum + finding.lostVersions, certainlyLost.versions),
    lostAcks: findLostAcks(examination.acks, new Map(lost.map(({key, best}) => [key, best])), options.verify.originMs),
    worstStaleVersions: reported.reduce((worst, {finding}) => Math.max(worst, finding.staleVersions), 0),
    examples: pickExamples(reported, {worstFirst: worstFindingsFirst}).map(name),
  }
}

/** Says in words what is wrong with a key. */
function namer(facts: {
  examination: LedgerExamination
  exptimes: LedgerExptimes
  options: LedgerCheckOptions
}): (wrong: ReportedKey) => NamedFinding {
  const {examination, exptimes, options} = facts
  const nodes = options.nodes.map(node => node.name)
  const nowMs = performance.now()
  return wrong =>
    nameFinding({
      wrong,
      kind: wrong.kind,
      record: examination.record(wrong.key, {askedMs: nowMs, readMs: nowMs}),
      keyPrefix: options.plan.keyPrefix,
      nodes,
      exptimes: wrong.kind === 'otherExptime' ? exptimes.others.get(wrong.key) : undefined,
    })
}

const noExptimes: LedgerExptimes = {others: new Map(), compared: 0, extent: 'none'}

async function exptimesOf({
  plan,
  nodes,
  signal,
  replyMs,
  requests,
  mayList = true,
}: LedgerCheckOptions): Promise<LedgerExptimes> {
  const [a, b] = nodes
  if (b === undefined || !mayList) return noExptimes
  return await compareExptimes({
    nodes: [a.address, b.address],
    keyPrefix: plan.keyPrefix,
    keyCount: plan.keyCount ?? 0,
    signal,
    replyMs,
    requests,
  })
}

function stillOther(before: LedgerExptimes, now: LedgerExptimes): LedgerExptimes {
  return {...now, others: new Map([...now.others].filter(([key]) => before.others.has(key)))}
}

/** Keys that both nodes hold alike, but with different exptimes. */
function otherExptimes({others}: LedgerExptimes, wrong: ReadonlySet<number>): WrongKey[] {
  return [...others.keys()]
    .filter(key => !wrong.has(key))
    .map(key => ({
      key,
      finding: {kind: 'otherExptime', lostVersions: 0, staleVersions: 0, absence: 'none'},
      held: [],
    }))
}

/** What nodes that were not watched have removed since their start. */
async function removalsSoFar(
  nodes: readonly NamedNode[],
  requests: RequestCount | undefined,
): Promise<readonly NodeRemovals[]> {
  const watch = new RemovalWatch(nodes, requests)
  try {
    return await watch.sinceStart()
  } finally {
    watch.close()
  }
}
