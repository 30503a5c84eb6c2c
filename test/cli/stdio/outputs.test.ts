import {Writable} from 'node:stream'
import type {WriteStream} from 'node:tty'
import {afterEach, beforeEach, expect, it, vi} from 'vitest'
import {type Output, Outputs} from '../../../src/cli/stdio/outputs.js'

beforeEach(() => {
  vi.useFakeTimers({toFake: ['setInterval', 'clearInterval', 'performance']})
})
afterEach(() => {
  vi.useRealTimers()
})

/** An output whose reader takes what it is told to. */
function makeOutput() {
  const taking: (() => void)[] = []
  const stream = new Writable({write: (_chunk, _encoding, done) => void taking.push(done)})
  const output = {
    stream: stream as unknown as WriteStream,
    failure: null,
    failed: new AbortController().signal,
    taken: 0,
    holdsProcess: false,
  }
  return {
    output: output as Output,
    take: () => {
      output.taken += 1
      taking.shift()?.()
    },
    /** Of a write that is under way. */
    takePart: () => {
      output.taken += 1
    },
  }
}

function watch(promise: Promise<void>): {isOver: boolean} {
  const state = {isOver: false}
  void promise.then(() => {
    state.isOver = true
  })
  return state
}

const settle = () => new Promise(resolve => setImmediate(resolve))

it('waits for a slow reader for as long as it takes', async () => {
  const {output, take} = makeOutput()
  const outputs = new Outputs({stdout: output, stderr: output})
  output.stream.write('text')
  const state = watch(outputs.written())
  vi.advanceTimersByTime(60_000)
  await settle()
  expect(state.isOver).toBe(false)
  take()
  await settle()
  take()
  await vi.waitFor(() => expect(state.isOver).toBe(true))
})

it('once asked to end, waits only for one who takes something, and gives up once for all', async () => {
  const {output, takePart} = makeOutput()
  const outputs = new Outputs({stdout: output, stderr: output})
  output.stream.write('text')
  const state = watch(outputs.written())
  outputs.hurry()
  for (let second = 0; second < 5; second++) {
    vi.advanceTimersByTime(900)
    takePart()
    vi.advanceTimersByTime(100)
  }
  await settle()
  expect(state.isOver).toBe(false)
  vi.advanceTimersByTime(1100)
  await settle()
  expect(state.isOver).toBe(true)
  await outputs.written()
  takePart()
  const again = watch(outputs.written())
  await settle()
  expect(again.isOver).toBe(false)
})
