import {FaultNotInjectedError} from '../contract/drill.js'
import type {DrillRun} from './drill-run.js'

/** Writes of a healthy pair cross within this time. */
const CROSS_LIMIT_MS = 5000

/** The steps of every drill, in their order. The next one begins when one has ended; an error ends the drill. */
export const steps: readonly ((run: DrillRun) => Promise<void>)[] = [
  loadBeforeFault,
  injectFault,
  holdFault,
  recover,
  settle,
  loadAfterRecovery,
]

async function loadBeforeFault(run: DrillRun): Promise<void> {
  const {options, timing, clock, journal, watch, load, check, probing} = run
  journal.begin('before', `load for ${timing.beforeMs / 1000} s`)
  void check.start()
  clock.loadStarted(await load.started)
  watch.probe.record.enter('before', clock.startMs)
  await probing.start({...options, targets: load.targets})
  const loadedMs = performance.now()
  await clock.sleep(timing.beforeMs)
  if (await watch.hasCrossed(loadedMs, CROSS_LIMIT_MS)) return
  throw new FaultNotInjectedError(
    `cannot inject the fault: writes do not cross between the nodes even before it (${watch.describeEvents()})`,
  )
}

async function injectFault(run: DrillRun): Promise<void> {
  const {clock, journal, watch, tools} = run
  const {drill} = run.options
  enter(run, 'during')
  watch.forgetEvents()
  clock.faultBegins()
  journal.begin('fault', drill.summary)
  await drill.fault(tools)
}

async function holdFault({options, timing, clock, journal, watch}: DrillRun): Promise<void> {
  const holds = options.drill.undoes !== true
  journal.begin('detect', holds ? `hold the fault for ${timing.holdMs / 1000} s` : 'detection')
  if (holds) await clock.sleep(timing.holdMs)
  journal.done(watch.describeEvents())
}

async function recover({options, clock, journal, tools}: DrillRun): Promise<void> {
  clock.recoveryBegins()
  journal.begin('recover', 'recovery by the operator')
  await options.drill.recover(tools)
}

async function settle({timing, clock, journal, watch}: DrillRun): Promise<void> {
  journal.begin('settle', 'wait until writes cross both ways')
  const recoverMs = clock.startMs + clock.times!.recover! * 1000
  const recovered = await watch.hasCrossed(recoverMs, timing.settleLimitMs)
  clock.settled({recovered})
  journal.done(recovered ? 'writes cross both ways' : 'writes do not cross: the pair did not recover', recovered)
}

async function loadAfterRecovery(run: DrillRun): Promise<void> {
  enter(run, 'after')
  await run.clock.sleep(run.timing.afterMs)
}

function enter({load, watch}: DrillRun, phase: 'during' | 'after'): void {
  load.enter(phase)
  watch.probe.record.enter(phase, performance.now())
}
