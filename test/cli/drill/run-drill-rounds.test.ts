import {mkdtemp, readFile, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect, onTestFinished, test} from 'vitest'
import {UsageError} from '../../../src/cli/app/errors.js'
import {attachDrillCluster} from '../../../src/cli/drill/drill-cluster.js'
import {type DrillRoundsSetup, runDrillRounds} from '../../../src/cli/drill/run-drill-rounds.js'
import type {SaveOutcome} from '../../../src/cli/history/save-result.js'
import type {Round} from '../../../src/cli/rounds/run-rounds.js'
import {parseAssertion} from '../../../src/engine/assertions/assertion.js'
import {drillPlan} from '../../../src/engine/drills/contract/drill-plan.js'
import {drills} from '../../../src/engine/drills/each/registry.js'
import {drillMeasures} from '../../../src/engine/drills/judge/drill-measures.js'
import {startLagProbe} from '../../../src/engine/lag/lag-probe.js'
import {inProcess} from '../../engine/helpers/in-process.js'
import {startLinkedPair} from '../../helpers/linked-pair.js'

const calm = drills.find(({name}) => name === 'calm')!

async function open(changes: Partial<DrillRoundsSetup>) {
  const directory = await mkdtemp(join(tmpdir(), 'repbench-rounds-'))
  onTestFinished(() => rm(directory, {recursive: true}))
  const {master, slave} = await startLinkedPair()
  const plan = drillPlan(calm, {ratePerSecond: 500, keyCount: 100})
  const setup: DrillRoundsSetup = {
    drill: calm,
    plans: [plan, plan, plan],
    byPolicy: false,
    timing: {beforeMs: 100, holdMs: 50, settleLimitMs: 10_000, afterMs: 50},
    extent: {durationMs: null, faults: null},
    assertions: [parseAssertion('paired', drillMeasures)],
    args: ['drill', 'calm'],
    files: {out: join(directory, 'out.json'), findings: join(directory, 'findings')},
    openCluster: async () => attachDrillCluster(calm, [master, slave]),
    ...changes,
  }
  const rounds: Round[] = []
  const saved: SaveOutcome[] = []
  const controller = new AbortController()
  const outcome = () =>
    runDrillRounds(setup, {
      context: {env: {XDG_STATE_HOME: join(directory, 'state')}, version: '0'},
      signal: controller.signal,
      startLagProbe,
      startThread: inProcess,
      spell: option => `--${option}`,
      startRound(round) {
        rounds.push(round)
        return {onStep() {}, onSaved: result => saved.push(result)}
      },
    })
  const written = async (name: string) => readFile(join(directory, name), 'utf8')
  return {outcome, rounds, saved, controller, written, pair: [master, slave] as const}
}

/** A pair that is there for so many drills. */
function failsAfter(count: number, pair: () => readonly [never, never]) {
  let opened = 0
  return async () => {
    opened += 1
    if (opened > count) throw new UsageError('no port is free')
    return attachDrillCluster(calm, pair())
  }
}

test('drills that could be run are reported, saved and written; the verdict is unknown where some could not', async () => {
  let pair: readonly unknown[] = []
  const {outcome, rounds, saved, written, ...rest} = await open({
    openCluster: failsAfter(1, () => pair as readonly [never, never]),
  })
  pair = rest.pair
  const {document, failure, unwritten} = await outcome()
  expect(rounds).toEqual([
    {round: 1, of: 3},
    {round: 2, of: 3},
  ])
  expect(document).toMatchObject({schema: 'repbench.drills/1', repetitions: 3, verdicts: ['pass'], verdict: 'unknown'})
  expect(failure).toMatchObject({message: 'no port is free'})
  expect(unwritten).toEqual([])
  expect(saved).toEqual([{path: expect.stringContaining('-calm.json'), problem: null}])
  expect(JSON.parse(await written('out.json'))).toEqual(JSON.parse(JSON.stringify(document)))
  expect(await written('findings')).toBe('')
})

test('a drill that cannot be run at all is an error, and leaves no file', async () => {
  const {outcome, written} = await open({openCluster: failsAfter(0, () => [] as never)})
  await expect(outcome()).rejects.toThrow('no port is free')
  await expect(written('findings')).rejects.toMatchObject({code: 'ENOENT'})
  await expect(written('out.json')).rejects.toMatchObject({code: 'ENOENT'})
})

test('nothing is run after an interrupt', async () => {
  const {outcome, controller, rounds} = await open({})
  controller.abort()
  await expect(outcome()).rejects.toMatchObject({code: 'ERR_INTERRUPTED'})
  expect(rounds).toEqual([])
})

test('files that cannot be written cost no result', async () => {
  const {outcome} = await open({
    files: {out: '/dev/full', findings: '/dev/full'},
    plans: [drillPlan(calm, {keyCount: 50})],
  })
  const {document, unwritten} = await outcome()
  expect(document.schema).toBe('repbench.drill/1')
  expect(unwritten.map(({message}) => message)).toEqual([
    'Expected a writable --out file, got write: no space left on device',
  ])
})
