import {availableParallelism} from 'node:os'
import type {LoadPlan} from '../../../engine/plan/plan.js'
import {type Backend, backendOf} from '../../../server/programs/backends/registry.js'
import type {LaunchOptions} from '../../../server/topology/launch-options.js'
import {binPath} from '../../app/bin-path.js'
import type {CliContext} from '../../app/context.js'
import {exitCodeOfVerdict} from '../../app/exit-codes.js'
import {formatJson} from '../../app/json-text.js'
import {print} from '../../app/print.js'
import {exitCodeOfSignal} from '../../app/shutdown.js'
import {ProgressLine} from '../../documents/text/run-progress.js'
import {saveRun} from '../../history/run-history.js'
import {describeSaved, saveResult} from '../../history/save-result.js'
import {type ProgramOptions, programFiles} from '../../options/node-options.js'
import {findProfile} from '../../profiles/find-profile.js'
import {type Rounds, runRounds} from '../../rounds/run-rounds.js'
import {baselineDocument, baselineVerdict} from './baseline-json.js'
import {summarizeBaseline} from './baseline-summary.js'
import {type BaselineTarget, findTargets, orderOf} from './baseline-targets.js'
import {formatBaseline} from './baseline-text.js'
import {type BaselineRun, measureTarget} from './measure-target.js'

export interface BaselineOptions extends ProgramOptions {
  /** Name or file. */
  readonly profile: string
  readonly backends?: readonly Backend[]
  readonly repeat: number
  readonly json?: true
  /** commander's `--no-probe`. */
  readonly probe: boolean
  readonly memory?: number
  readonly nodeThreads?: number
  readonly maxConns?: number
  readonly queue?: number
}

/** `repbench baseline`. */
export async function runBaseline(options: BaselineOptions, context: CliContext): Promise<number> {
  const {shutdown, stderr, env, version} = context
  const startedAt = new Date()
  const {repeat, probe, backends} = options
  const plan = await findProfile(options.profile, {cpuCount: availableParallelism()})
  const targets = await findTargets({
    asked: backends,
    programs: programFiles(options),
    env,
    signal: shutdown.signal,
    onMissing: problem => stderr.write(`skipped: ${problem}\n`),
  })
  const {runs, failure} = await measureAll({targets, plan, probe, options, context})
  if (runs.length === 0) {
    // Interrupted before there was anything to report.
    if (shutdown.received !== undefined) return exitCodeOfSignal(shutdown.received)
    throw failure
  }
  const interrupted = runs.length < targets.length * repeat || runs.some(({run}) => run.interrupted)
  const rows = summarizeBaseline(targets, runs)
  const report = {plan, rows, repetitions: repeat, interrupted}
  const text = options.json
    ? formatJson(baselineDocument({...report, version, startedAt, runs}))
    : formatBaseline(report)
  const notice = await keepAll(runs, env)
  await print(context, text)
  stderr.write(notice)
  if (shutdown.received !== undefined) return exitCodeOfSignal(shutdown.received)
  if (failure !== undefined) throw failure
  return exitCodeOfVerdict(baselineVerdict({runs, interrupted}))
}

interface MeasureAll {
  readonly targets: readonly BaselineTarget[]
  readonly plan: LoadPlan
  readonly probe: boolean
  readonly options: BaselineOptions
  readonly context: CliContext
}

function measureAll({targets, plan, probe, options, context}: MeasureAll): Promise<Rounds<BaselineRun>> {
  const {shutdown, stderr} = context
  const turns = Array.from({length: options.repeat}, (_, round) => orderOf(targets, round)).flat()
  return runRounds({items: turns, signal: shutdown.signal}, async (target, {round, of}) => {
    stderr.write(`run ${round} of ${of}: ${target.name}\n`)
    const progress = new ProgressLine(stderr)
    const launch = launchOptions(target, options, context)
    const onSnapshot = progress.show.bind(progress)
    try {
      return await measureTarget({target, plan, probe, launch, context, onSnapshot})
    } finally {
      progress.clear()
    }
  })
}

/** Each kind of node gets the options that it has. */
function launchOptions(
  {backend}: BaselineTarget,
  options: BaselineOptions,
  {env, shutdown}: CliContext,
): Omit<LaunchOptions, 'name'> {
  const {memory, nodeThreads, maxConns, queue} = options
  const {takes} = backendOf(backend)
  return {
    binPath,
    env,
    signal: shutdown.signal,
    programs: programFiles(options),
    tuning: {
      memoryMegabytes: memory,
      maxConnections: maxConns,
      ...(takes.includes('threads') ? {threads: nodeThreads} : {}),
      ...(takes.includes('queueLimit') ? {queueLimit: queue} : {}),
    },
  }
}

/** Saves every run in the history, for later comparisons. @returns a line for stderr, a warning where that fails */
async function keepAll(runs: readonly BaselineRun[], env: NodeJS.ProcessEnv): Promise<string> {
  for (const {run} of runs) {
    const saved = await saveResult(() => saveRun({document: run, env}))
    if (saved.path === null) return describeSaved(saved, 'the runs')
  }
  return `${runs.length} runs are saved in the history (repbench runs)\n`
}
