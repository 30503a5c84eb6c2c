import {describe, expect, test} from 'vitest'
import {methodNames} from '../../src/engine/methods.js'
import {RequestWriter} from '../../src/engine/request-writer.js'
import {makePlan} from './plans.js'

const text = (bytes: Buffer): string => bytes.toString('latin1')

describe('requests', () => {
  test.each(methodNames)('%s', method => {
    const writer = new RequestWriter(makePlan({mix: [{method, weight: 1}], keyPrefix: 'mcp:'}))
    writer.append(0, 0x1a2b, 5)
    const reads = ['get', 'gets', 'delete'].includes(method)
    expect(text(writer.take())).toBe(`${method} mcp:00001a2b${reads ? '' : ' 0 0 5\r\n00000'}\r\n`)
  })

  test.each([1, 9, 10, 99, 100, 1024, 99_999])('states a size of %d', size => {
    const writer = new RequestWriter(makePlan({sizes: {kind: 'fixed', bytes: size}}))
    writer.append(0, 1, size)
    expect(text(writer.take())).toBe(`set k:00000001 0 0 ${size}\r\n${'0'.repeat(size)}\r\n`)
  })

  test('stand one behind the other until they are taken', () => {
    const writer = new RequestWriter(makePlan())
    writer.append(0, 1, 1)
    writer.append(0, 2, 2)
    expect(text(writer.take())).toBe('set k:00000001 0 0 1\r\n0\r\nset k:00000002 0 0 2\r\n00\r\n')
    writer.append(0, 3, 1)
    expect(text(writer.take())).toBe('set k:00000003 0 0 1\r\n0\r\n')
  })

  test('keep their bytes after retire()', () => {
    const writer = new RequestWriter(makePlan())
    writer.append(0, 1, 1)
    const first = writer.take()
    writer.retire()
    writer.append(0, 2, 1)
    writer.take()
    expect(text(first)).toContain('k:00000001')
  })

  test('of the largest size fit', () => {
    const writer = new RequestWriter(makePlan({sizes: {kind: 'fixed', bytes: 2_000_000}}))
    expect(writer.hasRoom).toBe(true)
    writer.append(0, 0xffffffff, 2_000_000)
    expect(writer.hasRoom).toBe(false)
    expect(writer.take().length).toBe('set k:ffffffff 0 0 2000000\r\n'.length + 2_000_000 + 2)
  })

  test('carry random bytes where the plan wants them', () => {
    const writer = new RequestWriter(makePlan({valueBytes: 'random', sizes: {kind: 'fixed', bytes: 1000}}))
    writer.append(0, 1, 1000)
    expect(new Set(writer.take()).size).toBeGreaterThan(100)
  })
})
