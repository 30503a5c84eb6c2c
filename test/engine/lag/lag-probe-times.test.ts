import {describe, expect, it} from 'vitest'
import {waitFor} from '../../helpers/wait-for.js'
import {delayedPair} from '../helpers/delayed-pair.js'
import {probing} from '../helpers/probing.js'

describe('a lag', () => {
  it('is the time from STORED until the write could be seen', async () => {
    const DELAY_MS = 30
    const {start} = delayedPair(DELAY_MS)
    const [master, slave] = await start()
    const {probe} = probing(master.address, slave.address)
    await waitFor(() => expect(probe.record.summary().aToB.count).toBeGreaterThan(20))
    await probe.stop({drainMs: 2000})
    const {aToB, bToA} = probe.record.summary()
    expect(aToB.min).toBeGreaterThan(DELAY_MS * 800)
    expect(bToA.min).toBeLessThan(aToB.min!)
    expect(aToB.unseen).toBe(0)
  })
})
