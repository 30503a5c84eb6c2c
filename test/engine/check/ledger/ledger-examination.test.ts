import {describe, expect, onTestFinished, test} from 'vitest'
import {LedgerExamination} from '../../../../src/engine/check/ledger/ledger-examination.js'
import type {LoadPlan} from '../../../../src/engine/plan/plan.js'
import {ScriptedClock} from '../../../helpers/scripted-clock.js'
import {type Held, ledgerParts, ORIGIN_MS, startLedgerNode} from '../../helpers/ledger-parts.js'

async function examinationOf(parts: ReturnType<typeof ledgerParts>, ...held: readonly Held[]) {
  const nodes = await Promise.all(held.map(one => startLedgerNode({held: one})))
  const examination = new LedgerExamination({...parts, nodes})
  onTestFinished(() => examination.close())
  return {examination, nodes}
}

async function findingsOf(parts: ReturnType<typeof ledgerParts>, ...held: readonly Held[]) {
  const {examination} = await examinationOf(parts, ...held)
  const {wrong, expired} = await examination.examine(examination.writtenKeys(), {})
  return {wrong: wrong.map(({key, finding}) => [key, finding.kind]), expired}
}

describe('keys of a load', () => {
  test('are examined where they were written', async () => {
    const parts = ledgerParts()
    for (const key of [2, 7, 20]) parts.write(key, 1)
    parts.write(9, 1, {acknowledged: 0})
    const {examination} = await examinationOf(parts, {})
    expect([...examination.writtenKeys()]).toEqual([2, 7, 9, 20])
    expect([examination.acknowledged(7), examination.acknowledged(9)]).toEqual([1, 0])
  })

  test('are judged by what both nodes hold', async () => {
    const parts = ledgerParts()
    for (let key = 1; key <= 10; key++) parts.write(key, 3)
    const intact = {version: 3}
    const a: Held = {1: intact, 2: intact, 3: intact, 5: intact, 6: intact, 7: intact, 8: {version: 2}, 9: {version: 4}}
    const b: Held = {
      1: intact,
      2: {version: 2},
      3: {version: 3, flags: 70_000},
      4: intact,
      6: {version: 3, runId: 1},
      7: {version: 3, isCorrupt: true},
      8: {version: 1},
      9: intact,
    }
    expect(await findingsOf(parts, a, b)).toEqual({
      wrong: [
        [2, 'staleOnB'],
        [3, 'otherFlags'],
        [4, 'missingOnA'],
        [5, 'missingOnB'],
        [6, 'foreign'],
        [7, 'corrupt'],
        [8, 'lost'],
        [9, 'phantom'],
        [10, 'lost'],
      ],
      expired: 0,
    })
  })

  test('are told with what each node holds', async () => {
    const parts = ledgerParts()
    parts.write(4, 3)
    const {examination} = await examinationOf(parts, {4: {version: 3, flags: 70_009}}, {})
    const {wrong} = await examination.examine(Uint32Array.of(4), {})
    expect(wrong).toEqual([
      {
        key: 4,
        finding: {kind: 'missingOnB', lostVersions: 0, staleVersions: 0, absence: 'B'},
        held: [
          {kind: 'ours', version: 3, flags: 70_009},
          {kind: 'absent', version: 0, flags: 0},
        ],
      },
    ])
  })

  test('are judged alike on one node', async () => {
    const parts = ledgerParts()
    for (const key of [1, 2, 3]) parts.write(key, 2)
    expect(await findingsOf(parts, {1: {version: 2, flags: 5}, 2: {version: 1}})).toMatchObject({
      wrong: [
        [2, 'lost'],
        [3, 'lost'],
      ],
    })
  })

  test('may be absent after a delete, acknowledged or lost; what is there again has come back', async () => {
    const parts = ledgerParts()
    for (const key of [1, 2]) parts.write(key, 2, {removes: true})
    for (const key of [3, 4]) parts.write(key, 2)
    parts.lost.add(3, 2, true)
    expect(await findingsOf(parts, {2: {version: 1}}, {2: {version: 1}})).toMatchObject({
      wrong: [
        [2, 'resurrected'],
        [4, 'lost'],
      ],
    })
  })

  test('may have an older version where a write of it was lost with its connection', async () => {
    const parts = ledgerParts()
    for (const key of [1, 2]) parts.write(key, 3)
    parts.lost.add(1, 2, false)
    const held = {1: {version: 2}, 2: {version: 2}}
    expect(await findingsOf(parts, held, held)).toMatchObject({wrong: [[2, 'lost']]})
  })

  test('without an acknowledged write may be there or not, but alike', async () => {
    const parts = ledgerParts()
    for (const key of [1, 2, 3]) parts.write(key, 1, {acknowledged: 0})
    expect(await findingsOf(parts, {1: {version: 1}, 2: {version: 1}}, {1: {version: 1}})).toMatchObject({
      wrong: [[2, 'diverged']],
    })
  })

  test('that are gone with their time to live have expired', async () => {
    const parts = ledgerParts({ttlSeconds: 1})
    parts.write(1, 1)
    parts.write(2, 1)
    const {examination} = await examinationOf(parts, {})
    // Key 1 was acknowledged when its clock started, key 2 will be in an hour.
    examination.acks.note(1, 1, 1, false)
    examination.acks.note(2, 1, performance.now() + 3_600_000, false)
    const {wrong, expired} = await examination.examine(Uint32Array.of(1, 2), {})
    expect([wrong.map(({key}) => key), expired]).toEqual([[2], 1])
  })

  test('that are there long after their time to live have another exptime', async () => {
    const parts = ledgerParts({ttlSeconds: 1})
    parts.write(1, 1)
    const {examination} = await examinationOf(parts, {1: {version: 1}})
    const clock = new ScriptedClock()
    clock.advance(60_000)
    examination.acks.note(1, 1, 1, false)
    const {wrong, expired} = await examination.examine(Uint32Array.of(1), {})
    expect([wrong.map(({finding}) => finding.kind), expired]).toEqual([['otherExptime'], 0])
  })
})

test('an examination tells how far it is, and asks nothing once it is stopped', async () => {
  const parts = ledgerParts()
  for (const key of [1, 2, 3]) parts.write(key, 1)
  const {examination, nodes} = await examinationOf(parts, {}, {})
  const stopped = AbortSignal.abort(new Error('stopped'))
  await expect(examination.examine(examination.writtenKeys(), {signal: stopped})).rejects.toThrow('stopped')
  expect(nodes.map(({requests}) => requests.length)).toEqual([0, 0])
  const told: unknown[] = []
  await examination.examine(examination.writtenKeys(), {onProgress: progress => told.push(progress)})
  expect(told).toEqual([{checked: 3, keys: 3}])
})

test('an examination reads 50,000 keys at a time, and may be stopped in between', async () => {
  const keyCount = 50_003
  const parts = ledgerParts({keyCount})
  for (let key = 1; key <= keyCount; key++) parts.write(key, 1)
  const {examination, nodes} = await examinationOf(parts, {50000: {version: 1}, 50002: {version: 1}})
  const told: unknown[] = []
  const {wrong} = await examination.examine(examination.writtenKeys(), {onProgress: progress => told.push(progress)})
  expect(told).toEqual([50_000, 50_003].map(checked => ({checked, keys: keyCount})))
  expect(wrong.slice(-3).map(({key}) => key)).toEqual([49_999, 50_001, 50_003])
  expect(wrong).toHaveLength(keyCount - 2)
  const asked = nodes[0]!.requests.length
  const stop = new AbortController()
  const again = examination.examine(examination.writtenKeys(), {
    signal: stop.signal,
    onProgress: () => stop.abort(new Error('stopped')),
  })
  await expect(again).rejects.toThrow('stopped')
  expect([asked, nodes[0]!.requests.length]).toEqual([251, 501])
})

describe('a time to live of 10 s, counted from its acknowledgement', () => {
  const ACKED_MS = 1000
  const END_MS = ORIGIN_MS + ACKED_MS + 10_000
  const expiryAt = async (atMs: {askedMs: number; readMs: number}, changes: Partial<LoadPlan> = {}, sent = 1) => {
    const parts = ledgerParts({ttlSeconds: 10, timeoutMs: 200, ...changes})
    parts.write(1, sent, {acknowledged: 1})
    const {examination} = await examinationOf(parts)
    examination.acks.note(1, 1, ACKED_MS, false)
    const {mayHaveExpired, mustHaveExpired} = examination.record(1, atMs)
    return [mayHaveExpired, mustHaveExpired]
  }
  const around = (atMs: number) => ({askedMs: atMs, readMs: atMs})

  test('may be over two seconds and a time-out before its end, by when the nodes had answered', async () => {
    expect(await expiryAt(around(END_MS - 2201))).toEqual([false, false])
    expect(await expiryAt(around(END_MS - 2199))).toEqual([true, false])
    expect(await expiryAt({askedMs: 0, readMs: END_MS})).toEqual([true, false])
  })

  test('is over two seconds after it, by when they were asked', async () => {
    expect(await expiryAt(around(END_MS + 1999))).toEqual([true, false])
    expect(await expiryAt(around(END_MS + 2001))).toEqual([true, true])
    expect(await expiryAt({askedMs: END_MS + 1999, readMs: END_MS + 9000})).toEqual([true, false])
  })

  test('may go on where a later write or a touch may have taken effect', async () => {
    const late = around(END_MS + 60_000)
    expect(await expiryAt(late, {}, 2)).toEqual([true, false])
    const mix: LoadPlan['mix'] = [
      {method: 'set', weight: 1},
      {method: 'touch', weight: 1},
    ]
    expect(await expiryAt(late, {mix})).toEqual([true, false])
  })

  test('does not start without one, nor without a time to live', async () => {
    const late = around(END_MS + 60_000)
    expect(await expiryAt(late, {ttlSeconds: 0})).toEqual([false, false])
    const parts = ledgerParts({ttlSeconds: 10})
    parts.write(1, 1, {acknowledged: 0})
    const {examination} = await examinationOf(parts)
    expect(examination.record(1, late)).toMatchObject({mayHaveExpired: false, mustHaveExpired: false})
  })
})
