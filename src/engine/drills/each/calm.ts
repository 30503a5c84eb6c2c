import type {Drill} from '../contract/drill.js'

export const calm: Drill = {
  name: 'calm',
  summary: 'no fault (control run): anything it finds is a baseline defect or a false alarm',
  async fault({journal}) {
    journal.say('no fault')
  },
  async recover() {},
  assertions: [
    'rto==0s',
    'lost==0',
    'paired',
    'diverged==0',
    'stale==0',
    'missing==0',
    'corrupt==0',
    'phantom==0',
    'foreign==0',
    'resurrected==0',
    'unexplainedReads==0',
  ],
  advice: 'The pair does not replicate even without a fault: read the logs of its nodes and look for a queue overflow.',
}
