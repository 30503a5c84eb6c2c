import {expect, onTestFinished, test} from 'vitest'
import {checkLedger} from '../../../../src/engine/check/ledger/check-ledger.js'
import {PairCheck} from '../../../../src/engine/check/pair-check.js'
import {formatKey} from '../../../../src/engine/data/key-text.js'
import type {LoadPlan} from '../../../../src/engine/plan/plan.js'
import {newVerifyAssignment} from '../../../../src/engine/verify/verifier.js'
import type {Address} from '../../../../src/protocol/address.js'
import {ask} from '../../../helpers/ask.js'
import {startEmbedded} from '../../../helpers/embedded.js'
import {waitFor} from '../../../helpers/wait-for.js'
import {makePlan} from '../../helpers/plans.js'
import {runLoop} from '../../helpers/run-loop.js'

const KEYS = 2000

/** Writes every key three times to one node, with verification. */
async function load(target: Address, changes: Partial<LoadPlan> = {}) {
  const plan = makePlan({
    connections: 4,
    callsPerConnection: (KEYS / 4) * 3,
    keyCount: KEYS,
    pipeline: 8,
    sizes: {kind: 'uniform', minBytes: 8, maxBytes: 300},
    verify: true,
    ...changes,
  })
  const verify = newVerifyAssignment(plan)
  await runLoop({targets: [target], changes: plan, verify})
  return {plan, verify}
}

/** Copies raw items from one node to another. */
async function copyKey(from: Address, to: Address, key: string): Promise<void> {
  const reply = await ask(from, `get ${key}`)
  const lineEnd = reply.indexOf('\r\n')
  const value = reply.slice(lineEnd + 2, -'\r\nEND\r\n'.length)
  expect(await ask(to, `set ${key} 0 0 ${value.length}\r\n${value}`)).toBe('STORED\r\n')
}

test('a clean load has no finding', async () => {
  const {address} = await startEmbedded()
  const parts = await load(address)
  const check = await checkLedger({...parts, nodes: [{name: 'n1', address}]})
  expect(check).toMatchObject({keys: KEYS, intact: KEYS, lostWrites: 0, examples: []})
})

test('keys of others that begin as those of the load are left alone', async () => {
  const a = await startEmbedded()
  const b = await startEmbedded()
  const parts = await load(a.address, {callsPerConnection: KEYS / 4})
  const key = (number: number) => formatKey(parts.plan.keyPrefix, number)
  for (let n = 1; n <= KEYS; n++) await copyKey(a.address, b.address, key(n))
  for (const other of [`${key(7)}:more`, `${parts.plan.keyPrefix}7`]) {
    await ask(a.address, `set ${other} 0 500 1\r\nx`)
    await ask(b.address, `set ${other} 9 1000 1\r\ny`)
  }
  const nodes = [
    {name: 'a', address: a.address},
    {name: 'b', address: b.address},
  ] as const
  const check = await checkLedger({...parts, nodes, settleMs: 1})
  expect(check).toMatchObject({intact: KEYS, exptimesCompared: KEYS, examples: []})
})

test('every planted fault is found, and nothing else', async () => {
  const a = await startEmbedded()
  const b = await startEmbedded()
  const first = await load(a.address, {callsPerConnection: KEYS / 4})
  const key = (number: number) => formatKey(first.plan.keyPrefix, number)
  for (let n = 1; n <= KEYS; n++) await copyKey(a.address, b.address, key(n))
  // Versions 2 and 3 of every key go to A alone; all but 100 keys are copied again.
  await runLoop({
    targets: [a.address],
    changes: {...first.plan, callsPerConnection: (KEYS / 4) * 2},
    verify: first.verify,
  })
  for (let n = 101; n <= KEYS; n++) await copyKey(a.address, b.address, key(n))

  for (let n = 201; n <= 237; n++) await ask(a.address, `delete ${key(n)}`)
  for (let n = 301; n <= 311; n++) for (const {address} of [a, b]) await ask(address, `delete ${key(n)}`)
  await copyKey(a.address, b.address, key(401))
  await ask(b.address, `set ${key(402)} 0 0 12\r\nnot a value!`)
  const copied = await ask(a.address, `get ${key(403)}`)
  const value = copied.slice(copied.indexOf('\r\n') + 2, -'\r\nEND\r\n'.length)
  await ask(b.address, `set ${key(403)} 77 0 ${value.length}\r\n${value}`)

  const seen: string[] = []
  const check = await checkLedger({
    ...first,
    nodes: [
      {name: 'm1', address: a.address},
      {name: 's1', address: b.address},
    ],
    settleMs: 3,
    onFinding: ({kind}) => seen.push(kind),
  })
  expect(check.findings).toEqual({
    lost: 11,
    missingOnA: 37,
    missingOnB: 0,
    staleOnA: 0,
    staleOnB: 100,
    diverged: 0,
    otherFlags: 1,
    otherExptime: 0,
    resurrected: 0,
    phantom: 0,
    foreign: 0,
    corrupt: 1,
  })
  expect(check).toMatchObject({keys: KEYS, intact: KEYS - 150, lostWrites: 33, worstStaleVersions: 2})
  expect(seen).toHaveLength(150)
  expect(check.examples[0]!.kind).toBe('lost')
  expect(check.examples.find(({kind}) => kind === 'staleOnB')).toMatchObject({
    key: key(1),
    kind: 'staleOnB',
    text: 'acknowledged version 3 of 3 sent; m1 has version 3, s1 has version 1',
  })
})

test('a deleted key that is there again, and one that nobody wrote', async () => {
  const {address} = await startEmbedded()
  const {plan, verify} = await load(address)
  const key = formatKey(plan.keyPrefix, 7)
  const before = await ask(address, `get ${key}`)
  await runLoop({targets: [address], changes: {...plan, mix: [{method: 'delete', weight: 1}]}, verify})
  const value = before.slice(before.indexOf('\r\n') + 2, -'\r\nEND\r\n'.length)
  await ask(address, `set ${key} 0 0 ${value.length}\r\n${value}`)
  const check = await checkLedger({plan, verify, nodes: [{name: 'n1', address}], settleMs: 3})
  expect(check.findings).toMatchObject({resurrected: 1, lost: 0})
  expect(check.intact).toBe(KEYS - 1)
})

test('of a key that is gone what was written before its last delete is not lost', async () => {
  const {address} = await startEmbedded()
  const {plan, verify} = await load(address)
  const again = {targets: [address], verify}
  await runLoop({...again, changes: {...plan, mix: [{method: 'delete', weight: 1}]}})
  const beforeMs = performance.timeOrigin + performance.now()
  await runLoop({...again, changes: plan})
  for (let n = 1; n <= 5; n++) await ask(address, `delete ${formatKey(plan.keyPrefix, n)}`)
  const {findings, lostWrites, lostAcks} = await checkLedger({
    plan,
    verify,
    nodes: [{name: 'n1', address}],
    settleMs: 3,
  })
  expect([findings.lost, lostWrites]).toEqual([5, 15])
  expect(lostAcks!.firstMs).toBeGreaterThan(beforeMs - 1)
})

test('evicted keys are told from lost ones by what the node counts', async () => {
  const {address} = await startEmbedded({memoryLimitBytes: 2 * 1024 * 1024})
  const check = new PairCheck([{name: 'n1', address}])
  onTestFinished(() => check.close())
  await check.start()
  const parts = await load(address, {sizes: {kind: 'fixed', bytes: 3000}, callsPerConnection: KEYS / 4})
  const {evicted, intact, findings, lostWrites, removals, undecided} = await check.check({...parts, settleMs: 3})
  expect(evicted).toBeGreaterThan(500)
  expect(removals[0]).toMatchObject({evictions: evicted, isCertain: true})
  expect([intact + evicted, findings.lost, lostWrites, undecided]).toEqual([KEYS, 0, 0, 0])
})

test('lost keys among evicted ones are counted as lost, as far as that is certain', async () => {
  const {address} = await startEmbedded({memoryLimitBytes: 2 * 1024 * 1024})
  const {plan, verify} = await load(address, {sizes: {kind: 'fixed', bytes: 3000}, callsPerConnection: KEYS / 4})
  for (let n = KEYS - 36; n <= KEYS; n++) await ask(address, `delete ${formatKey(plan.keyPrefix, n)}`)
  const check = await checkLedger({plan, verify, nodes: [{name: 'n1', address}], settleMs: 3})
  expect(check).toMatchObject({evicted: 0, lostWrites: 37, findings: {lost: 37}})
  expect(check.undecided).toBe(check.removals[0]!.evictions)
})

test('expired keys are told from lost ones by their time to live', async () => {
  const {address} = await startEmbedded()
  const ttl = {ttlSeconds: 1, timeoutMs: 200}
  const {plan, verify} = await load(address, ttl)
  const gone = formatKey(plan.keyPrefix, 9)
  await waitFor(async () => expect(await ask(address, `get ${gone}`)).toBe('END\r\n'))
  const check = await checkLedger({plan, verify, nodes: [{name: 'n1', address}], settleMs: 3})
  expect(check).toMatchObject({keys: KEYS, lostWrites: 0, evicted: 0})
  expect(check.expired).toBeGreaterThan(0)
  expect(check.expired + check.intact).toBe(KEYS)
})

test('a key that is lost long before its time to live is over is lost', async () => {
  const {address} = await startEmbedded()
  const {plan, verify} = await load(address, {ttlSeconds: 60})
  await ask(address, `delete ${formatKey(plan.keyPrefix, 9)}`)
  const check = await checkLedger({plan, verify, nodes: [{name: 'n1', address}], settleMs: 3})
  expect(check).toMatchObject({expired: 0, lostWrites: 3, findings: {lost: 1}})
  const {firstMs, lastMs, isComplete} = check.lostAcks!
  expect(lastMs - firstMs).toBeGreaterThan(0)
  expect([firstMs > verify.originMs, isComplete]).toEqual([true, true])
})
