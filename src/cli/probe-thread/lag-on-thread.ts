import {LagProbe, type StartLagProbe} from '../../engine/lag-probe.js'
import {LagRecord, type LagSample} from '../../engine/lag-record.js'
import type {ProbeThread} from './probe-thread.js'

/**
 * Measures the lag of a load or a drill on the thread of the probes, where no frame is counted into it; on this one
 * where that fails, for a drill judges its pair by writes that are seen to cross.
 */
export function lagOnThread(thread: Pick<ProbeThread, 'openLag'>): StartLagProbe {
  return ({a, b, onSample}) => {
    const record = new LagRecord()
    let here: LagProbe | undefined
    const add = (sample: LagSample) => {
      record.add(sample)
      onSample?.(sample)
    }
    const closeThere = thread.openLag({
      a,
      b,
      onSample: add,
      onEnd: () => {
        here = new LagProbe({a, b, onSample: add})
      },
    })
    const stop = async () => {
      await closeThere()
      await here?.stop()
    }
    return {record, stop}
  }
}
