import type {LagEvent} from '../../engine/lag/lag-event.js'
import {LagProbe, type StartLagProbe, type StopOptions} from '../../engine/lag/lag-probe.js'
import {LagRecord} from '../../engine/lag/lag-record.js'
import {ProbeThread} from './probe-thread.js'

/** No probe comes to that number by itself. */
const FIRST_NUMBER_HERE = 1e12

/**
 * Measures the lag of a load or a drill on the thread of the probes, where no frame is counted into it; on this one
 * where that fails, for a drill judges its pair by writes that are seen to cross.
 */
export function lagOnThread(thread: Pick<ProbeThread, 'openLag'>): StartLagProbe {
  return ({a, b, onEvent}) => {
    const record = new LagRecord()
    record.measuredOn('probeThread')
    let here: LagProbe | undefined
    const take = (event: LagEvent) => {
      record.take(event)
      onEvent?.(event)
    }
    const closeThere = thread.openLag({
      a,
      b,
      onEvent: take,
      onEnd: () => {
        record.abandon()
        record.measuredOn('mainThread')
        here = new LagProbe({a: {address: a}, b: {address: b}, firstNumber: FIRST_NUMBER_HERE, onEvent: take})
      },
    })
    const stop = async (options: StopOptions = {}) => {
      await closeThere(options)
      await here?.stop(options)
      record.end()
    }
    return {record, stop}
  }
}

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
