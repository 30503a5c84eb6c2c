import {beforeEach, describe, expect, it, onTestFinished, vi} from 'vitest'
import {Redial} from '../../../../src/server/embedded/replication/redial.js'

let attempts = 0
let random = 0.5
let redial: Redial

beforeEach(() => {
  attempts = 0
  random = 0.5
  vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout']})
  const draw = vi.spyOn(Math, 'random').mockImplementation(() => random)
  onTestFinished(() => {
    draw.mockRestore()
    vi.useRealTimers()
  })
  redial = new Redial(() => attempts++)
})

/** How long until the next attempt, to the millisecond. */
function waitOf(): number {
  const before = attempts
  let waited = 0
  for (; attempts === before && waited < 20_000; waited++) vi.advanceTimersByTime(1)
  return waited
}

describe('attempts to connect', () => {
  it('come after waits that double up to five seconds', () => {
    const waits = Array.from({length: 9}, () => {
      redial.schedule()
      return waitOf()
    })
    expect(waits).toEqual([100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000])
  })

  it('are spread by chance, from half to one and a half of the wait', () => {
    random = 0
    redial.schedule()
    expect(waitOf()).toBe(50)
    random = 0.75
    redial.schedule()
    expect(waitOf()).toBe(250)
  })

  it('are scheduled once', () => {
    redial.schedule()
    redial.schedule()
    expect(vi.getTimerCount()).toBe(1)
    waitOf()
    redial.schedule()
    expect(waitOf()).toBe(200)
  })

  it('begin anew with short waits after a success', () => {
    redial.schedule()
    waitOf()
    redial.schedule()
    redial.succeeded()
    expect(vi.getTimerCount()).toBe(0)
    redial.schedule()
    expect(waitOf()).toBe(100)
  })

  it('can be cancelled, and scheduled again', () => {
    redial.schedule()
    redial.cancel()
    vi.advanceTimersByTime(10_000)
    expect(attempts).toBe(0)
    redial.schedule()
    expect(waitOf()).toBe(200)
  })
})
