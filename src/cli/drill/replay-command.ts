import type {DrillResult} from '../../engine/drills/judge/drill-result.js'
import {quoteShellWord} from '../options/shell-words.js'

/** Options that the replay command sets itself or leaves out; each has a value. */
const replaced = ['--seed', '--duration', '--faults', '--repeat', '--out', '--findings']

/**
 * The command that repeats the faults of a soak, up to the one after which the pair did not recover.
 * @param args of this command line
 * @returns null where the pair recovered from every fault, or there were none
 */
export function replayCommand(
  {faults}: Pick<DrillResult, 'faults'>,
  {args, seed}: {args: readonly string[]; seed: number},
): string | null {
  const last = faults.at(-1)
  if (last === undefined || last.wholeAfterMs !== null) return null
  const kept: string[] = []
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]!
    if (replaced.includes(arg)) at++
    else if (arg !== '--json' && !replaced.some(name => arg.startsWith(`${name}=`))) kept.push(arg)
  }
  return ['repbench', ...kept, '--seed', String(seed), '--faults', String(last.number)].map(quoteShellWord).join(' ')
}
