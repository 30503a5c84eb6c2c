import {type Drill, recoveredPair} from '../contract/drill.js'

export const freezeSlave: Drill = {
  name: 'freeze-slave',
  summary: 'SIGSTOP the slave for a while, then let it go on',
  needs: ['control'],
  async fault({cluster, say}) {
    say(`kill -STOP ${cluster.slave.name}`)
    cluster.slave.pause()
  },
  async recover({cluster, say}) {
    say(`kill -CONT ${cluster.slave.name}`)
    cluster.slave.resume()
  },
  budgets: ['lost==0', ...recoveredPair],
  advice:
    'If the queue overflowed meanwhile the link is gone for good: restart the node with the older data, never the complete one.',
}
