import {once} from 'node:events'
import {connect} from 'node:net'
import {expect, test} from 'vitest'
import {formatKey} from '../../../../src/engine/data/key-text.js'
import {makeFiller} from '../../../../src/engine/data/value-format.js'
import {FailoverSurvey} from '../../../../src/engine/drills/failover/failover-survey.js'
import {Failovers} from '../../../../src/engine/drills/failover/failovers.js'
import {AckTimes} from '../../../../src/engine/verify/ack-times.js'
import {FailoverLog} from '../../../../src/engine/verify/failover-log.js'
import {LostWrites} from '../../../../src/engine/verify/lost-writes.js'
import {ValueWriter} from '../../../../src/engine/verify/value-writer.js'
import {VersionLedger} from '../../../../src/engine/verify/version-ledger.js'
import type {Address} from '../../../../src/protocol/address.js'
import {startEmbedded} from '../../../helpers/embedded.js'
import {waitFor} from '../../../helpers/wait-for.js'

const keyPrefix = 'drill:'
const runId = 1
const filler = makeFiller(100)
const VALUE_BYTES = 32

/** One connection owns all keys; each is written once, a ms after the one before. */
function script(address: Address, {keys, isCutOff = true}: {keys: number; isCutOff?: boolean}) {
  const log = new FailoverLog(FailoverLog.allocate())
  const acks = new AckTimes(AckTimes.allocate(keys))
  const lost = new LostWrites(LostWrites.allocate())
  const failovers = new Failovers({log, acks, lost, connections: 1})
  const ledger = new VersionLedger(VersionLedger.allocate(keys))
  for (let key = 1; key <= keys; key++) {
    ledger.nextVersion(key, false)
    acks.note(key, 1, 1000 + key, false)
  }
  const survey = new FailoverSurvey({
    failovers,
    targets: [address, address],
    format: {keyPrefix, runId, filler},
    ledger,
    isCutOff: () => isCutOff,
  })
  return {log, failovers, survey}
}

/** Puts the first version of these keys there. */
async function fill(address: Address, keys: readonly number[]): Promise<void> {
  const writer = new ValueWriter({runId, filler})
  const value = Buffer.alloc(VALUE_BYTES)
  const socket = connect(address)
  for (const key of keys) {
    writer.render(value, 0, {key, version: 1, writer: 0, size: VALUE_BYTES})
    socket.write(`set ${formatKey(keyPrefix, key)} 0 0 ${VALUE_BYTES} noreply\r\n`)
    socket.write(Buffer.concat([value, Buffer.from('\r\n')]))
  }
  socket.write('version\r\n')
  await once(socket, 'data')
  socket.destroy()
}

const numbers = (from: number, to: number): number[] => Array.from({length: to - from + 1}, (_, at) => from + at)

const lostKeys = ({failovers}: ReturnType<typeof script>): number[] =>
  [...failovers.all[0]!.keys].flatMap(([key, {held}]) => (held === 0 ? [key] : [])).sort((a, b) => a - b)

test('asks for no key of a server that the clients have come back to as they left it', async () => {
  const {address} = await startEmbedded()
  const {log, failovers, survey} = script(address, {keys: 1})
  log.switched({connection: 0, from: 1, to: 1, riskFromMs: 0, atMs: 10_000})
  failovers.collect()
  log.switched({connection: 0, from: 1, to: 0, riskFromMs: 0, atMs: 20_000})
  failovers.collect()
  survey.look(({from, to}) => from !== to)
  const [same, other] = failovers.all
  await waitFor(() => expect(other!.keys.get(1)).toMatchObject({held: 0, isAbsent: true}))
  await survey.stop()
  expect(same!.keys.get(1)).toMatchObject({held: null})
})

test('asks from the newest write back, and no further than links lose', async () => {
  const {address} = await startEmbedded()
  await fill(address, numbers(1, 1840))
  const one = script(address, {keys: 2000})
  one.log.switched({connection: 0, from: 0, to: 1, riskFromMs: 1, atMs: 10_000})
  one.failovers.collect()
  one.survey.look(() => true)
  await waitFor(() => expect(one.log.settledMs).toBe(10_001))
  await one.survey.stop()
  expect(lostKeys(one)).toEqual(numbers(1841, 2000))
  // The lost ones and as many that were there, each once.
  expect(one.survey.reads).toBeLessThanOrEqual(320)
})

test('asks for all where the order of writes is no guide', async () => {
  const {address} = await startEmbedded()
  await fill(address, [...numbers(1, 4), ...numbers(7, 2000)])
  const one = script(address, {keys: 2000})
  one.log.switched({connection: 0, from: 0, to: 1, riskFromMs: 0, atMs: 10_000})
  one.failovers.collect()
  one.survey.look(() => true)
  await waitFor(() => expect(one.log.settledMs).toBe(10_001))
  await one.survey.stop()
  expect(lostKeys(one)).toEqual([5, 6])
})

test('a read that contradicts the order of writes has all asked for', async () => {
  const {address} = await startEmbedded()
  await fill(address, [...numbers(1, 4), ...numbers(7, 2000)])
  const one = script(address, {keys: 2000})
  one.log.switched({connection: 0, from: 0, to: 1, riskFromMs: 1, atMs: 10_000})
  one.failovers.collect()
  one.survey.look(() => true)
  await waitFor(() => expect(one.log.settledMs).toBe(10_001))
  expect(lostKeys(one)).toEqual([])
  one.log.readBehind({key: 5, state: 'absent', version: 0, server: 1, expected: 1, atMs: 10_100})
  one.failovers.collect()
  one.survey.look(() => true)
  await waitFor(() => expect(lostKeys(one)).toEqual([5, 6]))
  await one.survey.stop()
})

test('asks thrice where a lost write may still be on its way, else once', async () => {
  const {address} = await startEmbedded()
  for (const [isCutOff, times] of [
    [true, 1],
    [false, 3],
  ] as const) {
    const one = script(address, {keys: 1, isCutOff})
    one.log.switched({connection: 0, from: 0, to: 1, riskFromMs: 1, atMs: 10_000})
    one.failovers.collect()
    one.survey.look(() => true)
    await waitFor(() => expect(one.log.settledMs).toBe(10_001))
    expect(lostKeys(one)).toEqual([1])
    expect(one.survey.reads).toBe(times)
    await one.survey.stop()
  }
})
