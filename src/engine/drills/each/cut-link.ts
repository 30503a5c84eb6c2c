import {type Drill, FaultNotInjectedError, recoveredPair} from '../contract/drill.js'

const NOTICED_LIMIT_MS = 5000

export const cutLink: Drill = {
  name: 'cut-link',
  summary: 'cut the replication link while both nodes live, restore it after a while',
  needs: ['control', 'link'],
  async fault({cluster, say, sawEvent, until}) {
    say('cut the replication link')
    cluster.link!.cut()
    if (!(await until(() => sawEvent('linkLost'), NOTICED_LIMIT_MS))) {
      throw new FaultNotInjectedError('Expected both nodes to lose their link, got nodes that did not notice')
    }
  },
  async recover({cluster, say}) {
    say('restore the link')
    cluster.link!.restore()
  },
  budgets: ['lost==0', ...recoveredPair],
  advice:
    'Neither node dials again. Restart the one with the older data: it gets a full copy of the other; what only it had is lost.',
}
