import {Worker} from 'node:worker_threads'
import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {KeyReader} from '../../../src/engine/verify/key-reader.js'
import {LostWrites} from '../../../src/engine/verify/lost-writes.js'
import {VersionLedger} from '../../../src/engine/verify/version-ledger.js'
import {ownedKey} from '../../../src/engine/workload/key-choice.js'

describe('version ledger', () => {
  test('counts versions of each key apart, sent and acknowledged', () => {
    const ledger = new VersionLedger(VersionLedger.allocate(3))
    expect([ledger.sent(1), ledger.acknowledged(1), ledger.mayBeAbsent(1)]).toEqual([0, 0, false])
    expect([ledger.nextVersion(1, false), ledger.nextVersion(1, false), ledger.nextVersion(3, false)]).toEqual([
      1, 2, 1,
    ])
    ledger.acknowledge(1, 1, false)
    expect([1, 2, 3].map(key => [ledger.sent(key), ledger.acknowledged(key)])).toEqual([
      [2, 1],
      [0, 0],
      [1, 0],
    ])
  })

  test('allows absence from the moment a delete is sent until a write after it is acknowledged', () => {
    const ledger = new VersionLedger(VersionLedger.allocate(1))
    ledger.acknowledge(1, ledger.nextVersion(1, false), false)
    const deleted = ledger.nextVersion(1, true)
    expect(ledger.mayBeAbsent(1)).toBe(true)
    ledger.acknowledge(1, deleted, true)
    expect(ledger.mayBeAbsent(1)).toBe(true)
    const stored = ledger.nextVersion(1, false)
    expect([stored, ledger.mayBeAbsent(1)]).toEqual([3, true])
    ledger.acknowledge(1, stored, false)
    expect([ledger.sent(1), ledger.mayBeAbsent(1)]).toEqual([3, false])
  })

  test('goes on allowing it while a later delete may be under way', () => {
    const ledger = new VersionLedger(VersionLedger.allocate(1))
    const stored = ledger.nextVersion(1, false)
    ledger.nextVersion(1, true)
    ledger.acknowledge(1, stored, false)
    expect(ledger.mayBeAbsent(1)).toBe(true)
  })

  test('allows it after a write that failed', () => {
    const ledger = new VersionLedger(VersionLedger.allocate(1))
    ledger.nextVersion(1, false)
    ledger.allowAbsence(1)
    expect([ledger.sent(1), ledger.mayBeAbsent(1)]).toEqual([1, true])
  })

  test('knows nothing of keys that nobody writes', () => {
    const ledger = new VersionLedger(VersionLedger.allocate(2))
    expect([ledger.sent(3), ledger.acknowledged(3), ledger.mayBeAbsent(3)]).toEqual([0, 0, true])
  })

  test('is one for all threads', async () => {
    const memory = VersionLedger.allocate(2)
    const source = `
      import {workerData} from 'node:worker_threads'
      const words = new Uint32Array(workerData)
      Atomics.store(words, 2, 7)
      Atomics.store(words, 3, 5)
    `
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`), {workerData: memory})
    await new Promise(resolve => worker.once('exit', resolve))
    const ledger = new VersionLedger(memory)
    expect([ledger.sent(2), ledger.acknowledged(2)]).toEqual([7, 5])
  })

  test('takes 8 bytes a key', () => {
    expect(VersionLedger.allocate(10_000).byteLength).toBe(80_000)
  })
})

describe('lost writes', () => {
  test('are a set of keys and versions', () => {
    const lost = new LostWrites(LostWrites.allocate())
    const entry = fc.tuple(fc.integer({min: 1, max: 50}), fc.integer({min: 1, max: 2 ** 31 - 1}))
    const added = new Set<string>()
    fc.assert(
      fc.property(entry, entry, ([key, version], [otherKey, otherVersion]) => {
        lost.add(key, version, false)
        added.add(`${key} ${version}`)
        expect(lost.has(key, version)).toBe(true)
        expect(lost.has(otherKey, otherVersion)).toBe(added.has(`${otherKey} ${otherVersion}`))
      }),
    )
  })

  test('remember deletes apart', () => {
    const lost = new LostWrites(LostWrites.allocate())
    expect(lost.hasDelete(5)).toBe(false)
    lost.add(5, 3, false)
    expect(lost.hasDelete(5)).toBe(false)
    lost.add(5, 4, true)
    expect([lost.hasDelete(5), lost.hasDelete(6), lost.has(5, 4)]).toEqual([true, false, true])
  })

  test('forget the newest when there are too many, and always answer', () => {
    const lost = new LostWrites(LostWrites.allocate())
    for (let version = 1; version <= 1_000_000; version++) lost.add(1, version, false)
    expect([lost.has(1, 1), lost.has(1, 700_000), lost.has(1, 1_000_000)]).toEqual([true, true, false])
  })
})

test('each key has one owner, and every draw finds an own key near it', () => {
  const owners = fc.record({connections: fc.integer({min: 1, max: 200}), more: fc.nat(1000)})
  fc.assert(
    fc.property(owners, fc.nat(), fc.nat(), ({connections, more}, drawn, of) => {
      const keyCount = connections + more
      const index = of % connections
      const key = ownedKey((drawn % keyCount) + 1, {index, connections, keyCount})
      expect((key - 1) % connections).toBe(index)
      expect(key).toBeGreaterThanOrEqual(1)
      expect(key).toBeLessThanOrEqual(keyCount)
      expect(Math.abs(key - ((drawn % keyCount) + 1))).toBeLessThan(2 * connections)
      expect(ownedKey(key, {index, connections, keyCount})).toBe(key)
    }),
  )
})

test('keys are read from VALUE lines, and others are not', () => {
  const read = (line: string, prefix = 'mcp:'): number => {
    const bytes = Buffer.from(`..${line}`, 'latin1')
    return new KeyReader(prefix).read(bytes, 2, bytes.length)
  }
  expect(read('VALUE mcp:000000ff 0 10')).toBe(255)
  expect(read('VALUE mcp:ffffffff 0 10 77')).toBe(0xffff_ffff)
  expect(read('VALUE 0000000a 0 10', '')).toBe(10)
  expect(read('VALUE mcp:0000000g 0 10')).toBe(-1)
  expect(read('VALUE mcp:0000000A 0 10')).toBe(-1)
  expect(read('VALUE mcq:00000001 0 10')).toBe(-1)
  expect(read('VALUE mcp:000000011 0 10')).toBe(-1)
  expect(read('VALUE mcp:0001 0 10')).toBe(-1)
  expect(read('VALUE mcp:00000001')).toBe(-1)
})
