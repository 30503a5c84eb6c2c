import {type Drill, recoveredPair} from '../contract/drill.js'

export const killMaster: Drill = {
  name: 'kill-master',
  summary: 'SIGKILL the master; clients fail over to the slave; start the master again',
  needs: ['control'],
  async fault({cluster, journal}) {
    journal.say(`kill -9 ${cluster.master.name}`)
    await cluster.master.kill()
  },
  async recover({cluster, journal}) {
    journal.say(`start ${cluster.master.name}`)
    await cluster.master.start()
  },
  assertions: ['rto<5s', 'rpo<1s', ...recoveredPair],
  advice: 'Start the dead node again with the same arguments: it connects to the survivor and gets a full sync.',
}
