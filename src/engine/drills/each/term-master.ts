import {type Drill, recoveredPair} from '../contract/drill.js'

export const termMaster: Drill = {
  name: 'term-master',
  summary: 'SIGTERM the master, which drains its queue; clients fail over to the slave; start the master again',
  needs: ['control'],
  async fault({cluster, journal}) {
    journal.say(`kill -TERM ${cluster.master.name}`)
    await cluster.master.stop()
  },
  async recover({cluster, journal}) {
    journal.say(`start ${cluster.master.name}`)
    await cluster.master.start()
  },
  assertions: ['rto<5s', 'lost==0', ...recoveredPair],
  advice: 'A planned stop loses nothing when the node drained its queue; start it again to have a pair.',
}
