import {afterAll, expect, onTestFinished, test} from 'vitest'
import {checkLedger, type LedgerCheck} from '../../../../src/engine/check/ledger/check-ledger.js'
import {formatKey} from '../../../../src/engine/data/key-text.js'
import type {LoadPlan} from '../../../../src/engine/plan/plan.js'
import {newVerifyAssignment} from '../../../../src/engine/verify/verifier.js'
import type {Address} from '../../../../src/protocol/address.js'
import {LinkRelay} from '../../../../src/server/topology/link-relay.js'
import {ask} from '../../../helpers/ask.js'
import {startEmbedded} from '../../../helpers/embedded.js'
import {type Tamper, tamperWith} from '../../../helpers/frame-tamper.js'
import {freePort} from '../../../helpers/ports.js'
import {makePlan} from '../../helpers/plans.js'
import {runLoop} from '../../helpers/run-loop.js'

const KEYS = 3000
const link = {peerHost: null, queueLimit: 1_000_000, resilient: false, peers: null, likeRepcached: false}

/** An embedded pair whose link runs through a relay that tampers with what the master sends. */
async function startTamperedPair(tamper: Tamper, isSlaveMute: boolean) {
  const port = await freePort()
  const relayPort = await freePort()
  const master = await startEmbedded({
    replication: {...link, connectPort: port, listenPort: port, likeRepcached: isSlaveMute},
  })
  const relay = await LinkRelay.open({
    routes: [{listen: {host: '127.0.0.1', port: relayPort}, to: {host: '127.0.0.1', port}}],
    filter: direction => (direction === 'back' ? tamperWith(tamper) : bytes => (isSlaveMute ? Buffer.alloc(0) : bytes)),
  })
  onTestFinished(() => relay.close())
  const slave = await startEmbedded({
    replication: {...link, peerHost: '127.0.0.1', connectPort: relayPort, listenPort: relayPort},
  })
  return {master: master.address, slave: slave.address}
}

interface PlantedLoad {
  readonly tamper?: Tamper
  /** What the slave says never reaches the master. */
  readonly isSlaveMute?: boolean
  readonly changes?: Partial<LoadPlan>
  /** Plants something on the nodes themselves when all writes have crossed. */
  readonly plant?: (pair: {master: Address; slave: Address; key: (number: number) => string}) => Promise<void>
}

/** Writes every key twice to the master and says what the check finds on the pair. */
async function loadAndCheck({
  tamper = untouched,
  isSlaveMute = false,
  changes = {},
  plant,
}: PlantedLoad): Promise<LedgerCheck> {
  const {master, slave} = await startTamperedPair(tamper, isSlaveMute)
  const plan = makePlan({
    connections: 4,
    callsPerConnection: (KEYS / 4) * 2,
    keyCount: KEYS,
    sizes: {kind: 'uniform', minBytes: 24, maxBytes: 400},
    verify: true,
    ...changes,
  })
  const verify = newVerifyAssignment(plan)
  await runLoop({targets: [master], changes: plan, verify})
  // The last write has crossed when a later one is there.
  await ask(master, 'set last 0 0 1\r\nx')
  while (!(await ask(slave, 'get last')).startsWith('VALUE')) {}
  await plant?.({master, slave, key: number => formatKey(plan.keyPrefix, number)})
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

const untouched: Tamper = ({bytes}) => [bytes]

const rows: string[] = []

/** All of what was planted has been found, under its name, and nothing else; noted for the table. */
function expectFound(fault: string, planted: Partial<LedgerCheck['findings']>, check: LedgerCheck): void {
  const found = Object.entries(check.findings).filter(([, count]) => count > 0)
  const show = (counts: readonly [string, number][]): string =>
    counts.map(([kind, count]) => `${count} ${kind}`).join(', ') || 'nothing'
  rows.push(`${fault.padEnd(56)}  ${show(Object.entries(planted)).padEnd(16)}  ${show(found)}`)
  expect(Object.fromEntries(found)).toEqual(planted)
  expect(check.intact + Object.values(planted).reduce((sum, count) => sum + count, 0)).toBe(check.keys)
}

// Set to see the table of docs/verification.md.
afterAll(() => {
  if (process.env.PLANTED_FAULTS_TABLE) {
    process.stdout.write(`${'fault'.padEnd(56)}  ${'planted'.padEnd(16)}  found\n${rows.join('\n')}\n`)
  }
})

const keyNumber = (key: string): number => Number.parseInt(key.slice(2), 16)

test('a link that does its work leaves nothing to find', async () => {
  expectFound('none', {}, await loadAndCheck({}))
})

/** One connection: keys come in order, all first versions before all second ones. */
const inOrder: Partial<LoadPlan> = {connections: 1, callsPerConnection: KEYS * 2}
const everyNth =
  (n: number): Tamper =>
  ({number, bytes}) =>
    number % n === 0 ? [] : [bytes]

test('a link that drops every 1000th frame: both versions of three keys', async () => {
  const check = await loadAndCheck({tamper: everyNth(1000), changes: inOrder})
  expectFound('relay drops every 1000th frame: 3 keys, both versions', {missingOnB: 3}, check)
})

test('a link that drops every 1001st frame: the last version of three keys, the first of two', async () => {
  const check = await loadAndCheck({tamper: everyNth(1001), changes: inOrder})
  expectFound('relay drops every 1001st frame: last version of 3 keys', {staleOnB: 3}, check)
  expect(check.worstStaleVersions).toBe(1)
})

test('a link that drops both versions of a key: it is missing on the slave', async () => {
  const check = await loadAndCheck({tamper: ({key, bytes}) => (keyNumber(key) % 1000 === 7 ? [] : [bytes])})
  expectFound('relay drops all frames of 3 keys', {missingOnB: 3}, check)
})

test('a link that corrupts a byte of a value', async () => {
  const tamper: Tamper = ({key, bytes, valueAt}) => {
    if (keyNumber(key) % 500 === 1) bytes[valueAt + 20]! ^= 0x40
    return [bytes]
  }
  expectFound('relay changes one bit in the values of 6 keys', {corrupt: 6}, await loadAndCheck({tamper}))
})

test('a link that swaps two frames of a key: the older version wins on the slave', async () => {
  const held = new Map<string, Buffer>()
  const tamper: Tamper = ({key, bytes}) => {
    if (keyNumber(key) % 1000 !== 3) return [bytes]
    const first = held.get(key)
    if (first !== undefined) return [bytes, first]
    held.set(key, bytes)
    return []
  }
  expectFound('relay swaps the two frames of 3 keys', {staleOnB: 3}, await loadAndCheck({tamper}))
})

/** Puts other words in the place of flags and exptime. */
const withWords = (wanted: (key: number) => boolean, words: string): Tamper => {
  return ({key, bytes, valueAt}) => {
    if (!wanted(keyNumber(key))) return [bytes]
    const line = bytes.toString('latin1', 0, valueAt).replace(/^(rep \S+) 0 \d+ /, `$1 ${words} `)
    return [Buffer.from(line, 'latin1'), bytes.subarray(valueAt)]
  }
}

test('a link that changes flags', async () => {
  const check = await loadAndCheck({tamper: withWords(key => key === 11, '7 0')})
  expectFound('relay changes the flags of 1 key', {otherFlags: 1}, check)
  expect(check.examples[0]?.text).toMatch(/m1 has version 2, s1 has version 2 with flags 7/)
})

test('a link that changes times of expiry', async () => {
  const later = Math.floor(Date.now() / 1000) + 5000
  const check = await loadAndCheck({
    tamper: withWords(key => key % 600 === 5, `0 ${later}`),
    changes: {ttlSeconds: 1000},
  })
  expectFound('relay alters the exptime of 5 keys', {otherExptime: 5}, check)
  expect(check.exptimesCompared).toBe(KEYS)
  expect(check.examples[0]?.text).toMatch(/m1 says that it expires 20.*, s1 says that it expires 20/)
})

test('a link that gives items a time of expiry that have none', async () => {
  const later = Math.floor(Date.now() / 1000) + 5000
  const check = await loadAndCheck({tamper: withWords(key => key === 8, `0 ${later}`)})
  expectFound('relay gives 1 key an exptime', {otherExptime: 1}, check)
})

test('a frame that is late is no finding', async () => {
  let late: Buffer | undefined
  const tamper: Tamper = ({number, bytes}) => {
    // A last version: no later one of its key follows.
    if (number === KEYS + 100) late = bytes
    if (number === KEYS + 100) return []
    return number === KEYS + 2900 ? [bytes, late!] : [bytes]
  }
  const check = await loadAndCheck({tamper, changes: inOrder})
  expect(late).toBeDefined()
  expectFound('relay delays a frame by 2800 others', {}, check)
})

test('a node that forgets 37 keys', async () => {
  const check = await loadAndCheck({
    isSlaveMute: true,
    plant: async ({slave, key}) => {
      for (let number = 1; number <= 37; number++) await ask(slave, `delete ${key(number)}`)
    },
  })
  expectFound('slave forgets 37 keys, its deletes are held', {missingOnB: 37}, check)
})

test('37 keys deleted on both nodes are lost', async () => {
  const check = await loadAndCheck({
    plant: async ({master, key}) => {
      for (let number = 1; number <= 37; number++) await ask(master, `delete ${key(number)}`)
    },
  })
  expect(check.lostWrites).toBe(74)
  expectFound('37 keys deleted behind the load, on both nodes', {lost: 37}, check)
})

test('deleted keys that come back', async () => {
  const values = new Map<number, Buffer>()
  const tamper: Tamper = ({key, bytes, valueAt}) => {
    values.set(keyNumber(key), bytes.subarray(valueAt, -2))
    return [bytes]
  }
  const check = await loadAndCheck({
    tamper,
    changes: {
      mix: [
        {method: 'set', weight: 1},
        {method: 'delete', weight: 1},
      ],
      callsPerConnection: KEYS,
    },
    plant: async ({master, slave, key}) => {
      let planted = 0
      for (let number = 1; planted < 5; number++) {
        const value = values.get(number)
        if (value === undefined || (await ask(master, `get ${key(number)}`)) !== 'END\r\n') continue
        planted++
        await ask(slave, `set ${key(number)} 0 0 ${value.length}\r\n${value.toString('latin1')}`)
        while (!(await ask(master, `get ${key(number)}`)).startsWith('VALUE')) {}
      }
    },
  })
  expectFound('5 deleted keys set again to their last value', {resurrected: 5}, check)
})
