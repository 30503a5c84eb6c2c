import {checkAssertion} from '../engine/assertions/check-assertion.js'
import {runLoad} from '../engine/run.js'
import type {RunControl} from '../engine/run-control.js'
import type {RunSnapshot} from '../engine/run-events.js'
import {type Address, formatAddress} from '../protocol/address.js'
import type {ClusterNode} from '../server/cluster-node.js'
import type {FormValues} from '../ui/components/form/form-spec.js'
import type {UiRunResult} from '../ui/ports.js'
import {compareWithBefore} from './compare/compare-with-before.js'
import type {CliContext} from './context.js'
import {UsageError} from './errors.js'
import {readAssertions} from './load/assert-field.js'
import {nodesToCheck} from './load/nodes-to-check.js'
import {lagOnThread} from './probe-thread/lag-on-thread.js'
import type {ProbeThread} from './probe-thread/probe-thread.js'
import {describeOutcome} from './reports/drill-text.js'
import {makeRunDocument, type RunTopology} from './reports/run-json.js'
import {runReasons} from './reports/run-reasons.js'
import {formatRun} from './reports/run-text.js'
import {saveRun} from './run-history.js'
import {tryToSave} from './try-to-save.js'
import {editedPlan} from './ui-profiles.js'

export interface UiRunOptions {
  readonly profile: string
  /** What the profile is changed by. */
  readonly given: FormValues
  readonly target: Address
  readonly lagProbe: boolean
  /** Half of the connections go to the other node of the pair. */
  readonly both?: boolean
  /** Where the lag is measured. */
  readonly probes: Pick<ProbeThread, 'openLag'>
  /** Master and slave that the target is of; null where it stands alone. */
  readonly pair: readonly [Address, Address] | null
  readonly topology: RunTopology
  readonly nodes: readonly ClusterNode[]
  readonly signal: AbortSignal
  readonly control: RunControl
  readonly onSnapshot: (snapshot: RunSnapshot) => void
  readonly context: Pick<CliContext, 'env' | 'version'>
}

/** A run from the UI: the same engine, report and history as `repbench load`. */
export async function runFromUi(options: UiRunOptions): Promise<UiRunResult> {
  const {target, pair, lagProbe, probes, both = false, topology, nodes, signal, control, onSnapshot, context} = options
  const {plan} = await editedPlan(options)
  const asked = readAssertions(options.given)
  const targets = plan.failover || both ? withPartner(target, pair) : [target]
  const probed = lagProbe && pair !== null ? {lagProbe: pair, startLagProbe: lagOnThread(probes)} : {}
  const result = await runLoad({
    plan,
    targets,
    spread: both,
    nodes,
    signal,
    control,
    onSnapshot,
    check: nodesToCheck({nodes, target, pair}),
    ...probed,
  })
  const assertions = asked.map(assertion => checkAssertion(assertion, result))
  const document = makeRunDocument({result, command: 'load', version: context.version, topology, assertions})
  const comparison = await compareWithBefore(document, context.env)
  const saved = await tryToSave(saveRun({document, env: context.env}))
  return {
    report: formatRun(document),
    ...saved,
    comparison,
    verdict: document.verdict,
    reasons: document.verdict === 'pass' ? [] : runReasons(document),
    assertions: assertions.map(outcome => {
      return {expr: outcome.expr, got: describeOutcome(outcome), verdict: outcome.verdict}
    }),
  }
}

/** Home, and the node that clients go to when it fails. */
function withPartner(target: Address, pair: readonly [Address, Address] | null): Address[] {
  const partner = pair?.find(address => address !== target)
  if (partner === undefined)
    throw new UsageError(`Expected a pair with failover or for both nodes, got ${formatAddress(target)} alone`)
  return [target, partner]
}
