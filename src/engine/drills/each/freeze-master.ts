import {type Drill, recoveredPair} from '../contract/drill.js'

export const freezeMaster: Drill = {
  name: 'freeze-master',
  summary: 'SIGSTOP the master for a while, then let it go on',
  needs: ['control'],
  async fault({cluster, say}) {
    say(`kill -STOP ${cluster.master.name}`)
    cluster.master.pause()
  },
  async recover({cluster, say}) {
    say(`kill -CONT ${cluster.master.name}`)
    cluster.master.resume()
  },
  budgets: ['rto<5s', 'rpo<1s', ...recoveredPair],
  advice:
    'If the queue overflowed meanwhile the link is gone for good: restart the node with the older data, never the complete one.',
}
