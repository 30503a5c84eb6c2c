import {type NamedFindingKind, worstFindingsFirst} from '../../../engine/check/ledger/ledger-findings.js'
import {type FindingKind, findingKinds} from '../../../engine/check/ledger/ledger-verdict.js'
import type {ConsistencyCheck} from '../../../engine/check/pair-check.js'
import {pickExamples} from '../../../engine/verify/pick-examples.js'
import {formatCount} from './format.js'

const kindTexts: Readonly<Record<FindingKind, (nodes: readonly string[]) => string>> = {
  lost: nodes => (nodes.length > 1 ? 'lost: acknowledged, on neither node' : 'lost: acknowledged, no longer there'),
  missingOnA: ([a]) => `missing on ${a}`,
  missingOnB: ([, b]) => `missing on ${b}`,
  staleOnA: ([a]) => `older on ${a}`,
  staleOnB: ([, b]) => `older on ${b}`,
  diverged: () => 'different on each node',
  otherFlags: () => 'flags differ between the nodes',
  otherExptime: () => 'exptime differs between the nodes',
  resurrected: () => 'deleted, but back',
  phantom: () => 'never written, but there',
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
      ? [`${INDENT}writes did not cross both ways when the nodes were read: differences may still be in transit`]
      : []),
    ...findingKinds.flatMap(kind =>
      row(findings[kind], `${kindTexts[kind](nodes)}${kind === 'staleOnA' || kind === 'staleOnB' ? worst : ''}`),
    ),
    ...row(evicted, `missing, as many as were evicted: ${describeEvictions(check)}`),
    ...row(undecided, `evicted or lost (unknown which): ${describeEvictions(check)}`),
    ...row(expired, 'expired on time'),
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
