import {Writable} from 'node:stream'
import {expect, it, vi} from 'vitest'
import {LogOutput} from '../../../../src/cli/commands/node/log-output.js'

/** A reader that takes what it is told to. */
class Reader extends Writable {
  text = ''
  #take: (() => void) | undefined

  constructor() {
    super({highWaterMark: 20, decodeStrings: false})
  }

  override _write(chunk: string, _encoding: BufferEncoding, done: () => void): void {
    this.#take = () => {
      this.#take = undefined
      this.text += chunk
      done()
    }
  }

  /** Takes one write. */
  async take(): Promise<void> {
    this.#take?.()
    await new Promise(setImmediate)
  }

  async takeAll(): Promise<void> {
    while (this.#take !== undefined) await this.take()
  }
}

const line = (number: number) => `line ${String(number).padStart(4)}\n`
const lines = (from: number, to: number) => Array.from({length: to - from}, (_, index) => line(from + index)).join('')

it('keeps every line in order for a slow reader', async () => {
  const reader = new Reader()
  const log = new LogOutput({stream: reader})
  for (let number = 0; number < 1000; number++) log.write(line(number))
  await reader.takeAll()
  expect(reader.text).toBe(lines(0, 1000))
})

it('leaves out what does not fit, and says where and how much', async () => {
  const reader = new Reader()
  const log = new LogOutput({stream: reader, limitBytes: 100})
  for (let number = 0; number < 50; number++) log.write(line(number))
  await reader.takeAll()
  log.write('afterwards\n')
  await reader.takeAll()
  const kept = reader.text.split('\n').filter(text => text.startsWith('line')).length
  expect(kept).toBe(12)
  expect(reader.text).toBe(
    `${lines(0, kept)}repbench: ${50 - kept} log lines lost here: the reader was too slow\nafterwards\n`,
  )
})

it('holds clients while the reader follows, and lets them go when little waits', async () => {
  const reader = new Reader()
  const log = new LogOutput({stream: reader, holdFromBytes: 100})
  const released = vi.fn()
  for (let number = 0; number < 8; number++) log.write(line(number))
  expect(log.holding).toBe(false)
  for (let number = 8; number < 20; number++) log.write(line(number))
  expect(log.holding).toBe(true)
  log.whenReleased(released)
  expect(released).not.toHaveBeenCalled()
  await reader.takeAll()
  await vi.waitFor(() => expect(released).toHaveBeenCalledOnce())
  expect(log.holding).toBe(false)
  expect(reader.text).toBe(lines(0, 20))
})

it('lets clients go when the reader takes nothing, and holds none before it reads again', async () => {
  vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout']})
  try {
    const reader = new Reader()
    const log = new LogOutput({stream: reader, holdFromBytes: 100, patienceMs: 1000})
    const released = vi.fn()
    for (let number = 0; number < 20; number++) log.write(line(number))
    log.whenReleased(released)
    vi.advanceTimersByTime(1000)
    await new Promise(setImmediate)
    expect(released).toHaveBeenCalledOnce()
    log.write(line(20))
    expect(log.holding).toBe(false)
    await reader.takeAll()
    for (let number = 21; number < 41; number++) log.write(line(number))
    expect(log.holding).toBe(true)
    log.end()
    await reader.takeAll()
    expect(reader.text).toBe(lines(0, 41))
  } finally {
    vi.useRealTimers()
  }
})
