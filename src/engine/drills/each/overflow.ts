import {type Drill, FaultNotInjectedError, recoveredPair} from '../contract/drill.js'

const LIMIT_MS = 20_000

export const overflow: Drill = {
  name: 'overflow',
  summary: 'freeze the slave and write until the master’s replication queue overflows; let it go on',
  needs: ['control'],
  async fault({cluster, say, sawEvent, until, burst, signal}) {
    say(`freeze ${cluster.slave.name} and burst sets at ${cluster.master.name}`)
    cluster.slave.pause()
    const enough = new AbortController()
    const bursting = burst({
      target: cluster.master,
      plan: {
        mix: [{method: 'set', weight: 1}],
        connections: 8,
        pipeline: 64,
        ratePerSecond: 0,
        callsPerConnection: null,
        durationSeconds: LIMIT_MS / 1000,
        sizes: {kind: 'fixed', bytes: 100},
        keyPrefix: 'burst:',
        keyCount: 100_000,
        verify: false,
      },
      signal: AbortSignal.any([signal, enough.signal]),
    })
    const broke = await until(() => sawEvent('overflow') || sawEvent('linkLost'), LIMIT_MS)
    enough.abort()
    await bursting
    if (!broke) {
      cluster.slave.resume()
      throw new FaultNotInjectedError(
        `Expected the queue to overflow within ${LIMIT_MS / 1000} s, got a link that held`,
      )
    }
  },
  async recover({cluster, say}) {
    say(`let ${cluster.slave.name} go on`)
    cluster.slave.resume()
  },
  budgets: ['lost==0', ...recoveredPair],
  advice:
    'Restart the node with the older data (here the slave): it gets a full copy. Restarting the complete one would copy the older data over it.',
}
