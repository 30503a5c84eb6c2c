import {mkdtemp, readFile, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect, onTestFinished, test} from 'vitest'
import {UsageError} from '../../../src/cli/app/errors.js'
import type {LoadTarget} from '../../../src/cli/load/load-target.js'
import {chooseNodes} from '../../../src/cli/load/load-target.js'
import {type LoadRoundsSetup, runLoadRounds} from '../../../src/cli/load/run-load-rounds.js'
import type {Round} from '../../../src/cli/rounds/run-rounds.js'
import {startLagProbe} from '../../../src/engine/lag/lag-probe.js'
import type {ClusterNode} from '../../../src/server/node-api/cluster-node.js'
import {attachTopology} from '../../../src/server/topology/attached-node.js'
import {inProcess} from '../../engine/helpers/in-process.js'
import {makePlan} from '../../engine/helpers/plans.js'
import {startFakeMemcached} from '../../helpers/fake-memcached.js'

async function open(changes: Partial<LoadRoundsSetup> = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'repbench-rounds-'))
  onTestFinished(() => rm(directory, {recursive: true}))
  const {address} = await startFakeMemcached()
  const closed: number[] = []
  let opened = 0
  const openTarget = async (): Promise<LoadTarget> => {
    opened += 1
    const number = opened
    if (number > 2) throw new UsageError('no port is free')
    const {nodes} = attachTopology([address])
    const close = async () => void closed.push(number)
    return {topology: 'attached', nodes, home: nodes[0]!, pair: null, watchLink: () => null, close}
  }
  const setup: LoadRoundsSetup = {
    plan: makePlan({ratePerSecond: 200, durationSeconds: 0.1, connections: 2}),
    assertions: [],
    both: false,
    lagProbe: false,
    check: false,
    repeat: 3,
    files: {out: join(directory, 'out.json'), hgrm: join(directory, 'times.hgrm')},
    openTarget,
    ...changes,
  }
  const rounds: Round[] = []
  const ended: number[] = []
  const controller = new AbortController()
  const run = () =>
    runLoadRounds(setup, {
      context: {env: {XDG_STATE_HOME: join(directory, 'state')}, version: '0'},
      signal: controller.signal,
      startLagProbe,
      startThread: inProcess,
      spell: option => `--${option}`,
      startRound(round) {
        rounds.push(round)
        const onEnd = () => void ended.push(round.round)
        return {onSnapshot() {}, onEnd}
      },
    })
  const written = (name: string) => readFile(join(directory, name), 'utf8')
  return {run, rounds, ended, closed, controller, written}
}

test('runs that could be made are reported, saved and written; the verdict is unknown where some could not', async () => {
  const {run, rounds, ended, closed, written} = await open()
  const {document, saved, failure, unwritten} = await run()
  expect(rounds.map(({round, of}) => `${round}/${of}`)).toEqual(['1/3', '2/3', '3/3'])
  expect([ended, closed]).toEqual([
    [1, 2],
    [1, 2],
  ])
  expect(document).toMatchObject({schema: 'repbench.repeated/1', repetitions: 3, verdict: 'unknown'})
  expect('runs' in document && document.runs).toHaveLength(2)
  expect(failure).toMatchObject({message: 'no port is free'})
  expect(unwritten).toEqual([])
  expect(JSON.parse(await readFile(saved.path!, 'utf8'))).toEqual(JSON.parse(await written('out.json')))
  expect(await written('times.hgrm')).toMatch(/^ +Value +Percentile/)
})

test('one run is a document of its own', async () => {
  const {run} = await open({repeat: 1})
  const {document, ...rest} = await run()
  expect(document).toMatchObject({schema: 'repbench.run/1', verdict: 'pass', topology: {name: 'attached'}})
  expect(rest).not.toHaveProperty('failure')
})

test('files that cannot be written cost no run, and each is told', async () => {
  const {run} = await open({repeat: 1, files: {out: '/dev/full', hgrm: '/dev/full'}})
  const {document, unwritten} = await run()
  expect(document.verdict).toBe('pass')
  expect(unwritten.map(({message}) => /--\w+/.exec(message)?.[0])).toEqual(['--out', '--hgrm'])
})

test('no run at all is an error: the first one’s, or that of the interrupt', async () => {
  const failing = await open({openTarget: () => Promise.reject(new UsageError('no port is free'))})
  await expect(failing.run()).rejects.toThrow('no port is free')
  const interrupted = await open()
  interrupted.controller.abort()
  await expect(interrupted.run()).rejects.toMatchObject({code: 'ERR_INTERRUPTED'})
  expect(interrupted.rounds).toEqual([])
})

test('connections go home, to both, or where clients fail over to; a node is known by itself, not by its address', () => {
  const [home, other] = ['m1', 's1'].map(name => ({name, address: {host: '127.0.0.1', port: 1}}) as ClusterNode)
  const names = (nodes: readonly ClusterNode[]) => nodes.map(({name}) => name)
  const pair = [home!, other!] as const
  expect(names(chooseNodes({home: other!, pair, failover: false, both: false}))).toEqual(['s1'])
  expect(names(chooseNodes({home: other!, pair, failover: true, both: false}))).toEqual(['s1', 'm1'])
  expect(names(chooseNodes({home: home!, pair, failover: false, both: true}))).toEqual(['m1', 's1'])
  expect(() => chooseNodes({home: home!, pair: null, failover: true, both: false})).toThrow('got m1 alone')
})
