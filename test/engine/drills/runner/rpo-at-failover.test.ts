import {expect, onTestFinished, test} from 'vitest'
import {drillPlan} from '../../../../src/engine/drills/contract/drill-plan.js'
import {killMaster} from '../../../../src/engine/drills/each/kill-master.js'
import {runDrill} from '../../../../src/engine/drills/runner/run-drill.js'
import type {ClusterNode} from '../../../../src/server/node-api/cluster-node.js'
import {launchTopology} from '../../../../src/server/topology/topology.js'
import {freePort, freePorts} from '../../../helpers/ports.js'
import {binPath} from '../../../helpers/run-repbench.js'
import {LinkProxy} from '../../../instruments/link-proxy.js'
import {ReadTap} from '../../../instruments/read-tap.js'
import {ReplicationTap} from '../../../instruments/replication-tap.js'
import {WriteOnceClient} from '../../../instruments/write-once-client.js'
import {inProcess} from '../../helpers/in-process.js'

const MASTER = '127.0.0.1'
const SLAVE = '127.0.0.2'
const TO_MASTER = '127.0.0.3'
const LOST_LEAST = 100
const OWN_PER_SECOND = 250

/** A pair whose link can be stalled, and forgets what it holds when the master dies. */
async function forgetfulPair() {
  const port = await freePorts(3, MASTER, SLAVE, TO_MASTER)
  const taps: ReplicationTap[] = []
  const link = await LinkProxy.open({
    listen: {host: TO_MASTER, port: port + 1},
    to: {host: MASTER, port: port + 1},
    behaviour: {forgets: true},
    tap: fromDialler => {
      const tap = new ReplicationTap()
      if (!fromDialler) taps.push(tap)
      return tap
    },
  })
  onTestFinished(() => link.close())
  const topology = await launchTopology({
    name: 'pair',
    binPath,
    hosts: [MASTER, SLAVE],
    firstPort: port,
    nodeArgsOf: {s1: ['-x', TO_MASTER]},
  })
  onTestFinished(() => topology.close())
  return {...topology.pair!, link, taps}
}

/** The same node, whose clients come through the tap. */
async function behind(reads: ReadTap, node: ClusterNode): Promise<ClusterNode> {
  const {host} = node.address
  const address = {host, port: await freePort(host)}
  await reads.open(address, node.address)
  return new Proxy(node, {
    get(target, name) {
      if (name === 'address') return address
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

/** What was lost by plan, what a client of its own lost, and what the drill says. */
async function killForgetful(settings: {rate: number; keys: number}) {
  const {link, taps, ...pair} = await forgetfulPair()
  const reads = new ReadTap()
  onTestFinished(() => reads.close())
  const [master, slave] = [await behind(reads, pair.master), await behind(reads, pair.slave)]
  const planted = (): number => taps[0]!.underWay().filter(key => key.startsWith('drill:')).length
  let own: WriteOnceClient | undefined
  let seen: Awaited<ReturnType<WriteOnceClient['missingOn']>> | undefined
  const result = await runDrill({
    drill: {
      ...killMaster,
      async fault(tools) {
        own = await WriteOnceClient.open({...master.address, prefix: 'once:', perSecond: OWN_PER_SECOND})
        await tools.clock.sleep(500)
        link.stall()
        await tools.clock.until(() => planted() >= LOST_LEAST, 10_000)
        tools.clock.mark()
        await killMaster.fault(tools)
        seen = await own.missingOn(slave.address)
        own.close()
        link.resume()
      },
    },
    cluster: {
      topology: 'pair',
      master,
      slave,
      resilient: false,
      link: null,
      startThird: () => Promise.reject(new Error('Expected no third process')),
    },
    plan: drillPlan(killMaster, {ratePerSecond: settings.rate, keyCount: settings.keys}),
    timing: {beforeMs: 1000, holdMs: 1000, settleLimitMs: 15_000, afterMs: 300},
    signal: AbortSignal.timeout(60_000),
    startThread: inProcess,
  })
  const stale = reads.wrong.filter(({key}) => key.startsWith('drill:')).length
  return {result, planted: planted(), seen: seen!, stale}
}

test.each([
  {rate: 2000, keys: 10_000},
  {rate: 4000, keys: 100},
])(
  'at $rate a second on $keys keys all that the link forgot is lost, whatever is written later',
  async settings => {
    const {result, planted, seen, stale} = await killForgetful(settings)
    expect(result.problem).toBeNull()
    const {failovers, atEnd, unknown, ...all} = result.rpo!
    const [first] = failovers
    expect(first).toMatchObject({from: 'm1', to: 's1', connections: 20})
    expect(planted).toBeGreaterThanOrEqual(LOST_LEAST)
    // Acknowledged a moment before the master died, a write may not have come as far as the link; or its reply not here.
    expect(Math.abs(first!.writes - planted)).toBeLessThanOrEqual(Math.max(5, planted * 0.1))
    expect(unknown).toBe(0)
    expect(all.writes).toBeGreaterThanOrEqual(Math.max(first!.writes, atEnd.writes))
    expect(atEnd.writes).toBeLessThan(first!.writes)
    // The client beside the load lost writes of the same time.
    expect(seen.missing).toBeGreaterThan(0)
    expect(seen.spanMs).toBeLessThan(first!.ms! + 100)
    // What the clients read of these writes was stale, and is explained.
    const {total, unexplained} = result.wrongReads!
    expect(unexplained).toBe(0)
    // A relay sees a reply before the client does, so that a read may be late for one and not for the other.
    expect(total).toBeGreaterThan(0)
    expect(Math.abs(total - stale)).toBeLessThanOrEqual(Math.max(3, stale * 0.05))
  },
  60_000,
)
