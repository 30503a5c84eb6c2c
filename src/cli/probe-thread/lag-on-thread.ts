import type {StartLagProbe} from '../../engine/lag-probe.js'
import {LagRecord} from '../../engine/lag-record.js'
import type {ProbeThread} from './probe-thread.js'

/** Measures the lag of a load or a drill on the thread of the probes, where no frame is counted into it. */
export function lagOnThread(thread: Pick<ProbeThread, 'openLag'>): StartLagProbe {
  return ({a, b, onSample}) => {
    const record = new LagRecord()
    const stop = thread.openLag({
      a,
      b,
      onSample(sample) {
        record.add(sample)
        onSample?.(sample)
      },
    })
    return {record, stop}
  }
}
