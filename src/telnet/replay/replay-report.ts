import {quoted} from '../../protocol/printable.js'
import type {ReplayedStep} from './run-replay.js'

/** Lines of a reply that are shown. */
const LINES_MOST = 20

/** Whether all replies came, and none was another one than before. */
export function isAsBefore(replayed: readonly ReplayedStep[]): boolean {
  return replayed.every(({same, answered}) => answered && same !== false)
}

/** `8 of 12 replies as before, 1 differs, 2 not compared, 1 not answered` */
export function summarizeReplay(replayed: readonly ReplayedStep[]): string {
  const count = (same: boolean | null) => replayed.filter(step => step.answered && step.same === same).length
  const unanswered = replayed.filter(({answered}) => !answered).length
  const parts = [`${count(true)} of ${replayed.length} replies as before`]
  if (count(false) > 0) parts.push(`${count(false)} ${count(false) === 1 ? 'differs' : 'differ'}`)
  if (count(null) > 0) parts.push(`${count(null)} not compared`)
  if (unanswered > 0) parts.push(`${unanswered} not answered`)
  return parts.join(', ')
}

/** What one step says for people: nothing where all is as before, at once. */
export function describeReplayed({step, got, same, answered, settledAfterMs}: ReplayedStep): readonly string[] {
  if (settledAfterMs !== null) return [`${named(step.sent)}: as before after ${settledAfterMs.toFixed(1)} ms`]
  if (!answered) return [`${named(step.sent)}: not answered`]
  if (same !== false) return []
  return [
    `${named(step.sent)}: the reply differs`,
    ...shown(step.expected ?? [], '  before  '),
    ...(got.length === 0 ? ['  now     nothing'] : shown(got, '  now     ')),
  ]
}

function shown(lines: readonly string[], mark: string): readonly string[] {
  const more = lines.length > LINES_MOST ? [`${mark}…`] : []
  return [...lines.slice(0, LINES_MOST).map(line => `${mark}${quoted(line)}`), ...more]
}

function named(sent: readonly string[]): string {
  return quoted(sent[0] ?? '')
}
