import {type Drill, recoveredPair} from '../contract/drill.js'

export const restartBoth: Drill = {
  name: 'restart-both',
  summary: 'stop both nodes and start them again, one after the other: all data are gone, as they should be',
  needs: ['control'],
  async fault({cluster, say}) {
    say('stop both nodes')
    await Promise.all([cluster.master.stop(), cluster.slave.stop()])
  },
  async recover({cluster, say}) {
    for (const node of [cluster.master, cluster.slave]) {
      say(`start ${node.name}`)
      await node.start()
    }
  },
  budgets: ['rto<10s', ...recoveredPair],
  advice: 'Never restart both: what the pair held is gone. Restart one, wait until it is paired, then the other.',
}
