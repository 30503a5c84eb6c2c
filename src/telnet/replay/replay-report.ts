import type {ReplayedStep} from './run-replay.js'

/** `8 replies as before, 1 differs, 2 not compared` */
export function summarizeReplay(replayed: readonly ReplayedStep[]): string {
  const count = (same: boolean | null) => replayed.filter(step => step.same === same).length
  const parts = [`${count(true)} of ${replayed.length} replies as before`]
  if (count(false) > 0) parts.push(`${count(false)} ${count(false) === 1 ? 'differs' : 'differ'}`)
  if (count(null) > 0) parts.push(`${count(null)} not compared`)
  return parts.join(', ')
}

/** What one step says for people: nothing where all is as before, at once. */
export function describeReplayed({step, got, same, settledAfterMs}: ReplayedStep): readonly string[] {
  if (settledAfterMs !== null) return [`${named(step.sent)}: as before after ${settledAfterMs.toFixed(1)} ms`]
  if (same !== false) return []
  return [
    `${named(step.sent)}: the reply differs`,
    ...(step.expected ?? []).map(line => `  before  ${line}`),
    ...(got.length === 0 ? ['  now     nothing'] : got.map(line => `  now     ${line}`)),
  ]
}

function named(sent: readonly string[]): string {
  return sent[0] ?? ''
}
