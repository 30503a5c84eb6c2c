import {describe, expect, it} from 'vitest'
import {CasCounter} from '../../../../src/server/embedded/store/cas-counter.js'

function draw(counter: CasCounter): bigint {
  const {high, low} = counter.next()
  return (BigInt(high) << 32n) | BigInt(low)
}

describe('CasCounter', () => {
  it('counts from 1, over 32 bits, and on from what it has seen', () => {
    const counter = new CasCounter()
    expect([draw(counter), draw(counter)]).toEqual([1n, 2n])
    counter.witness(1, 0xffff_ffff)
    counter.witness(0, 7)
    expect(draw(counter)).toBe(2n << 32n)
  })

  it('follows the wall clock, but never back', () => {
    let nowMs = 1_795_595_348_128
    const counter = new CasCounter()
    counter.followClock(() => nowMs)
    const first = draw(counter)
    expect(first).toBe(BigInt(nowMs) * 1024n + 1n)
    expect(draw(counter)).toBe(first + 1n)
    nowMs += 1
    expect(draw(counter)).toBe(BigInt(nowMs) * 1024n + 1n)
    nowMs -= 60_000
    expect(draw(counter)).toBe(BigInt(nowMs + 60_000) * 1024n + 2n)
  })
})
