import {messageOf} from '../../protocol/errors.js'
import {binarySet} from './binary-set.js'
import {type KnownFault, knownFaults} from './known-faults.js'
import type {VerifyNode} from './nodes.js'
import {Probing, type ProbingOptions} from './probing.js'
import type {StepResult} from './run-verify.js'

export interface KnownFaultsOptions extends ProbingOptions {
  readonly first: VerifyNode
  readonly second: VerifyNode
  /** Put before every key. */
  readonly prefix: string
  /** Restarts the second node; null where nodes may be neither restarted nor emptied. */
  readonly restartSecond: (() => Promise<void>) | null
  readonly onStep: (result: StepResult) => void
}

/** Looks for each known fault, one after the other, both ways where that makes sense. */
export async function runKnownFaults(options: KnownFaultsOptions): Promise<StepResult[]> {
  const {first, second, prefix, restartSecond, waitLimitMs, signal, onStep} = options
  const results: StepResult[] = []
  for (const [index, fault] of knownFaults.entries()) {
    const ways = fault.oneWay
      ? [[first, second] as const]
      : ([
          [first, second],
          [second, first],
        ] as const)
    for (const [writer, reader] of ways) {
      signal.throwIfAborted()
      const probing = new Probing(options)
      const key = `${prefix}fault${index}-${writer.name}`.slice(0, 200)
      const tools = {
        writer,
        reader,
        key,
        probing,
        restartReader: restartSecond,
        binarySet: (name: string, value: string) =>
          binarySet(writer, {key: name, value}, {timeoutMs: waitLimitMs, signal}),
      }
      const base = {step: fault.name, from: writer.name, to: reader.name, lagUs: null, goneAfterMs: null, note: null}
      const result: StepResult = {
        ...base,
        ...(fault.launchedOnly && restartSecond === null
          ? {verdict: 'skipped', reason: 'only on nodes launched for it'}
          : await outcomeOf(fault, tools, signal)),
      }
      for (const node of [writer, reader]) await probing.ask(node, `delete ${key}\r\n`).catch(() => {})
      probing.close()
      results.push(result)
      onStep(result)
    }
  }
  return results
}

async function outcomeOf(
  fault: KnownFault,
  tools: Parameters<KnownFault['find']>[0],
  signal: AbortSignal,
): Promise<Pick<StepResult, 'verdict' | 'reason'>> {
  try {
    const difference = await fault.find(tools)
    if (difference === null) return {verdict: 'pass', reason: null}
    return {verdict: 'fail', reason: `${difference}, because ${fault.cause}`}
  } catch (error) {
    signal.throwIfAborted()
    return {verdict: 'fail', reason: messageOf(error)}
  }
}
