import {describe, expect, test} from 'vitest'
import {type MethodName, methodNames} from '../../../src/engine/data/methods.js'
import {RequestWriter} from '../../../src/engine/loop/request-writer.js'
import type {Request} from '../../../src/engine/workload/workload.js'
import {makePlan} from '../helpers/plans.js'

const request = (key: number, size: number): Request => ({method: 0, key, size, moreKeys: [], version: 0, writer: 0})
const text = (bytes: Buffer): string => bytes.toString('latin1')

describe('requests', () => {
  const endings: Readonly<Record<MethodName, string>> = {
    get: '',
    gets: '',
    delete: '',
    touch: ' 60',
    incr: ' 5',
    decr: ' 5',
    set: ' 0 60 5\r\n00000',
    add: ' 0 60 5\r\n00000',
    replace: ' 0 60 5\r\n00000',
    append: ' 0 60 5\r\n00000',
    prepend: ' 0 60 5\r\n00000',
    cas: '',
  }

  test.each(methodNames)('%s', method => {
    const writer = new RequestWriter(makePlan({mix: [{method, weight: 1}], keyPrefix: 'mcp:', ttlSeconds: 60}))
    writer.append(request(0x1a2b, 5))
    const verb = method === 'cas' ? 'gets' : method
    expect(text(writer.take())).toBe(`${verb} mcp:00001a2b${endings[method]}\r\n`)
  })

  test('the second half of a cas', () => {
    const writer = new RequestWriter(makePlan({mix: [{method: 'cas', weight: 1}], noreply: true}))
    writer.appendCas({key: 1, size: 2, version: 0, writer: 0}, Buffer.from('9876543210'))
    expect(text(writer.take())).toBe('cas k:00000001 0 0 2 9876543210 noreply\r\n00\r\n')
  })

  test('a get of many keys', () => {
    const writer = new RequestWriter(makePlan({mix: [{method: 'get', weight: 1}], multigetKeys: 3}))
    writer.append({...request(1, 0), moreKeys: [2, 3]})
    expect(text(writer.take())).toBe('get k:00000001 k:00000002 k:00000003\r\n')
  })

  test.each(methodNames)('%s without a reply, where the protocol has that', method => {
    const writer = new RequestWriter(makePlan({mix: [{method, weight: 1}], noreply: true}))
    writer.append(request(1, 5))
    expect(text(writer.take()).includes(' noreply\r\n')).toBe(!['get', 'gets', 'cas'].includes(method))
  })

  test.each([1, 9, 10, 99, 100, 1024, 99_999])('states a size of %d', size => {
    const writer = new RequestWriter(makePlan({sizes: {kind: 'fixed', bytes: size}}))
    writer.append(request(1, size))
    expect(text(writer.take())).toBe(`set k:00000001 0 0 ${size}\r\n${'0'.repeat(size)}\r\n`)
  })

  test('stand one behind the other until they are taken', () => {
    const writer = new RequestWriter(makePlan())
    writer.append(request(1, 1))
    writer.append(request(2, 2))
    expect(text(writer.take())).toBe('set k:00000001 0 0 1\r\n0\r\nset k:00000002 0 0 2\r\n00\r\n')
    writer.append(request(3, 1))
    expect(text(writer.take())).toBe('set k:00000003 0 0 1\r\n0\r\n')
  })

  test('keep their bytes after retire()', () => {
    const writer = new RequestWriter(makePlan())
    writer.append(request(1, 1))
    const first = writer.take()
    writer.retire()
    writer.append(request(2, 1))
    writer.take()
    expect(text(first)).toContain('k:00000001')
  })

  test('of the largest size fit', () => {
    const writer = new RequestWriter(makePlan({sizes: {kind: 'fixed', bytes: 2_000_000}}))
    expect(writer.hasRoom).toBe(true)
    writer.append(request(0xffffffff, 2_000_000))
    expect(writer.hasRoom).toBe(false)
    expect(writer.take().length).toBe('set k:ffffffff 0 0 2000000\r\n'.length + 2_000_000 + 2)
  })

  test('carry random bytes where the plan wants them', () => {
    const writer = new RequestWriter(makePlan({valueBytes: 'random', sizes: {kind: 'fixed', bytes: 1000}}))
    writer.append(request(1, 1000))
    expect(new Set(writer.take()).size).toBeGreaterThan(100)
  })
})
