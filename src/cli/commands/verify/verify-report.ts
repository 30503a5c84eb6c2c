import {type Address, formatAddress} from '../../../protocol/address.js'
import type {VerifyNode} from '../../../telnet/verify/nodes.js'
import type {StepResult} from '../../../telnet/verify/run-verify.js'

const marks = {pass: '✓', fail: '✗', skipped: '–'} as const
const NAME_WIDTH = 30

/** One line for one step, without its line end. */
export function verifyLine({step, from, to, verdict, lagUs, goneAfterMs, reason, note}: StepResult): string {
  const facts = [
    lagUs === null ? null : `lag ${formatLag(lagUs)}`,
    goneAfterMs === null ? null : `gone after ${(goneAfterMs / 1000).toFixed(1)} s`,
    verdict === 'skipped' ? `not tried: ${reason}` : reason,
    note,
  ]
  return `${marks[verdict]} ${from} → ${to}  ${step.padEnd(NAME_WIDTH)}${facts.filter(fact => fact !== null).join(', ')}`
}

/** The last line. */
export function verifySummary({steps, durationSeconds, interrupted}: VerifySteps): string {
  const count = (verdict: StepResult['verdict']) => steps.filter(step => step.verdict === verdict).length
  const rest = [
    count('fail') > 0 ? `${count('fail')} failed` : '',
    count('skipped') > 0 ? `${count('skipped')} not tried` : '',
  ]
  return [`${count('pass')} of ${steps.length} steps passed`, ...rest.filter(text => text !== '')]
    .join(', ')
    .concat(` (${interrupted ? 'interrupted after ' : ''}${durationSeconds.toFixed(1)} s)`)
}

interface VerifySteps {
  readonly steps: readonly StepResult[]
  readonly durationSeconds: number
  /** The steps are those up to then. */
  readonly interrupted: boolean
}

export interface VerifyFacts extends VerifySteps {
  readonly version: string
  readonly startedAt: Date
  readonly topology: string
  readonly nodes: readonly VerifyNode[]
  readonly waitLimitMs: number
}

/** The document of `verify --json`. */
export function verifyDocument({startedAt, nodes, steps, ...facts}: VerifyFacts) {
  return {
    schema: 'repbench.verify/1',
    command: 'verify',
    ...facts,
    startedAt: startedAt.toISOString(),
    nodes: nodes.map(({name, address}: {name: string; address: Address}) => ({name, address: formatAddress(address)})),
    steps,
    verdict: verifyVerdict({steps, interrupted: facts.interrupted}),
  }
}

/** A step that was not tried does not count: that nothing crosses has failed a step before. Not so after an interrupt. */
export function verifyVerdict({
  steps,
  interrupted,
}: Pick<VerifySteps, 'steps' | 'interrupted'>): 'pass' | 'fail' | 'unknown' {
  if (steps.some(({verdict}) => verdict === 'fail')) return 'fail'
  return interrupted ? 'unknown' : 'pass'
}

function formatLag(lagUs: number): string {
  return lagUs < 1000 ? `${Math.round(lagUs)} µs` : `${(lagUs / 1000).toFixed(1)} ms`
}
