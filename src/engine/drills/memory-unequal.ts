import type {Drill} from './drill.js'

export const memoryUnequal: Drill = {
  name: 'memory-unequal',
  summary: 'write more than the smaller slave can hold: its evictions reach the master too',
  needs: ['unequalMemory'],
  compares: {prefix: 'ballast:', count: 24_000},
  async fault({cluster, say, burst}) {
    say('write 24 MB to a pair whose slave has room for a fraction of it')
    await burst({
      target: cluster.master,
      plan: {
        mix: [{method: 'set', weight: 1}],
        connections: 4,
        pipeline: 4,
        ratePerSecond: 0,
        callsPerConnection: 6000,
        durationSeconds: null,
        sizes: {kind: 'fixed', bytes: 1000},
        keyPrefix: 'ballast:',
        keyCount: 24_000,
        verify: false,
      },
    })
  },
  async recover({sleep, holdMs}) {
    await sleep(holdMs)
  },
  budgets: ['evicted==0', 'lost==0', 'paired', 'diverged==0', 'corrupt==0', 'phantom==0', 'resurrected==0'],
  advice: 'Give both nodes the same -m: what one evicts, the other deletes.',
}
