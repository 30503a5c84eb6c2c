import {profiles} from '../engine/profiles/registry.js'
import {runLoad} from '../engine/run.js'
import type {RunSnapshot} from '../engine/run-events.js'
import type {Address} from '../protocol/address.js'
import type {ClusterNode} from '../server/cluster-node.js'
import type {UiRunResult} from '../ui/ports.js'
import type {CliContext} from './context.js'
import {fromHome} from './from-home.js'
import {makeRunDocument, type RunTopology} from './reports/run-json.js'
import {formatRun} from './reports/run-text.js'
import {saveRun} from './run-history.js'

export interface UiRunOptions {
  readonly profile: string
  readonly target: Address
  readonly topology: RunTopology
  readonly nodes: readonly ClusterNode[]
  readonly signal: AbortSignal
  readonly onSnapshot: (snapshot: RunSnapshot) => void
  readonly context: Pick<CliContext, 'env' | 'version'>
}

/** A run from the UI: the same engine, report and history as `repbench load`. */
export async function runFromUi(options: UiRunOptions): Promise<UiRunResult> {
  const {target, topology, nodes, signal, onSnapshot, context} = options
  const plan = profiles.find(profile => profile.plan.name === options.profile)!.plan
  const result = await runLoad({plan, targets: [target], nodes, signal, onSnapshot})
  const document = makeRunDocument({result, command: 'load', version: context.version, topology})
  const path = await saveRun({document, env: context.env}).catch(() => null)
  return {report: formatRun(document), savedAs: path === null ? null : fromHome(path), verdict: document.verdict}
}
