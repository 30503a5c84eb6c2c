import {expect, it} from 'vitest'
import {OutputStream} from '../../../src/cli/stdio/output-stream.js'
import type {Sink} from '../../../src/cli/stdio/sink.js'

/** Answers each write with the next error, null for success, and stays with the last. */
class FakeSink implements Sink {
  taken = 0
  holdsProcess = false
  readonly written: string[] = []
  readonly #errors: (string | null)[]

  constructor(...errors: (string | null)[]) {
    this.#errors = errors
  }

  write(bytes: Buffer, done: (error: NodeJS.ErrnoException | null) => void): void {
    const code = this.#errors.length > 1 ? this.#errors.shift()! : this.#errors[0]!
    if (code === null) this.written.push(bytes.toString())
    setImmediate(() => done(code === null ? null : Object.assign(new Error(code), {code})))
  }
}

const written = (stream: OutputStream, text: string) =>
  new Promise<unknown>(resolve => stream.write(text, error => resolve(error ?? null)))

it('gives what has come during a write on as one', async () => {
  const sink = new FakeSink(null)
  const stream = new OutputStream({fd: 1, sink})
  for (const text of ['a', 'b', 'c']) stream.write(text)
  await written(stream, 'd')
  expect(sink.written).toEqual(['a', 'bcd'])
})

it('hides errors from whoever prints, and knows them', async () => {
  const sink = new FakeSink('EPIPE')
  const stream = new OutputStream({fd: 1, sink})
  expect(await written(stream, 'lost')).toBeNull()
  expect(await written(stream, 'lost, too')).toBeNull()
  expect(stream.failure?.code).toBe('EPIPE')
  expect(stream.failed.aborted).toBe(true)
  expect(stream.destroyed).toBe(false)
})

it('writes on when a full disk has room again, but not to a reader that is gone', async () => {
  const sink = new FakeSink('ENOSPC', null, 'EPIPE', null)
  const stream = new OutputStream({fd: 1, sink})
  for (const text of ['lost', 'there', 'gone', 'never']) await written(stream, text)
  expect(sink.written).toEqual(['there'])
  expect(stream.failure?.code).toBe('EPIPE')
})
