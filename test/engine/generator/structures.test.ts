import fc from 'fast-check'
import {expect, test} from 'vitest'
import {DueQueue} from '../../../src/engine/generator/due-queue.js'
import {ReadyList} from '../../../src/engine/generator/ready-list.js'
import {PendingCalls} from '../../../src/engine/measure/pending-calls.js'
import {share} from '../../../src/engine/plan/share.js'

test('shares lose nothing and follow each other', () => {
  expect(share({total: 10, parts: 3}).map(({count}) => count)).toEqual([4, 3, 3])
  fc.assert(
    fc.property(fc.nat(1000), fc.integer({min: 1, max: 50}), (total, parts) => {
      const shares = share({total, parts})
      let next = 0
      for (const {first, count} of shares) {
        expect(first).toBe(next)
        next += count
      }
      expect(next).toBe(total)
      const counts = shares.map(({count}) => count)
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
    }),
  )
})

test('the due queue gives slots by due time', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20), {maxLength: 40}), dues => {
      const queue = new DueQueue(dues.length)
      for (const [slot, due] of dues.entries()) queue.push(slot, due)
      const seen: number[] = []
      while (queue.size > 0) {
        expect(dues[queue.nextSlot]).toBe(queue.nextDueMs)
        seen.push(queue.nextDueMs)
        queue.drop()
      }
      expect(seen).toEqual(dues.toSorted((a, b) => a - b))
      expect(queue.nextDueMs).toBe(Number.POSITIVE_INFINITY)
    }),
  )
})

test('a delayed slot goes behind those due before it', () => {
  const queue = new DueQueue(3)
  queue.push(0, 1)
  queue.push(1, 2)
  queue.push(2, 3)
  queue.delay(2.5)
  expect(queue.nextSlot).toBe(1)
  queue.drop()
  expect(queue.nextSlot).toBe(0)
  queue.drop()
  expect(queue.nextSlot).toBe(2)
})

test('pending calls are a queue however they come and go', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), {maxLength: 200}), pushes => {
      const pending = new PendingCalls()
      const expected: number[] = []
      for (const [i, isPush] of pushes.entries()) {
        if (isPush) {
          pending.push({intendedMs: i, sentMs: i + 0.5, method: i % 7, key: i * 3, size: i * 5})
          expected.push(i)
        } else if (pending.count > 0) {
          const oldest = expected.shift()!
          const {intendedMs, sentMs, method, key, size} = pending
          expect([intendedMs, sentMs, method]).toEqual([oldest, oldest + 0.5, oldest % 7])
          expect([key, size]).toEqual([oldest * 3, oldest * 5])
          pending.shift()
        }
        expect(pending.count).toBe(expected.length)
      }
    }),
  )
})

test('a ready list hands out each once, and what becomes ready meanwhile in the next turn', () => {
  const list = new ReadyList<{name: string; queued: boolean}>()
  const [a, b] = ['a', 'b'].map(name => ({name, queued: false})) as [{name: string; queued: boolean}, never]
  for (const item of [a, b, a]) list.add(item)
  expect(list.count).toBe(2)
  const sent: string[] = []
  const send = (item: {name: string; queued: boolean}) => {
    sent.push(item.name)
    if (item === a && sent.length < 3) list.add(a)
  }
  list.sendAll(send)
  expect(sent).toEqual(['a', 'b'])
  expect(list.count).toBe(1)
  list.sendAll(send)
  expect(sent).toEqual(['a', 'b', 'a'])
  expect([list.count, a.queued]).toEqual([0, false])
})
