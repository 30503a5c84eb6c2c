import type {LoadPlan} from '../../../engine/plan/plan.js'
import type {CliContext} from '../../app/context.js'
import type {RunDocument} from '../../documents/json/run-json.js'
import {commandHost} from '../../load/command-host.js'
import {runLoadOnce} from '../../load/run-load-rounds.js'
import {openTarget} from '../../load/targets.js'
import {runRounds} from '../../rounds/run-rounds.js'
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

type Place = 0 | 1
type Order = readonly [Place, Place]

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

/**
 * Runs both sides in turns, each run as `repbench load` would, on nodes of its own unless servers are given. Runs
 * before one that could not be made are worth a report.
 */
export async function runPairs({sides, pairs, context, random = Math.random}: PairOptions): Promise<PairRuns> {
  const {signal} = context.shutdown
  const say = (text: string, place: Place): void =>
    void context.stderr.write(`${text}: ${LETTERS[place]} (${sides[place].label})\n`)
  // The first run of a process, and of a server, is slower than those after it: it would always be one of A's.
  const warmUp = await runRounds({items: [0, 1] as const, signal}, place => {
    say('warm-up', place)
    const {plan, target} = sides[place]
    return run({plan: shortened(plan), target}, {check: false, context})
  })
  const runs: [RunDocument[], RunDocument[]] = [[], []]
  if (warmUp.failure !== undefined) return {runs, failure: warmUp.failure}
  const items = ordersOf(pairs, random).flatMap((order, pair) => order.map(place => ({pair, place})))
  const {failure} = await runRounds({items, signal}, async ({pair, place}) => {
    say(`pair ${pair + 1} of ${pairs}`, place)
    runs[place].push(await run(sides[place], {check: true, context}))
  })
  return failure === undefined ? {runs} : {runs, failure}
}

function run(
  {plan, target}: Pick<Side, 'plan' | 'target'>,
  {check, context}: {readonly check: boolean; readonly context: CliContext},
): Promise<RunDocument> {
  const setup = {
    plan,
    assertions: [],
    both: target.to === 'both',
    lagProbe: target.lagProbe ?? false,
    check,
    openTarget: () => openTarget(target, plan.failover, context),
  }
  const host = commandHost(context)
  return runLoadOnce(setup, host, {listener: host.startRound({round: 1, of: 1})})
}

/** Ramps and numbers of calls say themselves how long. */
function shortened(plan: LoadPlan): LoadPlan {
  const {durationSeconds, ratePhases} = plan
  if (durationSeconds === null || ratePhases !== null) return plan
  return {...plan, durationSeconds: Math.min(durationSeconds, WARM_UP_SECONDS)}
}
