import {setTimeout as delay} from 'node:timers/promises'
import type {Address} from '../../../protocol/address.js'
import type {RequestCount} from '../../measure/request-counts.js'
import type {LoadPlan} from '../../plan/plan.js'
import {pickExamples} from '../../verify/pick-examples.js'
import type {VerifyAssignment} from '../../verify/verifier.js'
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

function describeWrong(parts: {
  wrong: readonly WrongKey[]
  examination: LedgerExamination
  exptimes: LedgerExptimes
  removals: readonly NodeRemovals[]
  options: LedgerCheckOptions
}): Pick<
  LedgerCheck,
  'evicted' | 'undecided' | 'findings' | 'lostWrites' | 'lostAcks' | 'worstStaleVersions' | 'examples'
> {
  const {examination, exptimes, removals, options} = parts
  const {acks} = examination
  const wrong = sparingDeleted(parts.wrong, {acks, acknowledged: key => examination.acknowledged(key)})
  const {plan, verify, nodes, onFinding} = options
  const {explanations, certainlyLost} = explainAbsences(
    wrong.map(({finding}) => finding),
    removals,
  )
  const kinds = wrong.map(({finding}, index): NamedFindingKind => {
    const explanation = explanations[index]!
    return explanation === 'fault' ? finding.kind : explanation
  })
  const now = performance.now()
  const name = (one: WrongKey, kind: NamedFindingKind): NamedFinding =>
    nameFinding({
      wrong: one,
      kind,
      record: examination.record(one.key, {askedMs: now, readMs: now}),
      keyPrefix: plan.keyPrefix,
      nodes: nodes.map(node => node.name),
      exptimes: kind === 'otherExptime' ? exptimes.others.get(one.key) : undefined,
    })
  if (onFinding !== undefined) for (const [index, one] of wrong.entries()) onFinding(name(one, kinds[index]!))
  const bestLeft = new Map<number, number>()
  let lostWrites = certainlyLost.versions
  let worstStaleVersions = 0
  for (const [index, {key, finding}] of wrong.entries()) {
    const {lostVersions} = finding
    options.onJudged?.({key, kind: kinds[index]!, best: examination.acknowledged(key) - lostVersions, lostVersions})
    worstStaleVersions = Math.max(worstStaleVersions, finding.staleVersions)
    if (kinds[index] !== 'lost') continue
    lostWrites += finding.lostVersions
    bestLeft.set(key, examination.acknowledged(key) - finding.lostVersions)
  }
  const findings = countFindings(kinds)
  return {
    evicted: kinds.filter(kind => kind === 'evicted').length,
    undecided: kinds.filter(kind => kind === 'undecided').length - certainlyLost.keys,
    findings: {...findings, lost: findings.lost + certainlyLost.keys},
    lostWrites,
    lostAcks: findLostAcks(acks, bestLeft, verify.originMs),
    worstStaleVersions,
    examples: pickExamples(
      wrong.map((one, index) => ({one, kind: kinds[index]!})),
      {worstFirst: worstFindingsFirst},
    ).map(({one, kind}) => name(one, kind)),
  }
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
