import type {DrillCluster, DrillNeed, DrillTools} from '../contract/drill.js'

/** A fault of soak: brings it about, holds it and undoes it, as an operator would. */
interface SoakFaultKind {
  readonly name: string
  readonly needs: DrillNeed
  run(tools: DrillTools, holdMs: number): Promise<void>
}

type Side = 'master' | 'slave'

function restart(signal: 'kill' | 'term', side: Side): SoakFaultKind {
  return {
    name: `${signal}-${side}`,
    needs: 'control',
    async run({cluster, sleep}, holdMs) {
      const node = cluster[side]
      await (signal === 'kill' ? node.kill() : node.stop())
      await sleep(holdMs)
      await node.start()
    },
  }
}

function freeze(side: Side): SoakFaultKind {
  return {
    name: `freeze-${side}`,
    needs: 'control',
    async run({cluster, sleep}, holdMs) {
      cluster[side].pause()
      try {
        await sleep(holdMs)
      } finally {
        cluster[side].resume()
      }
    },
  }
}

const cutLink: SoakFaultKind = {
  name: 'cut-link',
  needs: 'link',
  async run({cluster, sleep}, holdMs) {
    cluster.link!.cut()
    try {
      await sleep(holdMs)
    } finally {
      cluster.link!.restore()
    }
    // Nobody dials again by himself: the node with the older data, which the clients did not write to, is restarted.
    if (cluster.resilient) return
    await cluster.slave.stop()
    await cluster.slave.start()
  },
}

const slowLink: SoakFaultKind = {
  name: 'slow-link',
  needs: 'link',
  async run({cluster, sleep}, holdMs) {
    cluster.link!.slow({delayMs: 50, bytesPerSecond: 1_000_000})
    try {
      await sleep(holdMs)
    } finally {
      cluster.link!.restore()
    }
  },
}

const kinds: readonly SoakFaultKind[] = [
  restart('kill', 'slave'),
  restart('kill', 'master'),
  restart('term', 'slave'),
  restart('term', 'master'),
  freeze('slave'),
  freeze('master'),
  cutLink,
  slowLink,
]

/** The faults that a pair can have: those of its link only where it runs through a relay. */
export function soakFaults(cluster: Pick<DrillCluster, 'link'>): readonly SoakFaultKind[] {
  return cluster.link === null ? kinds.filter(({needs}) => needs !== 'link') : kinds
}
