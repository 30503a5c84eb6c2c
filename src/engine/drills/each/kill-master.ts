import {type Drill, recoveredPair} from '../contract/drill.js'

export const killMaster: Drill = {
  name: 'kill-master',
  summary: 'SIGKILL the master; clients go to the slave; start the master again',
  needs: ['control'],
  async fault({cluster, say}) {
    say(`kill -9 ${cluster.master.name}`)
    await cluster.master.kill()
  },
  async recover({cluster, say}) {
    say(`start ${cluster.master.name} again`)
    await cluster.master.start()
  },
  budgets: ['rto<5s', 'rpo<1s', ...recoveredPair],
  advice: 'Start the dead node again with the same arguments: it dials the survivor and gets a full copy.',
}
