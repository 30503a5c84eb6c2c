import {expect, onTestFinished, test} from 'vitest'
import {checkLedger, type LedgerCheck} from '../../../src/engine/checks/check-ledger.js'
import {newVerifyAssignment} from '../../../src/engine/verify/verifier.js'
import {findFreePort} from '../../../src/server/free-port.js'
import {LinkRelay} from '../../../src/server/link-relay.js'
import {ask} from '../../helpers/ask.js'
import {startEmbedded} from '../../helpers/embedded.js'
import {type Tamper, tamperWith} from '../../helpers/frame-tamper.js'
import {makePlan} from '../plans.js'
import {runLoop} from '../run-loop.js'

const KEYS = 3000
const link = {peerHost: null, queueLimit: 1_000_000, resilient: false}

/** An embedded pair whose link runs through a relay that tampers with what the master sends. */
async function startTamperedPair(tamper: Tamper) {
  const port = await findFreePort({hosts: ['127.0.0.1']})
  const relayPort = await findFreePort({hosts: ['127.0.0.1'], taken: [port]})
  const master = await startEmbedded({replication: {...link, connectPort: port, listenPort: port}})
  const relay = await LinkRelay.open({
    routes: [{listen: {host: '127.0.0.1', port: relayPort}, to: {host: '127.0.0.1', port}}],
    filter: direction => (direction === 'back' ? tamperWith(tamper) : bytes => bytes),
  })
  onTestFinished(() => relay.close())
  const slave = await startEmbedded({
    replication: {...link, peerHost: '127.0.0.1', connectPort: relayPort, listenPort: relayPort},
  })
  return {master: master.address, slave: slave.address}
}

/** Writes every key twice to the master and says what the check finds on the pair. */
async function loadAndCheck(tamper: Tamper): Promise<LedgerCheck> {
  const {master, slave} = await startTamperedPair(tamper)
  const plan = makePlan({
    connections: 4,
    callsPerConnection: (KEYS / 4) * 2,
    keyCount: KEYS,
    sizes: {kind: 'uniform', minBytes: 24, maxBytes: 400},
    verify: true,
  })
  const verify = newVerifyAssignment(plan)
  await runLoop({targets: [master], changes: plan, verify})
  // The last write has crossed when a later one is there.
  await ask(master, 'set last 0 0 1\r\nx')
  while (!(await ask(slave, 'get last')).startsWith('VALUE')) {}
  return await checkLedger({
    plan,
    verify,
    nodes: [
      {name: 'm1', address: master},
      {name: 's1', address: slave},
    ],
    settleMs: 3,
  })
}

test('a link that does its work leaves nothing to find', async () => {
  const {intact, keys} = await loadAndCheck(({bytes}) => [bytes])
  expect([keys, intact]).toEqual([KEYS, KEYS])
})

test('a link that drops frames: each key whose last write was dropped is older on the slave', async () => {
  const versions = new Map<string, number>()
  const dropped: string[] = []
  const {findings, intact} = await loadAndCheck(({number, key, bytes}) => {
    versions.set(key, (versions.get(key) ?? 0) + 1)
    // The second version of every hundredth key.
    if (versions.get(key) !== 2 || number % 100 !== 0) return [bytes]
    dropped.push(key)
    return []
  })
  expect(dropped.length).toBeGreaterThan(10)
  expect(findings).toMatchObject({staleOnB: dropped.length, missingOnB: 0, diverged: 0, corrupt: 0, lost: 0})
  expect(intact).toBe(KEYS - dropped.length)
})

test('a link that drops both versions of a key: it is missing on the slave', async () => {
  const dropped = new Set<string>()
  const {findings} = await loadAndCheck(({key, bytes}) => {
    if (Number.parseInt(key.slice(2), 16) % 1000 !== 7) return [bytes]
    dropped.add(key)
    return []
  })
  expect(findings).toMatchObject({missingOnB: dropped.size, staleOnB: 0})
  expect(dropped.size).toBe(3)
})

test('a link that corrupts a byte of a value', async () => {
  const versions = new Map<string, number>()
  const corrupted: string[] = []
  const {findings} = await loadAndCheck(({key, bytes, valueAt}) => {
    versions.set(key, (versions.get(key) ?? 0) + 1)
    if (versions.get(key) !== 2 || Number.parseInt(key.slice(2), 16) % 500 !== 1) return [bytes]
    corrupted.push(key)
    bytes[valueAt + 20]! ^= 0x40
    return [bytes]
  })
  expect(corrupted).toHaveLength(6)
  expect(findings).toMatchObject({corrupt: 6, staleOnB: 0, diverged: 0})
})

test('a link that swaps two frames of a key: the older version wins on the slave', async () => {
  const held = new Map<string, Buffer>()
  const swapped = (key: string): boolean => Number.parseInt(key.slice(2), 16) % 1000 === 3
  const {findings} = await loadAndCheck(({key, bytes}) => {
    if (!swapped(key)) return [bytes]
    const first = held.get(key)
    if (first !== undefined) return [bytes, first]
    held.set(key, bytes)
    return []
  })
  expect(held.size).toBe(3)
  expect(findings).toMatchObject({staleOnB: 3, missingOnB: 0})
})

test('a link that changes flags', async () => {
  const {findings, examples} = await loadAndCheck(({key, bytes, valueAt}) => {
    if (Number.parseInt(key.slice(2), 16) !== 11) return [bytes]
    const line = bytes.toString('latin1', 0, valueAt).replace(/^(rep \S+) 0 /, '$1 7 ')
    return [Buffer.from(line, 'latin1'), bytes.subarray(valueAt)]
  })
  expect(findings).toMatchObject({otherFlags: 1, diverged: 0, staleOnB: 0})
  expect(examples[0]?.text).toMatch(/m1 has version 2, s1 has version 2 with flags 7/)
})
