import {expect, test} from 'vitest'
import type {Drill, DrillCluster} from '../../../../src/engine/drills/contract/drill.js'
import {type DrillLoadChanges, drillPlan} from '../../../../src/engine/drills/contract/drill-plan.js'
import {drills} from '../../../../src/engine/drills/each/registry.js'
import {runDrill} from '../../../../src/engine/drills/runner/run-drill.js'
import {launchTopology} from '../../../../src/server/topology/topology.js'
import {binPath} from '../../../helpers/run-repbench.js'
import {Prober} from '../../../instruments/prober.js'
import {inProcess} from '../../helpers/in-process.js'

/** Clients, servers and this test share a busy machine; benchmarks/rto.bench.ts has the tight figures. */
const MARGIN_MS = 300

/** A drill beside a client that shares no code with its load. @returns what each says of the same fault */
async function drillBeside(drill: Drill, settings: DrillLoadChanges) {
  const {pair, close} = await launchTopology({name: 'pair', binPath})
  const {master, slave} = pair!
  const cluster: DrillCluster = {
    topology: 'pair',
    master,
    slave,
    resilient: false,
    link: null,
    startThird: () => Promise.reject(new Error('Expected no third process to be asked for')),
  }
  const prober = new Prober([master.address, slave.address], {
    everyMs: 5,
    timeoutMs: settings.timeoutMs ?? 1000,
    retries: settings.retries ?? 0,
    retryDelayMs: settings.retryDelayMs ?? 10,
    switchDelayMs: 10,
  })
  let faultMs = 0
  try {
    const {measures, times, problem} = await runDrill({
      drill,
      cluster,
      plan: drillPlan(drill, {keyCount: 200, ...settings}),
      timing: {beforeMs: 500, holdMs: 1500, afterMs: 100, settleLimitMs: 10_000},
      signal: AbortSignal.timeout(30_000),
      startThread: inProcess,
      onStep: ({step, state}) => {
        if (step === 'fault' && state === 'running') faultMs ||= performance.now()
      },
    })
    expect([problem, times === null]).toEqual([null, false])
    return {rtoMs: measures!.rtoMs, sawMs: prober.unservedMs(faultMs), lateMs: prober.lateMs}
  } finally {
    prober.stop()
    await close()
  }
}

const named = (wanted: string): Drill => drills.find(({name}) => name === wanted)!

test.each<[string, string, DrillLoadChanges, {leastMs: number; by: string; how: RegExp}]>([
  ['load', 'freeze-master', {timeoutMs: 300}, {leastMs: 290, by: 'load', how: /^call time-out$/}],
  [
    'a sparse load',
    'freeze-master',
    {timeoutMs: 300, ratePerSecond: 20},
    {leastMs: 290, by: 'probes', how: /^call time-out$/},
  ],
  [
    'a sparse load',
    'kill-master',
    {ratePerSecond: 20},
    {leastMs: 10, by: 'probes', how: /^(reset|closed by server|call time-out)$/},
  ],
  [
    'a sparse load with retries',
    'kill-master',
    {ratePerSecond: 20, retries: 3, retryDelayMs: 200},
    {leastMs: 600, by: 'probes', how: /^(reset|closed by server|call time-out)$/},
  ],
])('%s, %s %j: the RTO is that of a client beside it', async (_, name, settings, {leastMs, by, how}) => {
  const {rtoMs, sawMs, lateMs} = await drillBeside(named(name), settings)
  expect(rtoMs).toMatchObject({by, never: 0, resolutionMs: by === 'load' ? 10 : 5})
  expect(rtoMs.p50).toBeGreaterThanOrEqual(leastMs)
  expect(Math.abs(rtoMs.p50! - sawMs)).toBeLessThan(MARGIN_MS + 3 * lateMs)
  for (const client of rtoMs.byClient) {
    expect(client.how).toMatch(how)
    expect(client.detectionMs + client.waitingMs! + client.connectMs!).toBe(client.ms)
  }
})
