import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {pathToFileURL} from 'node:url'
import {commonTokens, declareClassPlugin, PluginKind} from '@stryker-mutator/api/plugin'
import {
  type CompleteDryRunResult,
  type DryRunResult,
  DryRunStatus,
  determineHitLimitReached,
  type MutantRunOptions,
  type MutantRunResult,
  MutantRunStatus,
  type TestResult,
  type TestRunner,
  type TestRunnerCapabilities,
  TestStatus,
} from '@stryker-mutator/api/test-runner'
import {resolveSources} from './resolve-sources.ts'
import {type CollectedTest, collect, runTest, vi} from './test-collector.ts'

/** A test that takes so much longer than without a mutant has timed out. */
const LIMIT_FACTOR = 20
const LIMIT_MS = 1500

/** What the code under test reads of which mutant is active, and notes of which it reached. */
interface Switches {
  activeMutant?: string | undefined
  currentTestId?: string | undefined
  hitCount?: number | undefined
  hitLimit?: number | undefined
  mutantCoverage?: CompleteDryRunResult['mutantCoverage']
}

type Outcome = {passed: true} | {passed: false; timedOut: boolean; message: string}

// Tests may replace the globals.
const {setTimeout, clearTimeout, performance} = globalThis
const setImmediate = globalThis.setImmediate

/**
 * Loads the tests once and runs those that reach a mutant in this same process: a few
 * milliseconds a mutant. Mutants of code that runs at import get all modules loaded anew.
 */
class InProcessRunner implements TestRunner {
  static readonly inject = [commonTokens.options] as const
  readonly #switches: Switches
  readonly #tookMs = new Map<string, number>()
  #tests: readonly CollectedTest[] = []
  #generation = 0
  /** Of an error that no test caught. */
  #stray: ((error: unknown) => void) | undefined

  constructor() {
    const scope = globalThis as {__stryker__?: Switches}
    scope.__stryker__ ??= {}
    this.#switches = scope.__stryker__
  }

  capabilities(): TestRunnerCapabilities {
    return {reloadEnvironment: true}
  }

  async init(): Promise<void> {
    process.env.NODE_ENV = 'test'
    process.env.VITEST = 'true'
    process.env.XDG_STATE_HOME = join(tmpdir(), 'repbench-tests', 'state')
    process.env.XDG_RUNTIME_DIR = join(tmpdir(), 'repbench-tests', 'run')
    for (const event of ['uncaughtException', 'unhandledRejection'] as const)
      process.on(event, (error: unknown) => this.#stray?.(error))
    resolveSources(pathToFileURL(`${process.cwd()}/`).href, () => this.#generation)
  }

  async dryRun(): Promise<DryRunResult> {
    const switches = this.#switches
    switches.activeMutant = undefined
    switches.hitCount = switches.hitLimit = undefined
    await this.#load()
    const results: TestResult[] = []
    for (const test of this.#tests) {
      switches.currentTestId = test.id
      const startMs = performance.now()
      const outcome = await this.#run(test, 60_000)
      switches.currentTestId = undefined
      const timeSpentMs = performance.now() - startMs
      this.#tookMs.set(test.id, timeSpentMs)
      const {id, name, line, column} = test
      const result = {
        id,
        name,
        timeSpentMs,
        fileName: join(process.cwd(), test.file),
        startPosition: {line: line - 1, column: column - 1},
      }
      results.push(
        outcome.passed
          ? {...result, status: TestStatus.Success}
          : {...result, status: TestStatus.Failed, failureMessage: outcome.message},
      )
    }
    this.#tests = this.#quickestFirst(this.#tests)
    return {status: DryRunStatus.Complete, tests: results, mutantCoverage: switches.mutantCoverage!}
  }

  async mutantRun(options: MutantRunOptions): Promise<MutantRunResult> {
    if (this.#tests.length === 0) await this.#loadAndTime()
    if (options.mutantActivation === 'static') return this.#staticRun(options)
    const result = await this.#mutantRun(options)
    if (result.status === MutantRunStatus.Survived || (await this.#isSound(result))) return result
    // What a mutant left behind makes the test fail without it too: judged again by what is loaded anew.
    await this.#load()
    const again = await this.#mutantRun(options, 2)
    if (again.status !== MutantRunStatus.Survived) await this.#load()
    return again
  }

  /** In a process begun anew, after a mutant stuck the last one. */
  async #loadAndTime(): Promise<void> {
    await this.#load()
    for (const test of this.#tests) {
      const startMs = performance.now()
      await this.#run(test, 60_000)
      this.#tookMs.set(test.id, performance.now() - startMs)
    }
    this.#tests = this.#quickestFirst(this.#tests)
  }

  /** Everything is loaded with the mutant active, and thrown away. */
  async #staticRun(options: MutantRunOptions): Promise<MutantRunResult> {
    const kept = this.#tests
    try {
      this.#activate(options)
      await this.#load()
      return await this.#mutantRun(options)
    } catch (error) {
      return {
        status: MutantRunStatus.Killed,
        killedBy: [kept[0]?.id ?? 'import'],
        failureMessage: String(error),
        nrOfTests: 0,
      }
    } finally {
      this.#switches.activeMutant = undefined
      this.#tests = kept
    }
  }

  #activate({activeMutant, hitLimit}: MutantRunOptions): void {
    this.#switches.activeMutant = activeMutant.id
    this.#switches.hitLimit = hitLimit
    this.#switches.hitCount = hitLimit === undefined ? undefined : 0
  }

  async #mutantRun(options: MutantRunOptions, patience = 1): Promise<MutantRunResult> {
    const chosen = options.testFilter && new Set(options.testFilter)
    this.#activate(options)
    let nrOfTests = 0
    try {
      for (const test of this.#tests) {
        if (chosen?.has(test.id) === false) continue
        nrOfTests++
        const outcome = await this.#run(test, patience * this.#limitMs(test))
        const hits = determineHitLimitReached(this.#switches.hitCount, options.hitLimit)
        if (hits !== undefined) return {status: MutantRunStatus.Timeout, reason: hits.reason ?? ''}
        if (outcome.passed) continue
        if (outcome.timedOut) return {status: MutantRunStatus.Timeout, reason: outcome.message}
        return {status: MutantRunStatus.Killed, killedBy: [test.id], failureMessage: outcome.message, nrOfTests}
      }
      return {status: MutantRunStatus.Survived, nrOfTests}
    } finally {
      this.#switches.activeMutant = undefined
      this.#switches.hitCount = this.#switches.hitLimit = undefined
    }
  }

  /** Without a mutant, the test that it failed passes. */
  async #isSound(result: MutantRunResult): Promise<boolean> {
    if (result.status !== MutantRunStatus.Killed) return false
    const test = this.#tests.find(({id}) => id === result.killedBy[0])
    return test !== undefined && (await this.#run(test, this.#limitMs(test))).passed
  }

  async #load(): Promise<void> {
    this.#generation++
    const folder = pathToFileURL(`${process.cwd()}/`).href
    await import(`${folder}test/helpers/quick-properties.ts`)
    const tests: CollectedTest[] = []
    for (const file of (process.env.MUTATE_TESTS ?? '').split(' ')) {
      tests.push(...(await collect(file, () => import(`${folder}${file}`))))
    }
    this.#tests = this.#quickestFirst(tests)
  }

  #limitMs({id}: CollectedTest): number {
    return LIMIT_MS + LIMIT_FACTOR * (this.#tookMs.get(id) ?? 0)
  }

  /** Most mutants fail the first test that reaches them. */
  #quickestFirst(tests: readonly CollectedTest[]): CollectedTest[] {
    return [...tests].sort((a, b) => (this.#tookMs.get(a.id) ?? 0) - (this.#tookMs.get(b.id) ?? 0))
  }

  async #run(test: CollectedTest, limitMs: number): Promise<Outcome> {
    let timer: NodeJS.Timeout | undefined
    const limit = new Promise<Outcome>(resolve => {
      timer = setTimeout(() => resolve({passed: false, timedOut: true, message: `longer than ${limitMs} ms`}), limitMs)
    })
    const stray = new Promise<Outcome>(resolve => {
      this.#stray = error => resolve({passed: false, timedOut: false, message: String(error)})
    })
    const run = runTest(test).then(
      // Rejections that nobody handles are told after the microtasks.
      () => new Promise<Outcome>(resolve => setImmediate(() => resolve({passed: true}))),
      (error: unknown): Outcome => ({passed: false, timedOut: false, message: String(error)}),
    )
    const outcome = await Promise.race([run, limit, stray])
    clearTimeout(timer)
    this.#stray = undefined
    if (!outcome.passed) {
      vi.useRealTimers()
      vi.restoreAllMocks()
    }
    return outcome
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'in-process', InProcessRunner)]
