import {type Drill, recoveredPair} from '../contract/drill.js'

export const freezeSlave: Drill = {
  name: 'freeze-slave',
  summary: 'freeze the slave with SIGSTOP, then resume it',
  needs: ['control'],
  async fault({cluster, journal}) {
    journal.say(`kill -STOP ${cluster.slave.name}`)
    cluster.slave.pause()
  },
  async recover({cluster, journal}) {
    journal.say(`kill -CONT ${cluster.slave.name}`)
    cluster.slave.resume()
  },
  assertions: ['lost==0', ...recoveredPair],
  advice:
    'If the queue overflowed meanwhile, the link stays down: restart the node with the older data, never the complete one.',
}
