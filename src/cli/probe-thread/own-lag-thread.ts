import type {StartLagProbe} from '../../engine/lag/lag-probe.js'
import {lagOnThread} from './lag-on-thread.js'
import {ProbeThread} from './probe-thread.js'

/** As lagOnThread(), on a thread that ends with the probe. */
export const lagOnOwnThread: StartLagProbe = options => {
  const thread = new ProbeThread()
  const {record, stop} = lagOnThread(thread)(options)
  return {
    record,
    async stop(how) {
      await stop(how)
      await thread.close()
    },
  }
}
