import {type Drill, recoveredPair} from '../contract/drill.js'

/** A node that was restarted must have its full sync before the other may go. */
const PAIRED_LIMIT_MS = 30_000

export const rollingRestart: Drill = {
  name: 'rolling-restart',
  summary: 'restart the slave, wait until the nodes are paired, then restart the master',
  needs: ['control'],
  undoes: true,
  async fault({cluster, clock, journal}) {
    const {master, slave} = cluster
    const paired = () => master.status().link === 'paired' && slave.status().link === 'paired'
    for (const node of [slave, master]) {
      journal.say(`restart ${node.name}`)
      await node.stop()
      await node.start()
      if (!(await clock.until(paired, PAIRED_LIMIT_MS))) {
        journal.say(
          `not paired after the restart of ${node.name}: the other node has the only copy and is not restarted`,
        )
        return
      }
    }
  },
  async recover() {},
  assertions: ['lost==0', ...recoveredPair],
  advice: 'Wait for `marugoto owari` (or link paired in stats repbench) before the second restart.',
}
