import {connect} from 'node:net'
import {setTimeout as delay} from 'node:timers/promises'
import {describe, expect, it} from 'vitest'
import {LagProbe} from '../../../src/engine/lag/lag-probe.js'
import type {Address} from '../../../src/protocol/address.js'
import {startProxiedPair} from '../../helpers/proxied-pair.js'
import {LagMeter, percentileOf} from '../../instruments/lag-meter.js'

/** The probe and the independent meter, side by side over the same time. */
async function measure(pair: {master: Address; slave: Address}, run: () => Promise<void>) {
  const meter = await LagMeter.open({from: pair.master, to: pair.slave})
  const probe = new LagProbe({a: {address: pair.master}, b: {address: pair.slave}})
  await run()
  const [metered] = await Promise.all([meter.stop({drainMs: 20_000}), probe.stop({drainMs: 20_000})])
  const percentileUs = (percent: number) => percentileOf(metered, percent) * 1000
  return {metered, percentileUs, ...probe.record.summary()}
}

// Wide margins, for the machine may be busy: benchmarks/lag.bench.ts has the tight ones.
describe('beside an independent open loop', () => {
  it.each([20, 100])('a link that always takes %i ms', async delayMs => {
    const {link, ...pair} = await startProxiedPair({queueLimit: 1_000_000})
    link.behave({delayMs})
    const {aToB, bToA, percentileUs} = await measure(pair, () => delay(3000))
    for (const {p50, unseen} of [aToB, bToA]) {
      expect(unseen).toBe(0)
      expect(p50).toBeGreaterThan((delayMs - 5) * 1000)
      expect(p50).toBeLessThan((delayMs + 15) * 1000)
    }
    expect(Math.abs(aToB.p50! - percentileUs(50))).toBeLessThan(10_000)
  })

  it('a link that carries half of what is offered', async () => {
    const {link, ...pair} = await startProxiedPair({queueLimit: 1_000_000})
    link.behave({bytesPerSecond: 200_000, bufferBytes: 65_536})
    const {aToB, metered, percentileUs} = await measure(pair, () => overload(pair.master))
    expect(aToB.unseen).toBe(0)
    expect(metered.every(({seen}) => seen)).toBe(true)
    // It grows to seconds, and the worst of it is not left out.
    expect(percentileUs(90)).toBeGreaterThan(1_000_000)
    for (const [percent, us] of [
      [50, aToB.p50],
      [90, aToB.p90],
    ] as const) {
      expect(us! / percentileUs(percent)).toBeGreaterThan(0.75)
      expect(us! / percentileUs(percent)).toBeLessThan(1.25)
    }
  })

  it('a link that stands still for two seconds', async () => {
    const {link, ...pair} = await startProxiedPair({queueLimit: 1_000_000})
    const {aToB, percentileUs} = await measure(pair, async () => {
      await delay(1000)
      link.stall()
      await delay(2000)
      link.resume()
      await delay(1000)
    })
    expect(aToB.max).toBeGreaterThan(1_800_000)
    expect(Math.abs(aToB.max! - percentileUs(100))).toBeLessThan(300_000)
    expect(aToB.p90! / percentileUs(90)).toBeGreaterThan(0.75)
  })
})

/** 400 kB/s for three seconds. */
async function overload(to: Address): Promise<void> {
  const socket = connect({...to, noDelay: true})
  socket.on('error', () => {})
  socket.resume()
  const value = 'x'.repeat(2000)
  for (let written = 0, startMs = performance.now(); performance.now() - startMs < 3000; ) {
    for (const due = ((performance.now() - startMs) / 1000) * 200; written < due; written++) {
      socket.write(`set load${written} 0 0 2000\r\n${value}\r\n`)
    }
    await delay(10)
  }
  socket.destroy()
}
