import type {Drill, DrillTools} from './drill.js'

const FAULTS = 5

type Fault = (tools: DrillTools) => Promise<void>

/** Faults after which the pair is whole again, unless something is wrong. */
const faults: readonly Fault[] = [
  tools => restart(tools, 'slave'),
  tools => restart(tools, 'master'),
  tools => freeze(tools, 'slave'),
  tools => freeze(tools, 'master'),
]

export const soak: Drill = {
  name: 'soak',
  summary: 'five faults one after the other, drawn from the seed: kills and freezes of either node',
  async fault(tools) {
    for (let i = 0; i < FAULTS; i++) {
      const fault = faults[Math.floor(tools.random() * faults.length)]!
      await fault(tools)
      await tools.sleep(tools.holdMs)
    }
  },
  async recover() {},
  budgets: ['paired', 'diverged==0', 'corrupt==0', 'phantom==0', 'resurrected==0'],
  advice: 'See the events: the first fault after which the pair was not whole again is the one to look at.',
}

async function restart({cluster, say, sleep, until, holdMs}: DrillTools, who: 'master' | 'slave'): Promise<void> {
  const node = cluster[who]
  say(`kill -9 ${node.name}, start it again`)
  await node.kill()
  await sleep(holdMs / 2)
  await node.start()
  await until(() => cluster.master.status().link === 'paired' && cluster.slave.status().link === 'paired', 10_000)
}

async function freeze({cluster, say, sleep}: DrillTools, who: 'master' | 'slave'): Promise<void> {
  const node = cluster[who]
  say(`freeze ${node.name} for half a second`)
  node.pause()
  await sleep(500)
  node.resume()
}
