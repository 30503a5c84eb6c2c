import {describe, expect, test} from 'vitest'
import {FaultNotInjectedError} from '../../../../src/engine/drills/contract/drill.js'
import {RunningClock} from '../../../../src/engine/drills/runner/drill-clock.js'
import type {DrillRun} from '../../../../src/engine/drills/runner/drill-run.js'
import {StepJournal} from '../../../../src/engine/drills/runner/step-journal.js'
import {steps} from '../../../../src/engine/drills/runner/steps.js'

interface Script {
  /** Whether writes cross before the fault, and after the recovery. */
  readonly crosses?: readonly [boolean, boolean]
  readonly undoes?: boolean
  readonly fault?: () => Promise<void>
}

/** A drill whose pair, load and waits are told by hand. */
function scripted({crosses = [true, true], undoes = false, fault = async () => {}}: Script = {}) {
  const done: string[] = []
  const left = [...crosses]
  const signal = new AbortController().signal
  const clock = new RunningClock({holdMs: 200, signal})
  clock.sleep = async ms => void done.push(`sleep ${ms}`)
  const note = (text: string) => () => void done.push(text)
  const journal = new StepJournal({now: () => 0, signal, onStep: undefined})
  const run = {
    options: {
      drill: {
        summary: 'break it',
        undoes,
        async fault() {
          done.push('fault')
          await fault()
        },
        recover: async () => void done.push('recover'),
      },
    },
    timing: {beforeMs: 100, holdMs: 200, settleLimitMs: 300, afterMs: 400},
    clock,
    journal,
    watch: {
      probe: {record: {enter: (phase: string) => done.push(`lag ${phase}`)}},
      hasCrossed: async (_: number, limitMs: number) => {
        done.push(`cross within ${limitMs}`)
        return left.shift()!
      },
      forgetEvents: note('forget events'),
      describeEvents: () => 'node events: killed',
    },
    load: {started: Promise.resolve(1000), targets: [], enter: (phase: string) => done.push(`load ${phase}`)},
    check: {start: async () => void done.push('check starts')},
    probing: {start: note('probing starts')},
    tools: {},
  } as unknown as DrillRun
  const play = async (): Promise<void> => {
    for (const step of steps) await step(run)
  }
  return {done, run, play, told: () => journal.steps.map(({step, state, text}) => `${step} ${state}: ${text}`)}
}

test('load, fault, hold, recovery, settling, load: in that order', async () => {
  const {done, play, run, told} = scripted()
  await play()
  expect(done).toEqual([
    'check starts',
    'lag before',
    'probing starts',
    'sleep 100',
    'cross within 5000',
    'load during',
    'lag during',
    'forget events',
    'fault',
    'sleep 200',
    'recover',
    'cross within 300',
    'load after',
    'lag after',
    'sleep 400',
  ])
  expect(told()).toEqual([
    'before running: load for 0.1 s',
    'fault running: break it',
    'detect running: hold the fault for 0.2 s',
    'detect done: node events: killed',
    'recover running: recovery by the operator',
    'settle running: wait until writes cross both ways',
    'settle done: writes cross both ways',
  ])
  const {fault, recover, paired, settled} = run.clock.times!
  expect(run.clock.startMs).toBe(1000)
  expect(fault).toBeLessThanOrEqual(recover!)
  expect(recover!).toBeLessThanOrEqual(paired!)
  expect(settled).toBe(true)
})

test('no fault is injected into a pair whose writes do not cross', async () => {
  const {done, run, play} = scripted({crosses: [false, true]})
  await expect(play()).rejects.toThrow(FaultNotInjectedError)
  await expect(scripted({crosses: [false, true]}).play()).rejects.toThrow(
    'writes do not cross between the nodes even before',
  )
  expect(done).not.toContain('fault')
  expect(run.clock.times).toBeNull()
})

test('a drill that undoes its fault holds nothing', async () => {
  const {done, play, told} = scripted({undoes: true})
  await play()
  expect(done).not.toContain('sleep 200')
  expect(told()).toContain('detect running: detection')
})

test('a fault that cannot be injected ends the drill', async () => {
  const {done, run, play} = scripted({
    fault: async () => {
      throw new FaultNotInjectedError('cannot')
    },
  })
  await expect(play()).rejects.toThrow('cannot')
  expect(done.at(-1)).toBe('fault')
  expect(run.clock.times).toMatchObject({recover: null, settled: false})
})

test('a pair that does not recover fails its step and is loaded once more', async () => {
  const {done, run, play, told} = scripted({crosses: [true, false]})
  await play()
  expect(told().at(-1)).toBe('settle failed: writes do not cross: the pair did not recover')
  expect(run.clock.times).toMatchObject({paired: null, settled: true})
  expect(done.at(-1)).toBe('sleep 400')
})

describe('the journal', () => {
  test('keeps the first problem, and tells each once', () => {
    const journal = new StepJournal({now: () => 1.5, signal: new AbortController().signal, onStep: undefined})
    journal.begin('fault', 'break it')
    for (const text of ['first', 'first', 'second']) journal.fail(new Error(text))
    expect(journal.problem).toBe('first')
    expect(journal.steps).toEqual([
      {step: 'fault', t: 1.5, state: 'running', text: 'break it'},
      {step: 'fault', t: 1.5, state: 'failed', text: 'first'},
      {step: 'fault', t: 1.5, state: 'failed', text: 'second'},
    ])
  })

  test('calls every error of an interrupted drill an interrupt', () => {
    const told: string[] = []
    const journal = new StepJournal({now: () => 0, signal: AbortSignal.abort(), onStep: ({text}) => told.push(text)})
    journal.fail(new Error('reset'))
    journal.fail(new Error('closed'))
    expect([journal.problem, told]).toEqual(['interrupted', ['interrupted']])
  })
})

describe('the clock', () => {
  const clock = () => new RunningClock({holdMs: 1, signal: new AbortController().signal})

  test('counts from the start of the load', () => {
    const running = clock()
    running.loadStarted(performance.now() - 2000)
    expect(running.now()).toBeGreaterThanOrEqual(2)
    expect(running.faultMs).toBe(running.startMs)
  })

  test('has no times before the fault, whatever is told', () => {
    const running = clock()
    running.mark()
    running.ended()
    expect(running.times).toBeNull()
  })

  test('counts the fault from its last mark', () => {
    const running = clock()
    running.faultBegins()
    const {fault} = running.times!
    running.loadStarted(running.startMs - 1000)
    running.mark()
    expect(running.times!.fault).toBeGreaterThanOrEqual(fault + 1)
    expect(running.faultMs).toBeCloseTo(running.startMs + running.times!.fault * 1000, 6)
  })

  test('waits for a condition, and no longer than the limit', async () => {
    let asked = 0
    expect(await clock().until(() => ++asked === 3, 60_000)).toBe(true)
    expect(await clock().until(() => false, 0)).toBe(false)
  })

  test('a wait ends with an error when the drill is interrupted', async () => {
    const stopping = new AbortController()
    const running = new RunningClock({holdMs: 1, signal: stopping.signal})
    const wait = running.until(() => false, 60_000)
    stopping.abort()
    await expect(wait).rejects.toThrow('aborted')
  })
})
