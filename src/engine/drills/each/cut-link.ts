import {type Drill, FaultNotInjectedError, recoveredPair} from '../contract/drill.js'

const NOTICED_LIMIT_MS = 5000

export const cutLink: Drill = {
  name: 'cut-link',
  summary: 'cut the replication link while both nodes run, then restore it',
  needs: ['control', 'link'],
  async fault({cluster, clock, journal, watch}) {
    journal.say('cut the replication link')
    cluster.link!.cut()
    if (!(await clock.until(() => watch.sawEvent('linkLost'), NOTICED_LIMIT_MS))) {
      throw new FaultNotInjectedError(`cannot cut the link: no node lost it within ${NOTICED_LIMIT_MS / 1000} s`)
    }
  },
  async recover({cluster, journal}) {
    journal.say('restore the link')
    cluster.link!.restore()
  },
  assertions: ['lost==0', ...recoveredPair],
  advice:
    'Neither node reconnects. Restart the one with the older data: it gets a full sync of the other; what only it had is lost.',
}
