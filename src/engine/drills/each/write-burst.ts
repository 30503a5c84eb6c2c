import {type Drill, FaultNotInjectedError, recoveredPair} from '../contract/drill.js'

const KEYS = {prefix: 'burst:', count: 100_000, absence: 'lost'} as const
const CONNECTIONS = 4

export const writeBurst: Drill = {
  name: 'write-burst',
  summary: 'a burst of 100,000 pipelined sets to a healthy master: does the replication queue hold?',
  async fault({cluster, journal, burst}) {
    journal.say(`${KEYS.count} small sets on ${CONNECTIONS} connections, as fast as ${cluster.master.name} takes them`)
    const written = await burst({
      target: cluster.master,
      plan: {
        mix: [{method: 'set', weight: 1}],
        connections: CONNECTIONS,
        pipeline: 1000,
        ratePerSecond: 0,
        callsPerConnection: KEYS.count / CONNECTIONS,
        durationSeconds: null,
        sizes: {kind: 'fixed', bytes: 20},
        keyPrefix: KEYS.prefix,
        keyCount: KEYS.count,
        verify: false,
      },
    })
    if (!written) throw new FaultNotInjectedError(`Expected ${KEYS.count} acknowledged sets, got errors`)
    journal.wrote(KEYS)
  },
  async recover() {},
  assertions: ['lost==0', ...recoveredPair],
  advice:
    'The queue overflowed and the link is down: restart the slave, which gets a full sync. A longer queue (-q 65536) takes a longer burst.',
}
