import {once} from 'node:events'
import {afterEach, describe, expect, it} from 'vitest'
import {type Address, formatAddress} from '../../../../src/protocol/address.js'
import {launchTopology, type Topology} from '../../../../src/server/topology/topology.js'
import {converse} from '../../../helpers/converse.js'
import {startProxiedPair} from '../../../helpers/proxied-pair.js'
import {binPath, startRepbench} from '../../../helpers/run-repbench.js'

const topologies: Topology[] = []

afterEach(async () => {
  await Promise.all(topologies.splice(0).map(topology => topology.close()))
})

const LOAD = ['load', '--profile', 'smoke', '--rate', '200', '--conns', '2', '--timeout', '2s', '--json', '--duration']

/** Loads two servers as a pair, and does something to it when the load has gone on for a second. */
async function loadPair(servers: readonly Address[], seconds: number, disturb: () => void, ...args: string[]) {
  const named = servers.flatMap(address => ['--server', formatAddress(address)])
  const child = startRepbench([...LOAD, `${seconds}s`, ...named, '--lag-probe', ...args])
  let [stdout, stderr] = ['', '']
  child.stdout!.on('data', chunk => {
    stdout += String(chunk)
  })
  child.stderr!.on('data', chunk => {
    stderr += String(chunk)
  })
  const exited = once(child, 'exit')
  // The watch over the link comes before the load.
  const timer = setTimeout(disturb, 2500)
  const [code] = await exited
  clearTimeout(timer)
  const document = JSON.parse(stdout)
  return {code, stderr, document, kinds: document.events.map(({kind}: {kind: string}) => kind)}
}

async function launched(): Promise<{servers: readonly Address[]; signalSlave: (signal: NodeJS.Signals) => void}> {
  const topology = await launchTopology({name: 'pair', binPath})
  topologies.push(topology)
  const slave = topology.nodes[1]!
  return {
    servers: topology.nodes.map(({address}) => address),
    signalSlave: signal => void process.kill(slave.status().pid!, signal),
  }
}

describe('a load on two running servers with --lag-probe', () => {
  it('passes on a pair that replicates', async () => {
    const {servers} = await launched()
    const {code, document, kinds} = await loadPair(servers, 2, () => {})
    expect(document.link).toEqual({
      verdict: 'paired',
      why: 'writes cross both ways',
      proven: true,
      unpairedSeconds: 0,
      unknownSeconds: 0,
      parting: null,
      spells: [],
    })
    expect(kinds).not.toContain('diverging')
    expect([code, document.verdict]).toEqual([0, 'pass'])
  })

  it('does not pass when the link lets nothing through, though both ends hold it', async () => {
    const pair = await startProxiedPair()
    const {code, document, kinds, stderr} = await loadPair([pair.master, pair.slave], 5, () => pair.link.stall())
    expect(document.link.verdict).toBe('unpaired-but-serving')
    expect(document.link.why).toMatch(/^writes have not crossed/)
    expect(document.link.unpairedSeconds).toBeGreaterThan(0)
    expect(kinds).toContain('diverging')
    expect(stderr).toContain('warning  ')
    expect([code, document.verdict]).toEqual([1, 'fail'])
  })

  it('does not pass when the link is stalled at its very end', async () => {
    const pair = await startProxiedPair()
    const {code, document} = await loadPair([pair.master, pair.slave], 3, () => pair.link.stall())
    expect([code, document.verdict, document.link.verdict]).toEqual([1, 'fail', 'unpaired-but-serving'])
  })

  it('fails when the slave is killed', async () => {
    const {servers, signalSlave} = await launched()
    const {code, document, kinds} = await loadPair(servers, 6, () => signalSlave('SIGKILL'))
    expect(document.link).toMatchObject({verdict: 'listening', proven: false})
    expect(kinds).toContain('alone')
    expect([code, document.verdict]).toEqual([1, 'fail'])
  })

  it('is unknown when the slave is frozen: nobody can see whether writes cross', async () => {
    const {servers, signalSlave} = await launched()
    const {code, document, kinds} = await loadPair(servers, 6, () => signalSlave('SIGSTOP'))
    expect(document.link).toMatchObject({verdict: 'unknown', unpairedSeconds: 0})
    expect(document.link.unknownSeconds).toBeGreaterThan(1.9)
    expect(kinds).toContain('unproven')
    expect([code, document.verdict]).toEqual([3, 'unknown'])
  })

  it('may have an assertion for it', async () => {
    const {servers, signalSlave} = await launched()
    const {code, document} = await loadPair(servers, 4, () => signalSlave('SIGKILL'), '--assert', 'unpaired<60s')
    expect(document.assertions).toMatchObject([{expr: 'unpaired<60s', verdict: 'pass', unit: 'us'}])
    expect([code, document.verdict]).toEqual([0, 'pass'])
  })
})

describe('the nodes of a loaded pair', () => {
  it('part where what the load writes does not cross: no pass, though probe writes cross', async () => {
    const pair = await startProxiedPair({behaviour: {dropsKey: key => !key.startsWith('repbench:probe')}})
    const {code, document} = await loadPair([pair.master, pair.slave], 2, () => {}, '--method', 'set')
    expect(document.link).toMatchObject({verdict: 'paired', proven: true, unpairedSeconds: 0})
    expect(document.link.parting).toMatchObject({text: expect.stringMatching(/^the nodes part: /), before: false})
    expect(document.link.parting.found.onlyOnFirst).toBeGreaterThan(0)
    expect([code, document.verdict]).toEqual([1, 'fail'])
  })

  it('may have parted before, which is told and is no fault of the load', async () => {
    const pair = await startProxiedPair({behaviour: {dropsKey: key => key.startsWith('old')}})
    await converse(pair.master, 'set old1 0 0 1\r\nx\r\nset old2 0 0 1\r\nx\r\n')
    const {code, document} = await loadPair([pair.master, pair.slave], 1, () => {})
    expect(document.link.parting).toMatchObject({before: true})
    expect([code, document.verdict]).toEqual([0, 'pass'])
  })
})
