import {type Drill, recoveredPair} from '../contract/drill.js'

/** A node that was restarted has to have its full copy before the other may go. */
const PAIRED_LIMIT_MS = 30_000

export const rollingRestart: Drill = {
  name: 'rolling-restart',
  summary: 'restart the slave, wait until the pair is whole, then restart the master',
  needs: ['control'],
  undoes: true,
  async fault({cluster, say, until}) {
    const {master, slave} = cluster
    const paired = () => master.status().link === 'paired' && slave.status().link === 'paired'
    for (const node of [slave, master]) {
      say(`restart ${node.name}`)
      await node.stop()
      await node.start()
      if (!(await until(paired, PAIRED_LIMIT_MS))) {
        say(`no link after ${node.name}’s restart: the other node keeps the only copy, so it is left alone`)
        return
      }
    }
  },
  async recover() {},
  budgets: ['lost==0', ...recoveredPair],
  advice: 'Wait for `marugoto owari` (or link paired in stats repbench) before the second restart.',
}
