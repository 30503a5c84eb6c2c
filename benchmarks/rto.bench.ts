import {Prober} from '../test/instruments/prober.ts'

const built = (path: string): string => new URL(`../dist/${path}`, import.meta.url).href
const {drillPlan} = (await import(
  built('engine/drills/contract/drill-plan.js')
)) as typeof import('../src/engine/drills/contract/drill-plan.ts')
const {drills} = (await import(
  built('engine/drills/each/registry.js')
)) as typeof import('../src/engine/drills/each/registry.ts')
const {runDrill} = (await import(
  built('engine/drills/runner/run-drill.js')
)) as typeof import('../src/engine/drills/runner/run-drill.ts')
const {launchTopology} = (await import(
  built('server/topology/topology.js')
)) as typeof import('../src/server/topology/topology.ts')

/**
 * RTO as drills report it beside what an independent client of the same policy
 * sees. Run by: npm run bench:rto -- [topology]
 */
const topologyName = process.argv[2] ?? 'pair'
const binPath = new URL('../bin/repbench.js', import.meta.url).pathname

interface Case {
  readonly drill: string
  readonly settings: Parameters<typeof drillPlan>[1]
}

const cases: readonly Case[] = [
  {drill: 'freeze-master', settings: {}},
  {drill: 'freeze-master', settings: {timeoutMs: 300}},
  {drill: 'kill-master', settings: {}},
  {drill: 'kill-master', settings: {ratePerSecond: 20}},
  {drill: 'kill-master', settings: {retries: 3, retryDelayMs: 200}},
  {drill: 'kill-master', settings: {retries: 3, retryDelayMs: 200, ratePerSecond: 20}},
  {drill: 'freeze-master', settings: {timeoutMs: 300, ratePerSecond: 20}},
]

process.stdout.write(
  'drill           settings                                   client      repbench: first, median, longest; to within\n',
)
for (const {drill: name, settings = {}} of cases) {
  const {sawMs, rtoMs, resolution} = await measure(name, settings)
  const told = [rtoMs?.min, rtoMs?.p50, rtoMs?.max].map(ms => (ms == null ? '–' : String(ms)).padStart(6)).join('')
  process.stdout.write(
    `${name.padEnd(15)} ${JSON.stringify(settings).padEnd(42)} ${sawMs.toFixed(1).padStart(7)} ms ${told} ms; ${resolution} ms\n`,
  )
}

async function measure(name: string, settings: NonNullable<Case['settings']>) {
  const topology = await launchTopology({name: topologyName, binPath})
  const {master, slave} = topology.pair!
  const cluster = {
    topology: topologyName,
    master,
    slave,
    resilient: false,
    link: null,
    startThird: (): Promise<never> => Promise.reject(new Error('Expected no third process to be asked for')),
  }
  const prober = new Prober([master.address, slave.address], {
    everyMs: 5,
    timeoutMs: settings.timeoutMs ?? 1000,
    retries: settings.retries ?? 0,
    retryDelayMs: settings.retryDelayMs ?? 10,
    switchDelayMs: 10,
  })
  let faultMs = 0
  for (const action of ['kill', 'pause'] as const) {
    const act = master[action].bind(master) as () => Promise<void>
    master[action] = () => {
      faultMs = performance.now()
      return act()
    }
  }
  try {
    const result = await runDrill({
      drill: drills.find(drill => drill.name === name)!,
      cluster,
      plan: drillPlan(drills.find(drill => drill.name === name)!, settings),
      timing: {beforeMs: 1000, holdMs: 2000, afterMs: 300},
      signal: AbortSignal.timeout(60_000),
    })
    const rtoMs = result.measures?.rtoMs
    return {
      sawMs: prober.unservedMs(faultMs),
      rtoMs,
      resolution: rtoMs?.resolutionMs ?? null,
    }
  } finally {
    prober.stop()
    await topology.close()
  }
}
