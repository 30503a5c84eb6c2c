import {once} from 'node:events'
import {createServer, type Socket} from 'node:net'
import {describe, expect, onTestFinished, test} from 'vitest'
import {Random} from '../../../src/engine/data/random.js'
import type {LoadDelta} from '../../../src/engine/measure/recorder.js'
import type {LoadPlan} from '../../../src/engine/plan/plan.js'
import {countFaults} from '../../../src/engine/verify/verification.js'
import {newVerifyAssignment} from '../../../src/engine/verify/verifier.js'
import type {Address} from '../../../src/protocol/address.js'
import {startMemcached} from '../../helpers/memcached.js'
import {makePlan} from '../helpers/plans.js'
import {runLoop} from '../helpers/run-loop.js'

/**
 * Whatever a server does, a run ends and its books balance: runLoop() checks
 * both. Here every loop meets every fault, reads and writes mixed and verified.
 */
const loops: readonly [string, Partial<LoadPlan>][] = [
  ['closed loop', {}],
  ['pipelined', {pipeline: 10}],
  ['open loop', {ratePerSecond: 3000}],
]
const ways = loops.flatMap(([name, changes]) => [
  [name, changes] as const,
  [`${name}, reconnect`, {...changes, reconnect: true}] as const,
])

const mixed: Partial<LoadPlan> = {
  connections: 4,
  timeoutMs: 150,
  verify: true,
  keyCount: 200,
  keyDistribution: {kind: 'uniform'},
  sizes: {kind: 'uniform', minBytes: 8, maxBytes: 3000},
  multigetKeys: 2,
  mix: [
    {method: 'get', weight: 4},
    {method: 'set', weight: 3},
    {method: 'cas', weight: 1},
    {method: 'delete', weight: 1},
  ],
}

async function load(
  address: Address,
  changes: Partial<LoadPlan>,
  onStarted: () => void = () => {},
): Promise<LoadDelta> {
  const plan = {...mixed, durationSeconds: 0.6, ...changes}
  const delta = await runLoop({
    targets: [address],
    changes: plan,
    verify: newVerifyAssignment(makePlan(plan)),
    onStarted,
  })
  const {ratePerSecond, durationSeconds} = makePlan(plan)
  if (ratePerSecond > 0) expect(delta.intended).toBe(ratePerSecond * durationSeconds!)
  return delta
}

/** A server that does something with each connection. */
async function listen(onConnection: (socket: Socket) => void): Promise<Address> {
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('error', () => {})
    onConnection(socket)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return {host: '127.0.0.1', port: (server.address() as {port: number}).port}
}

/** Says something whenever anything comes. */
function saying(answer: (socket: Socket) => string | undefined): (socket: Socket) => void {
  return socket =>
    socket.on('data', () => {
      const text = answer(socket)
      if (text !== undefined && socket.writable) socket.write(Buffer.from(text, 'latin1'))
    })
}

function randomBytes(): () => string {
  const {next} = new Random({seed: 4711, stream: 0})
  const words = [
    'VALUE ',
    'k:00000001',
    ' 0 ',
    '10',
    '\r\n',
    'END\r\n',
    'STORED',
    '\0',
    '7',
    'ERROR',
    '\xff\xfe',
    '\n',
    ' ',
  ]
  return () =>
    Array.from({length: 1 + Math.floor(next() * 30)}, () => words[Math.floor(next() * words.length)]).join('')
}

const servers: readonly [string, () => (socket: Socket) => void][] = [
  ['closes after it accepts', () => socket => socket.end()],
  ['resets after it accepts', () => socket => socket.resetAndDestroy()],
  ['never reads', () => socket => socket.pause()],
  ['reads and says nothing', () => saying(() => undefined)],
  ['says half a reply', () => saying(() => 'STOR')],
  ['says half a reply and closes', () => saying(socket => void socket.end('VALUE k:0000'))],
  ['breaks off within a value', () => saying(socket => void socket.end('VALUE k:00000001 0 1000\r\nxxx'))],
  ['says rubbish', () => saying(() => '\x80\x00\x01rubbish\r\n')],
  ['says random pieces of replies', () => saying(randomBytes())],
  ['says errors', () => saying(() => 'SERVER_ERROR out of memory storing object\r\n')],
  ['says more than it was asked', () => saying(() => 'STORED\r\nEND\r\nSTORED\r\n')],
  ['says it has values that nobody asked for', () => saying(() => 'VALUE other 0 3\r\nabc\r\nEND\r\n')],
  ['states lengths that are not true', () => saying(() => 'VALUE k:00000001 0 5\r\nabc\r\nEND\r\n')],
]

describe.each(servers)('a server that %s', (_, behave) => {
  test.each(ways)('(%s)', async (_name, changes) => {
    const address = await listen(behave())
    const {tally, verification} = await load(address, {...changes, durationSeconds: 0.4})
    expect(verification!.fresh).toBe(0)
    expect(tally.sent).toBeGreaterThanOrEqual(tally.hit + tally.miss)
  })
})

/** Says it for as long as anybody reads. */
function pouring(text: string): (socket: Socket) => void {
  const chunk = Buffer.from(text.repeat(Math.ceil(65_536 / text.length)), 'latin1')
  return socket => {
    const more = (): void => {
      if (socket.writable && socket.write(chunk)) setImmediate(more)
    }
    socket.on('drain', more)
    socket.once('data', more)
    socket.resume()
  }
}

describe.each([
  ['values', 'VALUE k:00000001 0 1\r\nx\r\n', 'out of step: more values than keys'],
  ['figures', 'STAT curr_items 1\r\n', 'call time-out'],
  ['bytes of a line', 'A', 'out of step: an unknown reply for get'],
  ['bytes of a value', `VALUE k:00000001 0 999999999\r\n${'x'.repeat(900_000)}`, 'call time-out'],
])('a server that says %s without end', (_, text, failure) => {
  test.each([
    ['closed loop', {}],
    ['open loop, reconnect', {ratePerSecond: 1000, reconnect: true}],
  ] as [string, Partial<LoadPlan>][])('holds up no load (%s)', async (_name, changes) => {
    const address = await listen(pouring(text))
    const getsOnly: Partial<LoadPlan> = {mix: [{method: 'get', weight: 1}], multigetKeys: 1}
    const {tally, connectionErrors} = await load(address, {...getsOnly, ...changes, durationSeconds: 0.4})
    expect(tally.ok).toBe(0)
    expect(Object.keys(connectionErrors)).toContain(failure)
  })
})

describe('memcached', () => {
  test.each(ways)('killed in the middle (%s)', async (name, changes) => {
    const {address, process} = await startMemcached()
    const {tally, unsent} = await load(address, {...changes, durationSeconds: 1.2, timeoutMs: 5000}, () => {
      // Stopped first, so that calls are under way when it dies.
      setTimeout(() => {
        process.kill('SIGSTOP')
        setTimeout(() => process.kill('SIGKILL'), 30)
      }, 200)
    })
    expect(tally.ok).toBeGreaterThan(0)
    expect(tally.lostWithConnection).toBeGreaterThan(0)
    if (name.startsWith('open loop')) expect(unsent).toBeGreaterThan(0)
  })

  test.each(ways)('that stands still for 3 s (%s)', async (_, changes) => {
    const {address, process} = await startMemcached()
    const delta = await load(address, {...changes, durationSeconds: 4.5, timeoutMs: 700}, () => {
      setTimeout(() => process.kill('SIGSTOP'), 300)
      setTimeout(() => process.kill('SIGCONT'), 3300)
    })
    expect(delta.tally.timedOut).toBeGreaterThan(0)
    expect(delta.verification!.fresh).toBeGreaterThan(0)
    // Writes that it carries out late are no faults.
    expect(delta.verification).toMatchObject({stale: 0, missing: 0, foreign: 0, corrupt: 0})
    if (changes.reconnect === true) expect(delta.connections.reopened).toBeGreaterThan(0)
    else expect(delta.connectionErrors).toEqual({'call time-out': 4})
  })

  test('that stands still for less than the time-out loses nothing', async () => {
    const {address, process} = await startMemcached()
    const {tally, unsent, verification, response} = await load(
      address,
      {ratePerSecond: 2000, durationSeconds: 2, timeoutMs: 5000},
      () => {
        setTimeout(() => process.kill('SIGSTOP'), 300)
        setTimeout(() => process.kill('SIGCONT'), 1000)
      },
    )
    expect([tally.timedOut, tally.lostWithConnection, unsent]).toEqual([0, 0, 0])
    expect(countFaults(verification)).toBe(0)
    // Half of the calls that were due while it stood still waited for more than half of that.
    expect(Math.max(...response.map(({maxUs}) => maxUs))).toBeGreaterThan(600_000)
  })
})
