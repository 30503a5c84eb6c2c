import type {StartLagProbe} from '../../engine/lag/lag-probe.js'
import type {CliContext} from '../app/context.js'

/** Which one of how many; the first is 1. */
export interface Round {
  readonly round: number
  readonly of: number
}

/** What the command line and the terminal UI both give, as hosts of loads and drills. */
export interface RoundsHost {
  readonly context: Pick<CliContext, 'env' | 'version'>
  /** Aborting it ends the round under way, which is the last one. */
  readonly signal: AbortSignal
  /** Measures the lag elsewhere than on this thread. */
  readonly startLagProbe: StartLagProbe
  /** How an option is called where it was given: `--out` or `out`. */
  readonly spell: (option: string) => string
}

export interface Rounds<Run> {
  readonly runs: readonly Run[]
  /** Why there are fewer than asked for; absent where there are all, or the signal ended them. */
  readonly failure?: unknown
}

interface RoundsOptions<Item> {
  /** One round for each. */
  readonly items: readonly Item[]
  readonly signal: AbortSignal
}

/**
 * Runs one round after the other, until all are done, one fails or the signal aborts. Never rejects: the rounds before
 * one that could not be run are worth a report.
 */
export async function runRounds<Item, Run>(
  {items, signal}: RoundsOptions<Item>,
  runOnce: (item: Item, round: Round) => Promise<Run>,
): Promise<Rounds<Run>> {
  const runs: Run[] = []
  try {
    for (const item of items) {
      if (signal.aborted) break
      runs.push(await runOnce(item, {round: runs.length + 1, of: items.length}))
    }
    return {runs}
  } catch (failure) {
    return {runs, failure}
  }
}
