import type {LoadPlan} from '../../../engine/plan/plan.js'
import type {CliContext} from '../../app/context.js'
import type {RunDocument} from '../../documents/json/run-json.js'
import {runOnce} from '../load/run-load-command.js'
import type {Side} from './sides.js'

const LETTERS = ['A', 'B'] as const
const WARM_UP_SECONDS = 2

export interface PairRuns {
  /** Of A and of B; the last may be missing or interrupted. */
  readonly runs: readonly [readonly RunDocument[], readonly RunDocument[]]
  /** Why there are no more. */
  readonly failure?: unknown
}

interface PairOptions {
  readonly sides: readonly [Side, Side]
  readonly pairs: number
  readonly context: CliContext
  /** From 0 up to 1. */
  readonly random?: () => number
}

type Order = readonly [0 | 1, 0 | 1]

/**
 * A B B A, then that or B A A B by chance: what grows evenly meets both alike, and what comes back every few runs does
 * not always meet the same one.
 */
export function ordersOf(pairs: number, random: () => number): readonly Order[] {
  const orders: Order[] = []
  while (orders.length < pairs) {
    const first: Order = orders.length === 0 || random() < 0.5 ? [0, 1] : [1, 0]
    orders.push(first, [first[1], first[0]])
  }
  return orders.slice(0, pairs)
}

/** The first run of a process, and of a server, is slower than those after it: it would always be one of A's. */
async function warmUp({sides, context}: Pick<PairOptions, 'sides' | 'context'>): Promise<void> {
  for (const [place, {label, plan, target}] of sides.entries()) {
    if (context.shutdown.signal.aborted) return
    context.stderr.write(`warm-up: ${LETTERS[place]} (${label})\n`)
    const options = {...target, assertions: [], check: false}
    await runOnce({plan: shortened(plan), options, context})
  }
}

/** Ramps and numbers of calls say themselves how long. */
function shortened(plan: LoadPlan): LoadPlan {
  const {durationSeconds, ratePhases} = plan
  if (durationSeconds === null || ratePhases !== null) return plan
  return {...plan, durationSeconds: Math.min(durationSeconds, WARM_UP_SECONDS)}
}

/**
 * Runs both in turns. Each run is one of `repbench load`, on nodes of its own unless they run already. What was measured
 * before a run could not be made is worth its report.
 */
export async function runPairs({sides, pairs, context, random = Math.random}: PairOptions): Promise<PairRuns> {
  const {shutdown, stderr} = context
  const runs: [RunDocument[], RunDocument[]] = [[], []]
  try {
    await warmUp({sides, context})
    for (const [pair, order] of ordersOf(pairs, random).entries()) {
      for (const place of order) {
        if (shutdown.signal.aborted) return {runs}
        const {label, plan, target} = sides[place]
        stderr.write(`pair ${pair + 1} of ${pairs}: ${LETTERS[place]} (${label})\n`)
        runs[place].push(await runOnce({plan, options: {...target, assertions: [], check: true}, context}))
      }
    }
    return {runs}
  } catch (failure) {
    return {runs, failure}
  }
}
