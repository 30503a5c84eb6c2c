import {messageOf} from '../../../protocol/errors.js'
import type {DrillJournal, OwnKeys, SoakFault} from '../contract/drill.js'
import {type DrillStep, INTERRUPTED, type StepName} from '../judge/drill-result.js'

interface StepJournalOptions {
  /** Seconds from the start of the load. */
  readonly now: () => number
  readonly signal: AbortSignal
  readonly onStep: ((step: DrillStep) => void) | undefined
}

/** What a drill did, step by step, and why it could not go on. */
export class StepJournal implements DrillJournal {
  readonly steps: DrillStep[] = []
  readonly faults: SoakFault[] = []
  ownKeys: OwnKeys | null = null
  /** The first error; null when there was none. */
  problem: string | null = null
  readonly #options: StepJournalOptions
  #step: StepName = 'before'

  constructor(options: StepJournalOptions) {
    this.#options = options
  }

  begin(step: StepName, text: string): void {
    this.#step = step
    this.#add(text, 'running')
  }

  done(text: string, succeeded = true): void {
    this.#add(text, succeeded ? 'done' : 'failed')
  }

  fail(error: unknown): void {
    const text = this.#options.signal.aborted ? INTERRUPTED : messageOf(error)
    if (this.problem === text) return
    this.problem ??= text
    this.#add(text, 'failed')
  }

  say(text: string): void {
    this.#add(text, 'running')
  }

  record(fault: SoakFault): void {
    this.faults.push(fault)
  }

  wrote(keys: OwnKeys): void {
    this.ownKeys = keys
  }

  #add(text: string, state: DrillStep['state']): void {
    const {now, onStep} = this.#options
    const step = {step: this.#step, t: now(), state, text}
    this.steps.push(step)
    onStep?.(step)
  }
}
