import {type Drill, FaultNotInjectedError, recoveredPair} from '../contract/drill.js'

const DELAY_MS = 50
const SLOW_LIMIT_MS = 5000

export const slowLink: Drill = {
  name: 'slow-link',
  summary: 'delay the replication link by 50 ms and throttle it to 1 MB/s for a while',
  needs: ['control', 'link'],
  async fault({cluster, say, until, worstLagMs}) {
    say(`delay the link by ${DELAY_MS} ms and throttle it to 1 MB/s`)
    cluster.link!.slow({delayMs: DELAY_MS, bytesPerSecond: 1_000_000})
    if (!(await until(() => worstLagMs() >= DELAY_MS, SLOW_LIMIT_MS))) {
      throw new FaultNotInjectedError(
        `Expected writes that take ${DELAY_MS} ms to cross, got ${worstLagMs()} ms at worst`,
      )
    }
  },
  async recover({cluster, say}) {
    say('give the link its speed back')
    cluster.link!.restore()
  },
  budgets: ['lost==0', ...recoveredPair],
  advice: 'A link slower than the writes overflows the queue: raise -q, or write less.',
}
