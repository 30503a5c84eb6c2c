import {once} from 'node:events'
import {createServer, type Server, type Socket} from 'node:net'
import {expect, onTestFinished, test} from 'vitest'
import type {Outage} from '../../../src/engine/measure/outages.js'
import {clientPolicies, type PolicyName, planOfPolicy, policyNames} from '../../../src/engine/plan/client-policies.js'
import type {Address} from '../../../src/protocol/address.js'
import {startFakeMemcached} from '../../helpers/fake-memcached.js'
import {freePort} from '../../helpers/ports.js'
import {runLoopInVirtualTime} from '../helpers/run-loop.js'

const FAULT_MS = 500
/** Each connection calls every 2 ms. */
const load = {ratePerSecond: 1000, connections: 2}

/** A server that can be killed and frozen, by a script. */
class Victim {
  readonly address: Address
  readonly #sockets = new Set<Socket>()
  #server: Server | undefined
  #unanswered: (() => void)[] | null = null

  constructor(port: number) {
    this.address = {host: '127.0.0.1', port}
    onTestFinished(() => this.kill())
  }

  async start(): Promise<void> {
    this.#server = createServer({noDelay: true}, socket => {
      this.#sockets.add(socket)
      socket.on('error', () => {})
      let lines = 0
      socket.on('data', bytes => {
        lines += (bytes as Buffer).filter(byte => byte === 10).length
        const sets = Math.floor(lines / 2)
        lines -= sets * 2
        const answer = (): void => void socket.write('STORED\r\n'.repeat(sets))
        if (this.#unanswered === null) answer()
        else this.#unanswered.push(answer)
      })
    }).listen(this.address.port, this.address.host)
    await once(this.#server, 'listening')
  }

  kill(): void {
    this.#server?.close()
    for (const socket of this.#sockets) socket.resetAndDestroy()
    this.#sockets.clear()
  }

  /** It takes what comes, connections too, and answers nothing. */
  freeze(): void {
    this.#unanswered = []
  }

  thaw(): void {
    const waiting = this.#unanswered ?? []
    this.#unanswered = null
    for (const answer of waiting) answer()
  }
}

/** Loads a pair by a policy, on a scripted clock; the fault comes after half a second. */
async function run(
  name: PolicyName,
  seconds: number,
  {fault, undo, undoneMs}: {fault: (victim: Victim) => void; undo: (victim: Victim) => void; undoneMs: number},
) {
  const victim = new Victim(await freePort())
  await victim.start()
  const other = await startFakeMemcached()
  const policy = planOfPolicy(clientPolicies[name])
  let outages = (): Outage[] => []
  const delta = await runLoopInVirtualTime({
    targets: [victim.address, other.address],
    spread: policy.keyServers > 1,
    changes: {...load, ...policy, durationSeconds: seconds},
    onStarted: loop => {
      outages = () => loop.outages()
      setTimeout(() => fault(victim), FAULT_MS)
      setTimeout(() => undo(victim), undoneMs)
    },
  })
  const toMs = (seconds: number | null): number | null =>
    seconds === null ? null : Math.round(seconds * 1000) - FAULT_MS
  return {
    ...delta,
    outages: outages().map(({connection, failed, failure, to}) => ({
      client: connection,
      failedMs: toMs(failed),
      failure,
      servedMs: toMs(to),
    })),
  }
}

/** From the kill until it is served, and the clients that are hit: with hashed keys those of one of the two servers. */
test.each<[PolicyName, number, number]>([
  ['repbench', 10, 2],
  ['spymemcached', 0, 1],
  ['pymemcache', 2000, 1],
  ['mcrouter', 0, 2],
])('a killed master: %s is served by the slave after %i ms', async (name, waitMs, hit) => {
  const kill = {fault: (victim: Victim) => victim.kill(), undo: () => {}, undoneMs: 0}
  const {outages, connections} = await run(name, 3.5, kill)
  expect(outages.map(({client, failure}) => ({client, failure}))).toEqual(
    Array.from({length: hit}, (_, client) => ({client, failure: 'reset'})),
  )
  for (const {failedMs, servedMs} of outages) {
    expect(failedMs).toBeLessThanOrEqual(3)
    expect(servedMs).toBeGreaterThanOrEqual(waitMs)
    expect(servedMs).toBeLessThan(waitMs + 12)
  }
  expect(connections.failedOver).toBe(hit)
})

/** Attempts at once and every 3 s; at once and every 100 ms. */
test.each<[PolicyName, number]>([
  ['libmemcached', 6000],
  ['php-memcached', 3600],
])('a killed master that is back after 3.55 s: %s is served by it after %i ms', async (name, servedMs) => {
  const {outages, connections} = await run(name, 7, {
    fault: victim => victim.kill(),
    undo: victim => void victim.start(),
    undoneMs: FAULT_MS + 3550,
  })
  expect(outages).toHaveLength(1)
  expect(outages[0]!.servedMs).toBeGreaterThanOrEqual(servedMs)
  expect(outages[0]!.servedMs).toBeLessThan(servedMs + 50)
  expect(connections).toMatchObject({failedOver: 0, reopened: 1})
})

/** Time-outs are due by the first call that was not answered, or by the 999th, 2 ms apart. */
test.each<[PolicyName, number, number]>([
  ['repbench', 1000, 2],
  ['mcrouter', 1000, 2],
  ['spymemcached', 2500 + 998 * 2, 1],
])('a frozen master: %s gives it up after %i ms', async (name, failedMs, hit) => {
  const {outages} = await run(name, 5.5, {fault: victim => victim.freeze(), undo: () => {}, undoneMs: 0})
  expect(outages).toHaveLength(hit)
  for (const outage of outages) {
    expect(outage.failure).toBe('call time-out')
    expect(outage.failedMs).toBeGreaterThanOrEqual(failedMs)
    expect(outage.failedMs).toBeLessThanOrEqual(failedMs + 5)
    expect(outage.servedMs).toBeLessThan(failedMs + 25)
  }
})

test.each<PolicyName>(['libmemcached', 'spymemcached', 'pymemcache', 'php-memcached'])(
  'a master that is frozen for 3 s: the calls of %s wait for it',
  async name => {
    const {outages, tally} = await run(name, 4, {
      fault: victim => victim.freeze(),
      undo: victim => victim.thaw(),
      undoneMs: FAULT_MS + 3000,
    })
    expect(outages).toHaveLength(1)
    expect(outages[0]).toMatchObject({client: 0, failure: null})
    expect(outages[0]!.servedMs).toBeGreaterThanOrEqual(3000)
    expect(outages[0]!.servedMs).toBeLessThanOrEqual(3005)
    // Half a second of its calls was given up, though their replies came.
    expect(Math.abs(tally.timedOut - (name === 'spymemcached' ? 250 : 0))).toBeLessThanOrEqual(3)
  },
)

test('every policy has its name and its source', () => {
  for (const name of policyNames) {
    expect(clientPolicies[name].name).toBe(name)
    expect(clientPolicies[name].source).not.toBe('')
  }
})
