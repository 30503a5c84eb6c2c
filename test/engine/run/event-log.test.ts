import {expect, test} from 'vitest'
import {EventLog} from '../../../src/engine/run/event-log.js'

const event = (number: number) => ({monotonicMs: number, kind: 'ready', node: 'm1', text: String(number)})

test('a few events are all kept, in order of time, and told once', () => {
  const log = new EventLog()
  for (const number of [2, 1, 3]) log.add(event(number))
  expect(log.all().map(({text}) => text)).toEqual(['1', '2', '3'])
  expect(log.after(2).map(({text}) => text)).toEqual(['3'])
  expect(log.after(log.count)).toEqual([])
})

test('of very many the first and the newest are kept, and it is said how many are not', () => {
  const log = new EventLog()
  for (let number = 0; number < 20_000; number++) {
    log.add(event(number))
    expect(log.after(number).map(({text}) => text)).toEqual([String(number)])
  }
  const kept = log.all()
  expect(kept.length).toBeLessThan(10_000)
  expect(kept.slice(0, 1000).at(-1)?.text).toBe('999')
  expect(kept[1000]).toEqual({
    ...event(999),
    kind: 'leftOut',
    text: `${20_000 - kept.length + 1} events omitted`,
  })
  expect(kept.slice(-4000).map(({text}) => Number(text))).toEqual(Array.from({length: 4000}, (_, at) => 16_000 + at))
})
