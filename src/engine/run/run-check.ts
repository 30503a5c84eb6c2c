import {AskError} from '../../ask/ask-error.js'
import type {CheckedNodes} from '../check/ledger/check-ledger.js'
import type {NamedFinding} from '../check/ledger/ledger-findings.js'
import {PairCheck} from '../check/pair-check.js'
import type {RequestCount} from '../measure/request-counts.js'
import type {LoadPlan} from '../plan/plan.js'
import type {RunResult} from '../result/run-result.js'
import type {VerifyAssignment} from '../verify/verifier.js'

/** How to check the nodes after a load with verification. */
export interface RunCheckOptions {
  /** The load's node, or both nodes of its pair. */
  readonly nodes: CheckedNodes
  /** The nodes may be asked to list all their keys, which is too much for servers of others. */
  readonly mayList: boolean
  /** Called for every wrong key. */
  readonly onFinding?: (finding: NamedFinding) => void
}

type CheckOutcome = Pick<RunResult, 'consistency' | 'checkProblem'>

interface RunCheckSetup {
  readonly plan: LoadPlan
  /** Null without verification. */
  readonly verify: VerifyAssignment | null
  readonly signal: AbortSignal
  /** Requests of the check are added. */
  readonly requests: RequestCount
  /** Undefined = no check. */
  readonly asked: RunCheckOptions | undefined
}

/** The check of the nodes after a run, if wanted. */
export class RunCheck {
  readonly #setup: RunCheckSetup
  readonly #check: PairCheck | undefined

  constructor(setup: RunCheckSetup) {
    this.#setup = setup
    if (setup.asked !== undefined && setup.verify !== null)
      this.#check = new PairCheck(setup.asked.nodes, setup.requests)
  }

  /** Before the load. */
  async start(): Promise<void> {
    await this.#check?.start()
  }

  /** After the load; an interrupted load is not checked. */
  async finish(onProgress: (progress: {checked: number; keys: number}) => void): Promise<CheckOutcome> {
    const {plan, verify, signal, asked} = this.#setup
    if (this.#check === undefined || signal.aborted) return noCheck
    const {mayList, onFinding} = asked!
    try {
      const consistency = await this.#check.check({
        plan,
        verify: verify!,
        signal,
        mayList,
        onProgress,
        ...(onFinding === undefined ? {} : {onFinding}),
      })
      return {consistency, checkProblem: null}
    } catch (error) {
      if (signal.aborted) return noCheck
      if (!(error instanceof AskError)) throw error
      return {consistency: null, checkProblem: error.message}
    }
  }

  close(): void {
    this.#check?.close()
  }
}

const noCheck: CheckOutcome = {consistency: null, checkProblem: null}
