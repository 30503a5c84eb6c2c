import {type NamedFindingKind, worstFindingsFirst} from '../../../engine/check/ledger/ledger-findings.js'
import {type FindingKind, findingKinds} from '../../../engine/check/ledger/ledger-verdict.js'
import type {ConsistencyCheck} from '../../../engine/check/pair-check.js'
import {pickExamples} from '../../../engine/verify/pick-examples.js'
import {formatCount} from './format.js'

const kindTexts: Readonly<Record<FindingKind, (nodes: readonly string[]) => string>> = {
  lost: nodes =>
    nodes.length > 1 ? 'lost: acknowledged, on no node any more' : 'lost: acknowledged, not there any more',
  missingOnA: ([a]) => `missing on ${a}`,
  missingOnB: ([, b]) => `missing on ${b}`,
  staleOnA: ([a]) => `older on ${a}`,
  staleOnB: ([, b]) => `older on ${b}`,
  diverged: () => 'other on each node',
  otherFlags: () => 'with other flags on each node',
  otherExptime: () => 'expiring at another time on each node, or not at all',
  resurrected: () => 'deleted, and there again',
  phantom: () => 'never written, and there',
  foreign: () => 'a value of another key or run',
  corrupt: () => 'corrupt',
}

const SHOWN_EXAMPLES = 5
const INDENT = ' '.repeat(15)

/** What a check found, kind by kind, with examples; nothing when all is well. */
export function describeFindings(check: ConsistencyCheck): string[] {
  const {nodes, findings, expired, evicted, undecided, worstStaleVersions} = check
  const row = (count: number, text: string): string[] =>
    count === 0 ? [] : [`  ${formatCount(count).padStart(11)}  ${text}`]
  const worst = worstStaleVersions > 0 ? `, at worst by ${formatCount(worstStaleVersions)} versions` : ''
  return [
    ...(check.crossed === false
      ? [`${INDENT}writes no longer crossed both ways when the nodes were read: what differs may be on its way`]
      : []),
    ...findingKinds.flatMap(kind =>
      row(findings[kind], `${kindTexts[kind](nodes)}${kind === 'staleOnA' || kind === 'staleOnB' ? worst : ''}`),
    ),
    ...row(evicted, `missing, as many as were evicted: ${describeEvictions(check)}`),
    ...row(undecided, `evicted or lost, which can't be told: ${describeEvictions(check)}`),
    ...row(expired, 'expired, as they should'),
    ...pickExamples(check.examples, {worstFirst: worstFindingsFirst, most: SHOWN_EXAMPLES}).map(
      ({key, kind, text}) => `${INDENT}${key}${shownKind(kind)}: ${text}`,
    ),
  ]
}

function describeEvictions({removals}: ConsistencyCheck): string {
  return removals
    .map(({name, evictions, isCertain}) => {
      const counted = `${name} counted ${formatCount(evictions)} evictions`
      return isCertain ? counted : `${counted} and may have missed some`
    })
    .join(', ')
}

/** Only what the text after it does not show. */
function shownKind(kind: NamedFindingKind): string {
  return kind === 'evicted' || kind === 'undecided' ? ' (not there any more)' : ''
}
