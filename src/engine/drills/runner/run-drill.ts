import type {RunResult} from '../../result/run-result.js'
import {VersionLedger} from '../../verify/version-ledger.js'
import {describeDrill} from '../judge/describe-drill.js'
import type {DrillResult} from '../judge/drill-result.js'
import {type DrillRun, openDrill, type RunDrillOptions} from './drill-run.js'
import {inspectPair} from './inspect-pair.js'
import {steps} from './steps.js'

/**
 * Runs a drill from its load to its result, which judgeDrill() judges. Never
 * rejects once the load runs: an error or an interrupt ends the steps, and the
 * result says so.
 */
export async function runDrill(options: RunDrillOptions): Promise<DrillResult> {
  const {signal} = options
  const run = openDrill(options)
  const {clock, journal, watch, probing} = run
  let interruptedMs: number | null = null
  // What the load waits for may never come.
  const stopLoad = (): void => {
    interruptedMs = performance.now()
    void endLoad(run)
  }
  signal.addEventListener('abort', stopLoad)
  try {
    for (const step of steps) await step(run)
  } catch (error) {
    journal.fail(error)
  }
  clock.ended()
  // The nodes are read now: that is no lag of the drill.
  watch.probe.record.enter(null, performance.now())
  const [result, probed] = await Promise.all([endLoad(run), probing.stop(clock.startMs)])
  signal.removeEventListener('abort', stopLoad)
  const failovers = await run.failovers.finish()
  const inspection = await inspectPair(run, interruptedMs)
  await watch.stop()
  run.check.close()
  return describe(run, {result, probed, failovers, inspection})
}

async function endLoad({load, journal}: DrillRun): Promise<RunResult | null> {
  try {
    return await load.stop()
  } catch (error) {
    journal.fail(error)
    return null
  }
}

interface DrillEnd {
  readonly result: RunResult | null
  readonly probed: Awaited<ReturnType<DrillRun['probing']['stop']>>
  readonly failovers: Awaited<ReturnType<DrillRun['failovers']['finish']>>
  readonly inspection: Awaited<ReturnType<typeof inspectPair>>
}

function describe(run: DrillRun, {result, probed, failovers, inspection}: DrillEnd): DrillResult {
  const {options, startedAt, clock, journal, watch, load} = run
  const {drill, cluster, plan} = options
  const {steps: done, faults, problem} = journal
  const {startMs, times} = clock
  const ledger = new VersionLedger(load.verify.ledger)
  return describeDrill({
    drill,
    cluster,
    plan,
    startedAt,
    startUnixMs: performance.timeOrigin + startMs,
    steps: done,
    faults,
    problem,
    times,
    ...inspection,
    ...watch.lag(),
    run: result,
    load: load.measured(),
    copies: watch.syncs.since(clock.faultMs, startMs),
    emptySpans: watch.empty.spans(startMs),
    probed,
    failovers,
    acknowledged: key => ledger.acknowledged(key),
    ackOriginUnixMs: load.verify.originMs,
  })
}
