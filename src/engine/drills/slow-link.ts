import type {Drill} from './drill.js'

export const slowLink: Drill = {
  name: 'slow-link',
  summary: 'delay the replication link by 50 ms and throttle it to 1 MB/s for a while',
  needs: ['link'],
  async fault({cluster, say}) {
    say('delay the link by 50 ms and throttle it to 1 MB/s')
    cluster.link!.slow({delayMs: 50, bytesPerSecond: 1_000_000})
  },
  async recover({cluster, sleep, say, holdMs}) {
    await sleep(holdMs)
    say('give the link its speed back')
    cluster.link!.restore()
  },
  budgets: ['lost==0', 'paired', 'diverged==0', 'corrupt==0', 'phantom==0', 'resurrected==0'],
  advice: 'A link slower than the writes overflows the queue: raise -q, or write less.',
}
