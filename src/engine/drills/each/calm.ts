import type {Drill} from '../contract/drill.js'

export const calm: Drill = {
  name: 'calm',
  summary: 'nothing happens: whatever this finds is there without any failure, or a false alarm',
  async fault({say}) {
    say('nothing')
  },
  async recover() {},
  budgets: [
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
  advice: 'The pair does not replicate even in calm times: see its logs and whether its queue overflowed.',
}
