import {describe, expect, it} from 'vitest'
import {type QueuedKind, ReplicationQueue} from '../../../../src/server/embedded/replication/replication-queue.js'

const push = (queue: ReplicationQueue, key: string, kind: QueuedKind = 'stored'): boolean => {
  const bytes = Buffer.from(`<${key}>`)
  const pushed = queue.push(kind, bytes, 1, bytes.length - 1)
  // The queue must not need them again.
  bytes.fill('?')
  return pushed
}
const take = (queue: ReplicationQueue): string => {
  const {kind, bytes, start, end} = queue
  queue.drop()
  return `${kind} ${bytes.toString('latin1', start, end)}`
}
const takeAll = (queue: ReplicationQueue): string[] => Array.from({length: queue.depth}, () => take(queue))

describe('the queue of changes', () => {
  it('gives them back oldest first, with their kinds', () => {
    const queue = new ReplicationQueue(3)
    push(queue, 'a')
    push(queue, 'b', 'deleted')
    push(queue, 'c', 'frame')
    expect([queue.depth, queue.limit]).toEqual([3, 3])
    expect(takeAll(queue)).toEqual(['stored a', 'deleted b', 'frame c'])
    expect(queue.depth).toBe(0)
  })

  it('takes no more than its limit', () => {
    const queue = new ReplicationQueue(2)
    expect([push(queue, 'a'), push(queue, 'b'), push(queue, 'c')]).toEqual([true, true, false])
    expect([queue.depth, queue.peak]).toEqual([2, 2])
    expect(takeAll(queue)).toEqual(['stored a', 'stored b'])
  })

  it('goes round', () => {
    const queue = new ReplicationQueue(3)
    for (let number = 0; number < 10; number++) {
      push(queue, `${number}`)
      push(queue, `x${number}`, 'deleted')
      expect(takeAll(queue)).toEqual([`stored ${number}`, `deleted x${number}`])
    }
    expect(queue.peak).toBe(2)
  })

  it('remembers the most that ever waited, not what waits now', () => {
    const queue = new ReplicationQueue(5)
    push(queue, 'a')
    push(queue, 'b')
    queue.drop()
    push(queue, 'c')
    queue.clear()
    expect([queue.depth, queue.peak]).toEqual([0, 2])
    push(queue, 'd')
    expect([takeAll(queue), queue.peak]).toEqual([['stored d'], 2])
  })

  it('holds more than one block of slots, keys of every length apart', () => {
    const queue = new ReplicationQueue(3000)
    const keys = Array.from({length: 3000}, (_, number) => `${number}`.padEnd((number % 250) + 1, 'k'))
    for (const key of keys) push(queue, key)
    expect(takeAll(queue)).toEqual(keys.map(key => `stored ${key}`))
  })
})
