import {expect, test} from 'vitest'
import {addRequests, noRequests, probeRequests, sumRequests} from '../../../src/engine/measure/request-counts.js'

const some = {connections: 1, gets: 2, sets: 3, deletes: 4, counters: 5, touches: 6}

test('requests add up, kind by kind', () => {
  const sum = {...some}
  addRequests(sum, {...some, gets: 10})
  expect(sum).toEqual({connections: 2, gets: 12, sets: 6, deletes: 8, counters: 10, touches: 12})
  expect(sumRequests([some, some, noRequests()])).toEqual({
    connections: 2,
    gets: 4,
    sets: 6,
    deletes: 8,
    counters: 10,
    touches: 12,
  })
  expect(sumRequests([])).toEqual(noRequests())
})

test('a probe neither counts nor touches', () => {
  const {counters: _, touches: __, ...counts} = some
  expect(probeRequests(counts as Parameters<typeof probeRequests>[0])).toEqual({...some, counters: 0, touches: 0})
})
