import {type Drill, FaultNotInjectedError, recoveredPair} from '../contract/drill.js'

const SYNC_LIMIT_MS = 20_000
/** All of it fits into half of a node's memory: then nothing can have been evicted unseen when the node dies. */
const BALLAST_BYTES = 150
const BALLAST = {prefix: 'ballast:', count: 100_000, absence: 'lost'} as const
/** Into the copy: it takes several times as long on any machine. */
const INTO_COPY_MS = 30

export const killDuringFullSync: Drill = {
  name: 'kill-during-full-sync',
  summary: 'restart the slave and kill the master while it sends the full sync',
  needs: ['control'],
  async fault({cluster, clock, journal, watch, burst}) {
    const {master, slave} = cluster
    journal.say(`fill ${master.name} so that a full sync takes a while`)
    const written = await burst({
      target: master,
      plan: {
        mix: [{method: 'set', weight: 1}],
        connections: 8,
        pipeline: 16,
        ratePerSecond: 0,
        callsPerConnection: BALLAST.count / 8,
        durationSeconds: null,
        sizes: {kind: 'fixed', bytes: BALLAST_BYTES},
        keyPrefix: BALLAST.prefix,
        keyCount: BALLAST.count,
        verify: false,
      },
    })
    if (!written) throw new FaultNotInjectedError(`Expected ${BALLAST.count} acknowledged sets, got errors`)
    journal.wrote(BALLAST)
    journal.say(`restart ${slave.name} and kill -9 ${master.name} in the middle of its copy`)
    await slave.stop()
    // It serves only when it has its copy, or when the copy broke off.
    const serving = slave.start().catch(() => {})
    const isCopying = () => watch.sawEvent('fullSyncStarted') && !watch.sawEvent('fullSyncDone')
    const copying = await clock.until(isCopying, SYNC_LIMIT_MS)
    await clock.sleep(INTO_COPY_MS)
    const inTime = copying && !watch.sawEvent('fullSyncDone') && master.status().link !== 'paired'
    clock.mark()
    await master.kill()
    await serving
    if (!inTime) throw new FaultNotInjectedError('cannot kill the master during its full sync: the copy was complete')
  },
  async recover({cluster, journal}) {
    journal.say(`start ${cluster.master.name}`)
    await cluster.master.start()
  },
  assertions: ['rto<5s', 'lost==0', ...recoveredPair],
  advice:
    'The joiner serves part of the data and becomes the source for the next node that restarts: data that only the master had is lost.',
  prevention:
    'Never stop the node that sends a full sync before its log says `marugoto owari`: no other node has all the data.',
}
