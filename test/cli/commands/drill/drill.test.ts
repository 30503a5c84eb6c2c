import {mkdtemp, readdir, readFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {drills} from '../../../../src/engine/drills/each/registry.js'
import {policyNames} from '../../../../src/engine/plan/client-policies.js'
import {launchTopology} from '../../../../src/server/topology/topology.js'
import {childrenOf} from '../../../helpers/processes.js'
import {binPath, runRepbench} from '../../../helpers/run-repbench.js'

const quick = [
  '--before',
  '500ms',
  '--hold',
  '300ms',
  '--after',
  '300ms',
  '--settle',
  '10s',
  '--keys',
  '500',
  '--rate',
  '1000',
]

async function drill(...args: readonly string[]) {
  const state = await mkdtemp(join(tmpdir(), 'repbench-drill-'))
  const run = await runRepbench(['drill', ...args], {env: {XDG_STATE_HOME: state}})
  return {...run, state, text: run.stdout.toString()}
}

describe('repbench drill on an embedded pair', () => {
  test('kill-master: clients fail over, and the pair is whole again', async () => {
    const {code, text, stderr, state} = await drill('kill-master', ...quick, '--json')
    const document = JSON.parse(text)
    expect(document).toMatchObject({
      schema: 'repbench.drill/1',
      drill: 'kill-master',
      problem: null,
      check: {keys: 500, nodes: ['m1', 's1']},
      run: {connections: {opened: 20, failedOver: 20}},
    })
    // 20 connections at 1,000 op/s call every 20 ms, too seldom.
    const {rtoMs, probes} = document.measures
    expect(rtoMs).toMatchObject({clients: 4, never: 0, by: 'probes', resolutionMs: 5})
    const {ms, detectionMs, waitingMs, connectMs} = rtoMs.worst
    expect(detectionMs + waitingMs + connectMs).toBe(ms)
    expect(probes.calls).toBeGreaterThan(500)
    expect(document.run.operations.sent).toBeLessThan(probes.calls * 10)
    expect(document.clients).toMatchObject({clientPolicy: 'repbench', timeoutMs: 1000, failoverDelayMs: 10})
    expect(document.assertions.find(({expr}: {expr: string}) => expr === 'paired')).toMatchObject({verdict: 'pass'})
    expect(stderr).toMatch(/✓ settle {3}writes cross both ways/)
    expect(code).toBe(document.verdict === 'pass' ? 0 : 1)
    const [saved] = await readdir(join(state, 'repbench', 'drills'))
    expect(JSON.parse(await readFile(join(state, 'repbench', 'drills', saved!), 'utf8'))).toEqual(document)
    expect(childrenOf(process.pid).filter(({commandLine}) => commandLine.includes('repbench.js node'))).toEqual([])
  })

  test('kill-master by every client policy, in one table', async () => {
    const {code, text} = await drill('kill-master', ...quick, '--client-policy', 'all', '--json')
    const {schema, policies, verdict, drills: documents} = JSON.parse(text)
    expect([schema, documents.length]).toEqual(['repbench.policies/1', 6])
    expect(policies.map(({policy}: {policy: string}) => policy)).toEqual([...policyNames])
    // Keys that are hashed are half of the clients.
    expect(policies[0].rtoMs.clients).toBe(4)
    expect(documents[2].run.connections).toMatchObject({opened: 20, failedOver: 10})
    expect(new Set(documents.map(({seed}: {seed: number}) => seed))).toEqual(new Set([1]))
    expect(code).toBe(['pass', 'fail', '', 'unknown'].indexOf(verdict))
  })

  test('overflow: a faithful pair is not whole again, and says what to do; exit 1', async () => {
    const {code, text} = await drill('overflow', ...quick, '--settle', '500ms')
    expect(text).toMatch(/assertion +fail +paired +false/)
    expect(text).toContain('what to do     Restart the node with the older data')
    expect(text).toContain('verdict        fail\n')
    expect(code).toBe(1)
  })

  test('overflow: a resilient pair finds itself again', async () => {
    const {code, text} = await drill(
      'overflow',
      ...quick,
      '--resilient',
      '--assert',
      'paired',
      '--assert',
      'diverged==0',
    )
    expect(text).toContain('verdict        pass\n')
    expect(code).toBe(0)
  })

  test('cut-link: the link is cut while both nodes live', async () => {
    const {code, text} = await drill('cut-link', ...quick, '--resilient', '--json')
    const {measures, events, verdict} = JSON.parse(text)
    expect(events.map(({kind}: {kind: string}) => kind)).toContain('linkLost')
    expect(measures.rtoMs.clients).toBe(0)
    expect(measures.pairedAgainMs).not.toBeNull()
    expect(code).toBe(verdict === 'pass' ? 0 : 1)
  })

  test('soak: the sequence of the seed, a soak of two faults, each undone', async () => {
    const {code, text} = await drill('soak', ...quick, '--seed', '3', '--faults', '2', '--json')
    const {faults, verdict, replay} = JSON.parse(text)
    expect(faults).toMatchObject([{number: 1}, {number: 2}])
    expect(faults.every(({wholeAfterMs}: {wholeAfterMs: number | null}) => wholeAfterMs !== null)).toBe(true)
    expect([code, replay]).toEqual([verdict === 'pass' ? 0 : 1, null])
  })

  test('concurrent-writers: the two nodes differ', async () => {
    const {code, text} = await drill('concurrent-writers', ...quick)
    expect(text).toMatch(/other keys {5}\d+ of 500 differ between the nodes/)
    expect(code).toBeLessThan(2)
  })
})

test('--list names them all', async () => {
  const {code, text} = await drill('--list')
  expect(
    text
      .trimEnd()
      .split('\n')
      .map(line => line.split(' ')[0]),
  ).toEqual(drills.map(({name}) => name))
  expect(code).toBe(0)
})

test('--list --json says where each can be run', async () => {
  const {code, text} = await drill('--list', '--json')
  const {schema, drills: listed} = JSON.parse(text)
  expect([code, schema, listed.length]).toEqual([0, 'repbench.drill-list/1', drills.length])
  const killMaster = listed.find(({name}: {name: string}) => name === 'kill-master')
  expect(killMaster.places.at(-1)).toMatchObject({name: 'running servers', whyNot: expect.stringContaining('does not')})
})

test('running servers: a drill that does nothing to them, and one line for the others', async () => {
  const pair = await launchTopology({name: 'pair', binPath})
  try {
    const servers = pair.nodes.flatMap(({address: {host, port}}) => ['--server', `${host}:${port}`])
    const calm = await drill('calm', ...quick, ...servers, '--json')
    expect(JSON.parse(calm.text)).toMatchObject({topology: 'attached', problem: null, check: {keys: 500}})
    expect(calm.code).toBe(0)
    const kill = await drill('kill-master', ...servers)
    expect(kill.stderr).toMatch(
      /^repbench: Expected a drill that running servers can have \(calm, .*got kill-master: .*\n$/,
    )
    expect(kill.code).toBe(2)
    expect(pair.nodes.map(node => node.status().state)).toEqual(['up', 'up'])
  } finally {
    await pair.close()
  }
})

test.each([
  [[], 'Expected the name of a drill (calm, kill-master'],
  [['kill-mastr'], "got 'kill-mastr' (did you mean kill-master?)"],
  [['kill-master', '--assert', 'rot<2s'], "got 'rot'"],
  [['kill-master', '--topology', 'single'], "'single'"],
  [['cut-link', '--port', '30000'], 'Expected cut-link without addresses and ports'],
  [['kill-master', '--duration', '1m'], 'Expected --duration with soak'],
  [['soak', '--faults', '0'], 'Expected a number of faults'],
  [['calm', '--server', '127.0.0.1:1'], 'Expected --server twice'],
  [['kill-master', '--switch-back', 'soon'], "got 'soon'"],
  [['kill-master', '--keys', '5'], 'as many keys as connections'],
  [['kill-master', '--client-policy', 'memjs'], "'memjs'"],
  [['kill-master', '--client-policy', 'all', '--repeat', '2'], 'Expected --client-policy all without --repeat'],
  [['kill-master', '--topology', 'repcached', '--repcached-bin', '/nowhere/repcached'], '/nowhere/repcached'],
])('wrong input is one line: %j', async (args, message) => {
  const {code, stderr} = await drill(...args)
  expect(stderr).toContain(message)
  expect(
    stderr
      .trimEnd()
      .split('\n')
      .filter(line => !line.startsWith('starting topology')),
  ).toHaveLength(1)
  expect(code).toBe(2)
})
