import {type Drill, FaultNotInjectedError, recoveredPair} from '../contract/drill.js'
import {PipelinedSets} from './pipelined-sets.js'

const PREFIX = 'burst:'
const SETS = 2000
/** Large ones, so that a node that replies before it sends has much to send when it dies, on any machine. */
const BYTES = 10_000
/** The master still has most of them to do when it dies. */
const KILL_AT = 500

export const killMasterInBurst: Drill = {
  name: 'kill-master-in-burst',
  summary: 'SIGKILL the master while it acknowledges pipelined sets; how many of them has the slave not got?',
  needs: ['control'],
  async fault({cluster, say, signal, mark, wrote}) {
    const {master} = cluster
    say(`${SETS} pipelined sets of ${BYTES} bytes; kill -9 ${master.name} as it acknowledges number ${KILL_AT}`)
    const sets = new PipelinedSets(master.address, {prefix: PREFIX, count: SETS, bytes: BYTES, signal})
    try {
      await sets.acknowledged(KILL_AT)
      mark()
      await master.kill()
      await sets.ended
    } finally {
      sets.close()
    }
    if (sets.count === 0) throw new FaultNotInjectedError('Expected acknowledged sets, got none')
    say(`${sets.count} of them were acknowledged`)
    wrote({prefix: PREFIX, count: sets.count, absence: 'lost'})
  },
  async recover({cluster, say}) {
    say(`start ${cluster.master.name} again`)
    await cluster.master.start()
  },
  budgets: ['rto<5s', 'lost==0', ...recoveredPair],
  advice: 'Start the dead node again with the same arguments: it dials the survivor and gets a full copy.',
}
