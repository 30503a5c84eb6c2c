import {setTimeout as delay} from 'node:timers/promises'
import {Exchange} from '../../ask/exchange.js'
import {messageOf} from '../../protocol/errors.js'
import {quoted} from '../../protocol/printable.js'
import {ConsoleError} from '../errors.js'
import type {VerifyNode} from './nodes.js'
import type {Ask, Side, VerifyPlan, VerifyStep} from './plan.js'

export interface StepResult {
  readonly step: string
  /** Name of the node that was written to. */
  readonly from: string
  /** Name of the node that was read from. */
  readonly to: string
  /** skipped = not tried. */
  readonly verdict: 'pass' | 'fail' | 'skipped'
  /** From the last write's reply to the first read that shows it, in µs (a round trip included); null when never seen. */
  readonly lagUs: number | null
  /** From the last write's reply to the item's expiry as the other node showed it, in ms. */
  readonly goneAfterMs: number | null
  /** Why it did not pass. */
  readonly reason: string | null
  /** What else was seen. */
  readonly note: string | null
}

export interface VerifyOptions {
  readonly plan: VerifyPlan
  readonly first: VerifyNode
  readonly second: VerifyNode
  /** How long a write may take to be seen. */
  readonly waitLimitMs: number
  /** False = the plan's finale, which empties the nodes, is skipped. */
  readonly mayFlush: boolean
  readonly signal: AbortSignal
  /** Called as each step ends. */
  readonly onStep: (result: StepResult) => void
}

type Connections = Readonly<Record<Side, Exchange>>

/**
 * Checks that two nodes replicate to each other; they may be any two addresses.
 * @returns the result of every step, in the order in which they ended
 * @throws AskError when a node cannot be reached at the start.
 */
export async function runVerify(options: VerifyOptions): Promise<StepResult[]> {
  const run = new VerifyRun(options)
  const {plan, mayFlush} = options
  closeAll(await run.connect())
  await Promise.all(plan.tracks.map(steps => run.track(steps)))
  if (mayFlush) await run.track(plan.finale)
  else for (const step of plan.finale) run.end(step, {verdict: 'skipped', reason: 'would empty running nodes'})
  if (!mayFlush) await run.deleteKeys(plan.keys)
  return run.results
}

type Outcome = Pick<StepResult, 'verdict'> & Partial<Pick<StepResult, 'lagUs' | 'goneAfterMs' | 'reason'>>

interface Sighting {
  readonly atMs: number
  readonly seen: boolean
  readonly answer: string
}

class VerifyRun {
  readonly results: StepResult[] = []
  readonly #options: VerifyOptions
  /** Nodes from which nothing reaches the other. */
  readonly #cutOff = new Set<Side>()

  constructor(options: VerifyOptions) {
    this.#options = options
  }

  /** @throws AskError when one of them cannot be reached. */
  async connect(): Promise<Connections> {
    const {first, second, signal, waitLimitMs} = this.#options
    const limits = {signal, timeoutMs: waitLimitMs}
    const toFirst = await Exchange.connect(first.address, limits)
    try {
      return {first: toFirst, second: await Exchange.connect(second.address, limits)}
    } catch (error) {
      toFirst.close()
      throw error
    }
  }

  async track(steps: readonly VerifyStep[]): Promise<void> {
    let connections: Connections | undefined
    try {
      for (const step of steps) {
        this.#options.signal.throwIfAborted()
        if (this.#cutOff.has(step.writer)) {
          this.end(step, {verdict: 'skipped', reason: 'nothing crosses in this direction'})
          continue
        }
        try {
          connections ??= await this.connect()
          this.end(step, await this.#outcomeOf(step, connections))
        } catch (error) {
          this.#options.signal.throwIfAborted()
          closeAll(connections ?? {})
          connections = undefined
          this.end(step, {verdict: 'fail', reason: messageOf(error)})
        }
      }
    } finally {
      closeAll(connections ?? {})
    }
  }

  /** As far as the nodes still answer. */
  async deleteKeys(keys: readonly string[]): Promise<void> {
    const timeoutMs = this.#options.waitLimitMs
    const connections = await this.connect().catch(() => ({}))
    try {
      for (const node of Object.values<Exchange>(connections)) {
        for (const key of keys) await node.ask(`delete ${key}\r\n`, {timeoutMs})
      }
    } catch {
      // The steps have said what is wrong.
    } finally {
      closeAll(connections)
    }
  }

  end(step: VerifyStep, {verdict, lagUs = null, goneAfterMs = null, reason = null}: Outcome): void {
    if (verdict === 'fail' && step.essential === true) this.#cutOff.add(step.writer)
    const {first, second, onStep} = this.#options
    const [from, to] = step.writer === 'first' ? [first.name, second.name] : [second.name, first.name]
    const result = {step: step.name, from, to, verdict, lagUs, goneAfterMs, reason, note: null}
    this.results.push(result)
    onStep(result)
  }

  async #outcomeOf(step: VerifyStep, connections: Connections): Promise<Outcome> {
    const {waitLimitMs} = this.#options
    const {before, casOf, writes, seen, later} = step
    const writer = connections[step.writer]
    const reader = connections[step.writer === 'first' ? 'second' : 'first']
    if (before !== undefined) await this.#expect(reader, before)
    let cas: string | undefined
    for (const {send, expect, arrives} of writes) {
      if (casOf !== undefined && send.includes('{cas}')) cas ??= await this.#readCas(reader, casOf)
      await this.#expect(writer, {send: send.replace('{cas}', cas ?? ''), expect})
      if (arrives === undefined) continue
      const arrival = await this.#poll(reader, arrives, waitLimitMs)
      if (!arrival.seen) return failed(arrives, arrival.answer, waitLimitMs)
    }
    const writtenAtMs = performance.now()
    const sighting = await this.#poll(reader, seen, waitLimitMs)
    if (!sighting.seen) return failed(seen, sighting.answer, waitLimitMs)
    const lagUs = Math.round((sighting.atMs - writtenAtMs) * 1000)
    if (later === undefined) return {verdict: 'pass', lagUs}
    const gone = await this.#poll(reader, later, later.withinMs)
    if (!gone.seen) return {...failed(later, gone.answer, later.withinMs), lagUs}
    return {verdict: 'pass', lagUs, goneAfterMs: Math.round(gone.atMs - writtenAtMs)}
  }

  async #expect(node: Exchange, {send, expect}: Ask): Promise<void> {
    const answer = await node.ask(send, {timeoutMs: this.#options.waitLimitMs})
    if (answer !== expect) throw unexpected(`expected ${show(expect)} for '${show(send)}', got ${show(answer)}`)
  }

  async #readCas(node: Exchange, key: string): Promise<string> {
    const answer = await node.ask(`gets ${key}\r\n`, {timeoutMs: this.#options.waitLimitMs})
    const cas = /^VALUE \S+ \d+ \d+ (\d+)\r\n/.exec(answer)?.[1]
    if (cas === undefined) throw unexpected(`expected a cas id of ${key}, got ${show(answer)}`)
    return cas
  }

  /** Asks again and again: at full speed at first, so that the lag is seen to the µs, then ever less often. */
  async #poll(node: Exchange, {send, expect}: Ask, withinMs: number): Promise<Sighting> {
    const {signal, waitLimitMs} = this.#options
    const startedAtMs = performance.now()
    for (;;) {
      const answer = await node.ask(send, {timeoutMs: waitLimitMs})
      const atMs = performance.now()
      const waitedMs = atMs - startedAtMs
      if (answer === expect) return {seen: true, atMs, answer}
      if (waitedMs >= withinMs) return {seen: false, atMs, answer}
      if (waitedMs > 20) await delay(Math.min(waitedMs / 20, 10), undefined, {signal})
    }
  }
}

function unexpected(message: string): ConsoleError {
  return new ConsoleError('ERR_UNEXPECTED_REPLY', message)
}

function failed({send, expect}: Ask, answer: string, withinMs: number): Outcome {
  const reason = `expected ${show(expect)} for '${show(send)}' within ${withinMs} ms, got ${show(answer)}`
  return {verdict: 'fail', reason}
}

function closeAll(connections: Partial<Connections>): void {
  for (const connection of Object.values(connections)) connection.close()
}

/** The first line of a reply or command, shortened. */
function show(text: string): string {
  return quoted(Buffer.from(text.split('\r\n')[0] ?? '', 'latin1'), {most: 60})
}
