import {type Drill, recoveredPair} from '../contract/drill.js'

export const restartBoth: Drill = {
  name: 'restart-both',
  summary: 'stop both nodes and start them again, one after the other: all data is lost, as expected',
  needs: ['control'],
  async fault({cluster, journal}) {
    journal.say('stop both nodes')
    await Promise.all([cluster.master.stop(), cluster.slave.stop()])
  },
  async recover({cluster, journal}) {
    for (const node of [cluster.master, cluster.slave]) {
      journal.say(`start ${node.name}`)
      await node.start()
    }
  },
  assertions: ['rto<10s', ...recoveredPair],
  advice: 'Never restart both: all data of the pair is lost. Restart one, wait until it is paired, then the other.',
}
