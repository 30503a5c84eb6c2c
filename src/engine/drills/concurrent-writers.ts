import type {Drill} from './drill.js'

export const concurrentWriters: Drill = {
  name: 'concurrent-writers',
  summary: 'write the same keys on both nodes at once: last writer wins on each, not the same one',
  compares: {prefix: 'both:', count: 500},
  async fault({cluster, say, burst}) {
    say('write 500 keys on both nodes at once')
    const writeTo = (target: typeof cluster.master) =>
      burst({
        target,
        plan: {
          mix: [{method: 'set', weight: 1}],
          connections: 4,
          ratePerSecond: 0,
          callsPerConnection: 2500,
          durationSeconds: null,
          sizes: {kind: 'uniform', minBytes: 100, maxBytes: 4000},
          valueBytes: 'random',
          keyPrefix: 'both:',
          keyCount: 500,
          verify: false,
        },
      })
    await Promise.all([writeTo(cluster.master), writeTo(cluster.slave)])
  },
  async recover({sleep, holdMs}) {
    await sleep(holdMs)
  },
  budgets: ['lost==0', 'paired', 'diverged==0', 'corrupt==0', 'phantom==0', 'resurrected==0'],
  advice: 'Let clients write to one node only: repcached has no order between writes of both.',
}
