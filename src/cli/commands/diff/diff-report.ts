import type {DiffResult} from '../../../engine/check/diff-nodes.js'
import type {DifferenceKind} from '../../../engine/check/items/compare-items.js'
import {toPrintable} from '../../../protocol/printable.js'
import {formatCount, formatSeconds} from '../../documents/phrases/format.js'

export interface DiffFacts {
  readonly version: string
  readonly startedAt: Date
  readonly a: string
  readonly b: string
  /** Null when nothing could be compared, for the reason that `problem` gives. */
  readonly result: DiffResult | null
  readonly problem: string | null
}

const kindNames: Readonly<Record<DifferenceKind, string>> = {
  missingOnA: 'missing on A',
  missingOnB: 'missing on B',
  value: 'other value',
  flags: 'other flags',
  exptime: 'other exptime',
}

export function diffVerdict(result: DiffResult | null): 'pass' | 'fail' | 'unknown' {
  if (result === null) return 'unknown'
  if (countAll(result) > 0) return 'fail'
  // What nobody has listed or read may differ.
  const isWhole = result.listedBy.includes('keys') || (result.seenWhole.length === 2 && result.unread === 0)
  return isWhole ? 'pass' : 'unknown'
}

/** A key for people and documents: UTF-8 where it is that, with control characters and other bytes as \xNN. */
export function shownKey(key: string): string {
  return toPrintable(Buffer.from(key, 'latin1'))
}

function withShownKeys(result: DiffResult): DiffResult {
  return {
    ...result,
    unreadExamples: result.unreadExamples.map(shownKey),
    examples: result.examples.map(({key, ...rest}) => ({key: shownKey(key), ...rest})),
  }
}

/** The document of `diff --json`. */
export function diffDocument({startedAt, result, ...facts}: DiffFacts) {
  return {
    schema: 'repbench.diff/1',
    command: 'diff',
    startedAt: startedAt.toISOString(),
    ...facts,
    result: result === null ? null : withShownKeys(result),
    verdict: diffVerdict(result),
  }
}

/** The same for people. */
export function formatDiff({a, b, result, problem}: DiffFacts): string {
  if (result === null) return `A ${a}   B ${b}\n\n${problem}\nverdict        unknown\n`
  const kinds = Object.entries(kindNames) as [DifferenceKind, string][]
  return [
    `A ${a}   B ${b}`,
    '',
    `keys           ${formatCount(result.keys)} compared in ${formatSeconds(result.seconds)}, ${describeSource(result)}`,
    `same           ${formatCount(result.same)}`,
    ...(result.onNeither > 0 ? [`on neither     ${formatCount(result.onNeither)}`] : []),
    ...(result.unread > 0
      ? [`not compared   ${formatCount(result.unread)}, listed under names that cannot be read`]
      : []),
    ...kinds.map(([kind, name]) => `${name.padEnd(15)}${formatCount(result.differences[kind])}`),
    ...result.examples.map(({key, kind, text}) => `  ${shownKey(key)}  ${kindNames[kind]}: ${text}`),
    ...result.unreadExamples.map(key => `  ${shownKey(key)}  not compared`),
    ...(result.exptimes ? [] : ['exptimes were not compared: that takes two nodes that list their keys']),
    `verdict        ${diffVerdict(result)}`,
    '',
  ].join('\n')
}

function describeSource({listedBy, seenWhole}: DiffResult): string {
  if (listedBy.includes('keys')) return 'from the list given'
  const source = listedBy.length === 2 ? 'listed by both nodes' : `listed by ${listedBy[0]} alone`
  const unseen = (['A', 'B'] as const).filter(node => !seenWhole.includes(node))
  return unseen.length === 0 ? source : `${source}: ${unseen.join(' and ')} may hold more, which is not seen`
}

function countAll({differences}: DiffResult): number {
  return Object.values(differences).reduce((sum, count) => sum + count, 0)
}
