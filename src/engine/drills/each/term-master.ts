import {type Drill, recoveredPair} from '../contract/drill.js'

export const termMaster: Drill = {
  name: 'term-master',
  summary: 'SIGTERM the master, which drains its queue; clients go to the slave; start it again',
  needs: ['control'],
  async fault({cluster, say}) {
    say(`kill -TERM ${cluster.master.name}`)
    await cluster.master.stop()
  },
  async recover({cluster, say}) {
    say(`start ${cluster.master.name} again`)
    await cluster.master.start()
  },
  budgets: ['rto<5s', 'lost==0', ...recoveredPair],
  advice: 'A planned stop loses nothing where the node drained its queue; start it again to have a pair.',
}
