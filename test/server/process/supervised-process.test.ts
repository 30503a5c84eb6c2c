import fc from 'fast-check'
import {expect, it} from 'vitest'
import {LineSplitter} from '../../../src/server/process/supervised-process.js'

it('gives the same lines however the text is cut', () => {
  fc.assert(
    fc.property(fc.array(fc.string({unit: fc.constantFrom('a', ' ', '\n')})), pieces => {
      const splitter = new LineSplitter()
      const lines = pieces.flatMap(piece => splitter.push(piece))
      expect([...lines, splitter.flush()]).toEqual(pieces.join('').split('\n'))
    }),
  )
})

it('accepts CRLF and cuts an endless line', () => {
  const splitter = new LineSplitter()
  expect(splitter.push('one\r\ntwo')).toEqual(['one'])
  expect(splitter.push('\r\n')).toEqual(['two'])
  expect(splitter.push('x'.repeat(5000))).toEqual(['x'.repeat(2000)])
})

it('keeps no more in memory than what it gives', () => {
  const splitter = new LineSplitter()
  const before = process.memoryUsage().heapUsed
  // 2,000 pieces of 64 kB are 128 MB; what is kept of them is 4 MB.
  const lines = Array.from({length: 2000}, (_, index) => splitter.push(String(index % 10).repeat(64 * 1024)))
  expect(lines.flat()).toHaveLength(2000)
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(60_000_000)
})
