import {formatAddress} from '../../protocol/address.js'
import {addKind} from '../measure/accounts.js'
import type {LoadPhase} from '../plan/phases.js'
import {isOpenLoop} from '../plan/plan.js'
import type {RunMerges} from '../result/run-description.js'
import type {RunMerge} from '../result/run-merge.js'
import type {RunEvent} from '../result/run-result.js'
import type {RunPhase, RunSnapshot} from '../result/run-snapshot.js'
import {Pace} from '../workload/pace.js'
import {EventLog, type LoggedEvent} from './event-log.js'
import type {RunLag} from './run-lag.js'
import type {RunOptions} from './run-options.js'
import {SwitchWatch} from './switch-watch.js'

interface ObserverOptions extends Pick<RunOptions, 'plan' | 'targets' | 'signal' | 'nodes' | 'onSnapshot'> {
  /** The run has more than one phase. */
  readonly isPhased: boolean
  readonly merges: RunMerges
  readonly lag: RunLag
}

/** Turns reports into snapshots, and events of connections and nodes into events on one clock. */
export class RunObserver {
  readonly #options: ObserverOptions
  readonly #reported = new Set<number>()
  readonly #finished = new Set<number>()
  readonly #events = new EventLog()
  /** Failures of connections, by kind. */
  readonly #failures: Record<string, number> = {}
  readonly #unsubscribe: readonly (() => void)[]
  readonly #onAbort = (): void => this.#note(performance.now(), 'interrupted', 'interrupted by the operator')
  /** Start of the load itself, from which event times count. */
  #startMs: number | undefined
  #phase: LoadPhase['name'] | undefined
  readonly #pace: Pace | null
  #eventsTold = 0
  #last: RunSnapshot | undefined
  readonly #over = new SwitchWatch((connections, atMs) =>
    this.#note(atMs, 'failedOver', `${connectionsText(connections)} failed over`),
  )
  readonly #back = new SwitchWatch((connections, atMs) =>
    this.#note(atMs, 'failedBack', `${connectionsText(connections)} failed back`),
  )

  constructor(options: ObserverOptions) {
    this.#options = options
    this.#pace = isOpenLoop(options.plan) ? new Pace(options.plan) : null
    this.#unsubscribe = (options.nodes ?? []).map(node =>
      node.onEvent(({monotonicMs, kind, node, text}) => this.#events.add({monotonicMs, kind, node, text})),
    )
    options.signal.addEventListener('abort', this.#onAbort, {once: true})
  }

  started(phase: LoadPhase['name'], startMs: number): void {
    this.#phase = phase
    this.#finished.clear()
    // Each phase is counted apart.
    this.#over.restart()
    this.#back.restart()
    if (phase === 'load') this.#startMs = startMs
    if (this.#options.isPhased) this.#note(startMs, 'phase', phaseTexts[phase])
  }

  connectionsFailed(failures: Readonly<Record<string, number>>): void {
    for (const [name, count] of Object.entries(failures)) {
      const kind = addKind(this.#failures, name, count)
      this.#note(performance.now(), 'connectionFailed', `${connectionsText(count)}: ${kind}`)
    }
  }

  /** @param atMs on performance.now() */
  rateChanged(ratePerSecond: number, atMs: number): void {
    const sinceStartMs = atMs - (this.#startMs ?? atMs)
    const before = this.#pace!.rateAt(sinceStartMs)
    this.#pace!.change(ratePerSecond, sinceStartMs)
    this.#note(atMs, 'rate', `rate ${formatRate(before)} → ${formatRate(ratePerSecond)} op/s`)
  }

  /** Makes a snapshot when every running thread has reported, so that it shows all at about the same time. */
  reported(thread: number, final: boolean): void {
    if (final) this.#finished.add(thread)
    this.#reported.add(thread)
    if (this.#reported.size < this.#options.plan.threads) return
    this.#reported.clear()
    for (const done of this.#finished) this.#reported.add(done)
    const {merges} = this.#options
    // Connecting comes before the first phase, which may be any of the three.
    const merge = (this.#phase && merges[this.#phase]) ?? merges.prefill ?? merges.warmup ?? merges.load
    this.#noteSwitches(merge)
    this.#tell(merge, this.#phaseShown(merge))
  }

  #noteSwitches(merge: RunMerge): void {
    const nowMs = performance.now()
    this.#over.reported(merge.connections('failedOver'), nowMs)
    this.#back.reported(merge.connections('failedBack'), nowMs)
  }

  /** Reports the progress of the check of the nodes. */
  checking(check: {readonly checked: number; readonly keys: number}): void {
    if (this.#last === undefined) return
    const progress = check.keys === 0 ? 1 : check.checked / check.keys
    this.#options.onSnapshot?.({...this.#last, phase: 'checking', progress, check, events: []})
  }

  /** Makes the last snapshot. */
  done(): void {
    this.#over.flush()
    this.#back.flush()
    this.#tell(this.#options.merges.load, 'done')
  }

  events(): RunEvent[] {
    return this.#onRunClock(this.#events.all())
  }

  stop(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe()
    this.#options.signal.removeEventListener('abort', this.#onAbort)
  }

  #phaseShown(merge: RunMerge): RunPhase {
    const {plan, signal} = this.#options
    if (this.#phase === undefined || merge.elapsedMs === 0) return 'connecting'
    if (this.#phase !== 'load') return this.#phase
    if (signal.aborted || merge.elapsedMs / 1000 >= (plan.durationSeconds ?? Number.POSITIVE_INFINITY))
      return 'draining'
    return 'running'
  }

  #tell(merge: RunMerge, phase: RunPhase): void {
    const {onSnapshot, lag} = this.#options
    if (onSnapshot === undefined) return
    // Events before the load wait until its clock starts.
    const news = this.#startMs === undefined ? [] : this.#events.after(this.#eventsTold)
    if (this.#startMs !== undefined) this.#eventsTold = this.#events.count
    const snapshot = merge.snapshot(phase)
    this.#last = {
      ...snapshot,
      ratePerSecond: this.#pace?.rateAt(snapshot.elapsedSeconds * 1000) ?? null,
      lag: lag.snapshot(),
      events: this.#onRunClock(news),
    }
    onSnapshot(this.#last)
  }

  #onRunClock(events: readonly LoggedEvent[]): RunEvent[] {
    const startMs = this.#startMs ?? performance.now()
    return events.map(({monotonicMs, ...event}) => ({t: (monotonicMs - startMs) / 1000, ...event}))
  }

  #note(monotonicMs: number, kind: string, text: string): void {
    this.#events.add({monotonicMs, kind, node: formatAddress(this.#options.targets[0]!), text})
  }
}

function formatRate(perSecond: number): string {
  return perSecond.toLocaleString('en-US', {maximumFractionDigits: 1})
}

const phaseTexts: Readonly<Record<LoadPhase['name'], string>> = {
  prefill: 'prefill: every key is stored once',
  warmup: 'warm-up: not measured',
  load: 'load started',
}

function connectionsText(count: number): string {
  return count === 1 ? '1 connection' : `${count} connections`
}
