import {type Drill, FaultNotInjectedError, recoveredPair} from '../contract/drill.js'

const LIMIT_MS = 20_000

export const overflow: Drill = {
  name: 'overflow',
  summary: 'freeze the slave, write until the master’s replication queue overflows, then resume the slave',
  needs: ['control'],
  async fault({cluster, clock, journal, watch, burst, signal}) {
    journal.say(`freeze ${cluster.slave.name} and send a burst of sets to ${cluster.master.name}`)
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
    const broke = await clock.until(() => watch.sawEvent('overflow') || watch.sawEvent('linkLost'), LIMIT_MS)
    enough.abort()
    await bursting
    if (broke) return
    cluster.slave.resume()
    throw new FaultNotInjectedError(`cannot overflow the queue: the link held for ${LIMIT_MS / 1000} s`)
  },
  async recover({cluster, journal}) {
    journal.say(`resume ${cluster.slave.name}`)
    cluster.slave.resume()
  },
  assertions: ['lost==0', ...recoveredPair],
  advice:
    'Restart the node with the older data (here the slave): it gets a full sync. Restarting the complete one would copy the older data over it.',
}
