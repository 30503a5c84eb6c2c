import {type Drill, recoveredPair} from '../contract/drill.js'

export const freezeMaster: Drill = {
  name: 'freeze-master',
  summary: 'freeze the master with SIGSTOP, then resume it',
  needs: ['control'],
  async fault({cluster, journal}) {
    journal.say(`kill -STOP ${cluster.master.name}`)
    cluster.master.pause()
  },
  async recover({cluster, journal}) {
    journal.say(`kill -CONT ${cluster.master.name}`)
    cluster.master.resume()
  },
  assertions: ['rto<5s', 'rpo<1s', ...recoveredPair],
  advice:
    'If the queue overflowed meanwhile, the link stays down: restart the node with the older data, never the complete one.',
}
