import {type Drill, recoveredPair} from '../contract/drill.js'

export const killSlave: Drill = {
  name: 'kill-slave',
  summary: 'SIGKILL the slave under load; start it again',
  needs: ['control'],
  async fault({cluster, journal}) {
    journal.say(`kill -9 ${cluster.slave.name}`)
    await cluster.slave.kill()
  },
  async recover({cluster, journal}) {
    journal.say(`start ${cluster.slave.name}`)
    await cluster.slave.start()
  },
  assertions: ['lost==0', ...recoveredPair],
  advice: 'Start the slave again: it connects to the master and gets a full sync. Until then nothing is replicated.',
}
