import {once} from 'node:events'
import {connect, type Socket} from 'node:net'
import {expect, onTestFinished, test} from 'vitest'
import type {LoadPlan} from '../../../src/engine/plan/plan.js'
import type {RunResult} from '../../../src/engine/result/run-result.js'
import {runLoad} from '../../../src/engine/run/run.js'
import {startEmbedded} from '../../helpers/embedded.js'
import {startLinkedPair} from '../../helpers/linked-pair.js'
import {startMemcached} from '../../helpers/memcached.js'
import {waitFor} from '../../helpers/wait-for.js'
import {inProcess} from '../helpers/in-process.js'
import {makePlan} from '../helpers/plans.js'

/** A server's own counters, asked for on one connection from before the run to after it. */
class ServerCounters {
  readonly #socket: Socket

  constructor(address: {host: string; port: number}) {
    this.#socket = connect(address)
    onTestFinished(() => void this.#socket.destroy())
  }

  async read(): Promise<Record<string, number>> {
    this.#socket.write('stats\r\n')
    let text = ''
    while (!text.endsWith('END\r\n')) text += String((await once(this.#socket, 'data'))[0])
    const stat = (name: string) => Number(new RegExp(`STAT ${name} (\\d+)`).exec(text)?.[1] ?? 0)
    return {
      connections: stat('total_connections'),
      gets: stat('cmd_get'),
      sets: stat('cmd_set'),
      deletes: stat('delete_hits') + stat('delete_misses'),
      counters: stat('incr_hits') + stat('incr_misses') + stat('decr_hits') + stat('decr_misses'),
      touches: stat('cmd_touch'),
    }
  }
}

function summed({total}: RunResult): Record<string, number> {
  const {load, warmup, prefill, probes, checks} = total!
  const names = ['connections', 'gets', 'sets', 'deletes', 'counters', 'touches'] as const
  const parts = [load, warmup, prefill, probes, checks]
  return Object.fromEntries(names.map(name => [name, parts.reduce((sum, part) => sum + (part?.[name] ?? 0), 0)]))
}

const mixOf = (...names: LoadPlan['mix'][number]['method'][]) => names.map(method => ({method, weight: 1}))

const runs: readonly [string, Partial<LoadPlan>, boolean][] = [
  [
    'prefill, warm-up, verification and a check',
    {mix: mixOf('get', 'set', 'cas', 'delete'), multigetKeys: 3, verify: true, prefill: true, warmupSeconds: 0.3},
    true,
  ],
  ['counters and touches', {mix: mixOf('incr', 'decr', 'touch', 'gets', 'add'), prefill: true, ttlSeconds: 60}, false],
  ['nothing that is answered', {mix: mixOf('set', 'append'), noreply: true}, false],
]

test.each(runs.flatMap(run => (['memcached', 'an embedded node'] as const).map(server => [server, ...run] as const)))(
  'what a run asked is what %s counted: %s',
  async (server, _name, changes, isChecked) => {
    const address = server === 'memcached' ? (await startMemcached()).address : (await startEmbedded()).address
    const counters = new ServerCounters(address)
    const before = await counters.read()
    const result = await runLoad({
      plan: makePlan({
        connections: 6,
        threads: 2,
        keyCount: 500,
        ratePerSecond: 2000,
        durationSeconds: 0.5,
        ...changes,
      }),
      targets: [address],
      signal: new AbortController().signal,
      startThread: inProcess,
      ...(isChecked ? {check: {nodes: [{name: 'm1', address}], mayList: true}} : {}),
    })
    expect(result.verdict).toBe('pass')
    const asked = summed(result)
    // A server may take a connection some time after its client has closed it.
    await waitFor(async () => {
      const after = await counters.read()
      const counted = Object.fromEntries(Object.entries(after).map(([name, count]) => [name, count - before[name]!]))
      expect(asked).toEqual(counted)
    })
    expect(result.total!.connections).toBe(asked.connections)
    if (isChecked) expect(result.total!.checks.gets).toBeGreaterThanOrEqual(500)
  },
)

test('what a run asked of a pair, probes and checks and all, is what both nodes counted', async () => {
  const {master, slave} = await startLinkedPair()
  const addresses = [master, slave] as const
  const counters = addresses.map(address => new ServerCounters(address))
  const before = await Promise.all(counters.map(counter => counter.read()))
  const result = await runLoad({
    plan: makePlan({
      connections: 4,
      keyCount: 300,
      ratePerSecond: 1000,
      durationSeconds: 0.6,
      mix: mixOf('get', 'set'),
      verify: true,
      prefill: true,
    }),
    targets: [...addresses],
    spread: true,
    lagProbe: addresses,
    signal: new AbortController().signal,
    startThread: inProcess,
    check: {
      nodes: [
        {name: 'm1', address: master},
        {name: 's1', address: slave},
      ],
      mayList: true,
    },
  })
  const asked = summed(result)
  await waitFor(async () => {
    const after = await Promise.all(counters.map(counter => counter.read()))
    const names = Object.keys(asked)
    const counted = (name: string) => after.reduce((sum, node, index) => sum + node[name]! - before[index]![name]!, 0)
    expect(asked).toEqual(Object.fromEntries(names.map(name => [name, counted(name)])))
  })
  expect(result.total!.probes).toMatchObject({sets: expect.any(Number), gets: expect.any(Number)})
  expect(result.total!.probes!.sets).toBeGreaterThan(10)
})
