import {type Drill, FaultNotInjectedError, recoveredPair} from '../contract/drill.js'

const KEYS = {prefix: 'ballast:', count: 24_000, absence: 'evicted'} as const
const CONNECTIONS = 4

export const memoryUnequal: Drill = {
  name: 'memory-unequal',
  summary: 'write more than the smaller slave can hold: its evictions reach the master too',
  needs: ['control', 'unequalMemory'],
  async fault({cluster, journal, burst}) {
    journal.say('write 24 MB to a pair whose slave has room for a fraction of it')
    const written = await burst({
      target: cluster.master,
      plan: {
        mix: [{method: 'set', weight: 1}],
        connections: CONNECTIONS,
        pipeline: 4,
        ratePerSecond: 0,
        callsPerConnection: KEYS.count / CONNECTIONS,
        durationSeconds: null,
        sizes: {kind: 'fixed', bytes: 1000},
        keyPrefix: KEYS.prefix,
        keyCount: KEYS.count,
        verify: false,
      },
    })
    if (!written) throw new FaultNotInjectedError(`Expected ${KEYS.count} acknowledged sets, got errors`)
    journal.wrote(KEYS)
    const {slave} = cluster
    const evictions = Number((await slave.stats()).get('evictions') ?? 0)
    if (evictions === 0) throw new FaultNotInjectedError(`cannot make ${slave.name} evict: it has room for all keys`)
    journal.say(`${slave.name} evicted ${evictions} keys`)
  },
  async recover() {},
  assertions: ['evicted==0', 'lost==0', ...recoveredPair],
  advice: 'Restart the slave, and give both nodes the same -m.',
  prevention: 'Give both nodes the same -m, with room for all keys: what one evicts, the other deletes.',
}
