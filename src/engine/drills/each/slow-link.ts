import {type Drill, FaultNotInjectedError, recoveredPair} from '../contract/drill.js'

const DELAY_MS = 50
const SLOW_LIMIT_MS = 5000

export const slowLink: Drill = {
  name: 'slow-link',
  summary: 'delay the replication link by 50 ms and throttle it to 1 MB/s, then restore it',
  needs: ['control', 'link'],
  async fault({cluster, clock, journal, watch}) {
    journal.say(`delay the link by ${DELAY_MS} ms and throttle it to 1 MB/s`)
    cluster.link!.slow({delayMs: DELAY_MS, bytesPerSecond: 1_000_000})
    if (!(await clock.until(() => watch.worstLagMs() >= DELAY_MS, SLOW_LIMIT_MS))) {
      throw new FaultNotInjectedError(
        `cannot slow the link: expected a lag of ${DELAY_MS} ms, got ${watch.worstLagMs()} ms at most`,
      )
    }
  },
  async recover({cluster, journal}) {
    journal.say('restore the link')
    cluster.link!.restore()
  },
  assertions: ['lost==0', ...recoveredPair],
  advice: 'A link slower than the writes overflows the queue: raise -q, or write less.',
}
