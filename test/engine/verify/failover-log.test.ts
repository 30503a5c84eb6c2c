import {describe, expect, test} from 'vitest'
import {FailoverLog} from '../../../src/engine/verify/failover-log.js'

const ENTRIES = 2 ** 15
const newLog = () => new FailoverLog(FailoverLog.allocate())
const touch = (key: number) => ({key, state: 'ours', version: 3, connection: 4, atMs: 5.5}) as const

describe('entries', () => {
  test('come out as they went in, oldest first, once', () => {
    const log = newLog()
    log.switched({connection: 7, from: 1, to: 2, riskFromMs: 100.5, atMs: 200.25})
    log.touched({key: 9, state: 'absent', version: 11, connection: 12, atMs: 300})
    log.readBehind({key: 20, state: 'unanswered', version: 21, server: 3, expected: 22, atMs: 400.1})
    log.touched({key: 30, state: 'other', version: 0, connection: 1, atMs: -5})
    expect([...log.take()]).toEqual([
      {kind: 'switch', connection: 7, from: 1, to: 2, riskFromMs: 100.5, atMs: 200.3},
      {kind: 'touch', key: 9, state: 'absent', version: 11, connection: 12, atMs: 300},
      {kind: 'read', key: 20, state: 'unanswered', version: 21, server: 3, expected: 22, atMs: 400.1},
      {kind: 'touch', key: 30, state: 'other', version: 0, connection: 1, atMs: 0},
    ])
    expect([...log.take()]).toEqual([])
    log.touched(touch(1))
    expect([...log.take()]).toEqual([{kind: 'touch', ...touch(1)}])
    expect(log.hasForgotten).toBe(false)
  })

  test('are shared by threads', () => {
    const memory = FailoverLog.allocate()
    const [writer, reader] = [new FailoverLog(memory), new FailoverLog(memory)]
    writer.touched(touch(1))
    expect([...reader.take()]).toMatchObject([{key: 1}])
  })

  test('that are too many to keep are forgotten, the oldest first', () => {
    const log = newLog()
    for (let key = 0; key < ENTRIES; key++) log.touched(touch(key))
    for (const {hasForgotten} of [log]) expect(hasForgotten).toBe(false)
    log.touched(touch(ENTRIES))
    log.touched(touch(ENTRIES + 1))
    const keys = [...log.take()].map(entry => (entry.kind === 'touch' ? entry.key : -1))
    expect(log.hasForgotten).toBe(true)
    expect([keys.length, keys[0], keys.at(-1)]).toEqual([ENTRIES, 2, ENTRIES + 1])
  })

  test('that just fill it are all kept, round after round', () => {
    const log = newLog()
    for (let round = 0; round < 2; round++) {
      for (let key = 0; key < ENTRIES; key++) log.touched(touch(key))
      expect([...log.take()].map(entry => (entry.kind === 'touch' ? entry.key : -1))).toEqual(
        Array.from({length: ENTRIES}, (_, key) => key),
      )
    }
    expect(log.hasForgotten).toBe(false)
  })
})

describe('what the drill says', () => {
  test('since when writes have crossed, each way of each pair of servers', () => {
    const log = newLog()
    for (let from = 0; from < 8; from++) {
      for (let to = 0; to < 8; to++) log.setCrossed({from, to, atMs: from * 100 + to + 0.5})
    }
    for (let server = 0; server < 8; server++) log.setStarted(server, 1000 + server)
    for (let from = 0; from < 8; from++) {
      for (let to = 0; to < 8; to++) expect(log.crossedMs(from, to)).toBe(from * 100 + to + 0.5)
    }
    for (let server = 0; server < 8; server++) expect(log.startedMs(server)).toBe(1000 + server)
    expect([log.witnessReads, log.widenedMs, log.settledMs, log.settledAcksMs]).toEqual([0, 0, 0, 0])
    expect([...log.take()]).toEqual([])
  })

  test('that more was at risk', () => {
    const log = newLog()
    expect(log.widenedMs).toBe(0)
    log.widen(123.4)
    expect(log.widenedMs).toBe(123.4)
  })

  test('what was read: the newest word counts, an older one does not take it back', () => {
    const log = newLog()
    log.settle(100, 50)
    expect([log.settledMs, log.settledAcksMs]).toEqual([100, 50])
    log.settle(99)
    expect([log.settledMs, log.settledAcksMs]).toEqual([100, 50])
    log.settle(100, 60)
    expect([log.settledMs, log.settledAcksMs]).toEqual([100, 60])
    log.settle(101)
    expect(log.settledMs).toBe(101)
    expect(log.settledAcksMs).toBeGreaterThan(400_000_000)
  })
})

test('witness reads are counted', () => {
  const log = newLog()
  log.countWitnessRead()
  log.countWitnessRead()
  expect(log.witnessReads).toBe(2)
})
