import {checkAssertion} from '../../engine/assertions/check-assertion.js'
import type {LoadPlan} from '../../engine/plan/plan.js'
import type {RunSnapshot} from '../../engine/result/run-snapshot.js'
import {runLoad} from '../../engine/run/run.js'
import type {RunControl} from '../../engine/run/run-control.js'
import {type Address, formatAddress} from '../../protocol/address.js'
import {messageOf} from '../../protocol/errors.js'
import type {ClusterNode} from '../../server/node-api/cluster-node.js'
import type {LinkWatch} from '../../server/observe/link-watch.js'
import type {FormValues} from '../../ui/ports/form-spec.js'
import type {Round, UiRunResult} from '../../ui/ports/ui-ports.js'
import type {CliContext} from '../app/context.js'
import {UsageError} from '../app/errors.js'
import {compareWithBefore} from '../compare/compare-with-before.js'
import {makeRepeatedDocument} from '../documents/json/repeated-json.js'
import {makeRunDocument, type RunDocument, type RunTopology} from '../documents/json/run-json.js'
import type {SavedDocument} from '../documents/json/saved-document.js'
import {assertWritable} from '../files/assert-writable.js'
import {FindingsFile} from '../files/findings-file.js'
import {tryToSave} from '../files/try-to-save.js'
import {saveRun} from '../history/run-history.js'
import {FollowedLink} from '../load/follow-link.js'
import {writeHgrm} from '../load/keep-run.js'
import {nodesToCheck} from '../load/nodes-to-check.js'
import {runRepeatedly} from '../load/run-rounds.js'
import {lagOnThread} from '../probe-thread/lag-on-thread.js'
import type {ProbeThread} from '../probe-thread/probe-thread.js'
import {readAssertions} from '../profiles/assert-field.js'
import {readReportFields} from '../profiles/report-fields.js'
import {editedPlan} from './profiles.js'
import {outcomeOf} from './run-outcome.js'

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
  /** The watch over that pair; null where there is none. */
  readonly link: LinkWatch | null
  readonly nodes: readonly ClusterNode[]
  readonly signal: AbortSignal
  readonly control: RunControl
  readonly onSnapshot: (snapshot: RunSnapshot) => void
  readonly onRound?: (round: Round) => void
  readonly context: Pick<CliContext, 'env' | 'version'>
}

/** A run from the UI, or several: the same engine, report and history as `repbench load`. */
export async function runFromUi(options: UiRunOptions): Promise<UiRunResult> {
  const {given, signal, onRound, context} = options
  const {plan} = await editedPlan(options)
  const {repeat, check, findings: findingsPath, hgrm} = readReportFields(given)
  await assertWritable('hgrm', hgrm)
  const findings = findingsPath === undefined ? undefined : new FindingsFile(findingsPath)
  const {runs, failure} = await runRepeatedly({repeat, signal}, round => {
    if (repeat > 1) onRound?.({round, of: repeat})
    return runOnce({...options, plan, check, findings})
  })
  const unwritten = (await findings?.settle({isChecked: runs.length > 0})) ?? null
  const [first] = runs
  if (first === undefined) throw failure
  const document = repeat === 1 ? first : makeRepeatedDocument(runs, repeat)
  const comparison = await compareWithBefore(document, context.env)
  const saved = await tryToSave(saveRun({document, env: context.env}))
  const outcome = outcomeOf(document, failure)
  const notKept = [...(unwritten === null ? [] : [unwritten.message]), ...(await notWritten(hgrm, document))]
  const reasons = [...(outcome.reasons ?? []), ...notKept]
  return {...outcome, reasons, ...saved, comparison}
}

/** A file that cannot be written is no reason to lose what was measured. */
async function notWritten(hgrm: string | undefined, document: SavedDocument): Promise<readonly string[]> {
  try {
    if (hgrm !== undefined) await writeHgrm('hgrm', hgrm, document)
    return []
  } catch (error) {
    return [messageOf(error)]
  }
}

interface RunParts extends UiRunOptions {
  readonly plan: LoadPlan
  readonly check: boolean
  readonly findings: FindingsFile | undefined
}

async function runOnce(parts: RunParts): Promise<RunDocument> {
  const {target, pair, lagProbe, probes, both = false, topology, nodes, signal, control, onSnapshot, context} = parts
  const {plan, given, check, findings} = parts
  const link = followed(parts)
  let startMs = Number.POSITIVE_INFINITY
  await link?.ready()
  const result = await runLoad({
    plan,
    targets: plan.failover || both ? withPartner(target, pair) : [target],
    spread: both,
    nodes: link === null ? nodes : [...nodes, link.events],
    ...(link === null ? {} : {link: () => link.summary(startMs)}),
    onStart: at => {
      startMs = at
    },
    signal,
    control,
    onSnapshot,
    ...(lagProbe && pair !== null ? {lagProbe: pair, startLagProbe: lagOnThread(probes)} : {}),
    ...(check
      ? {
          check: {
            ...nodesToCheck({nodes, target, pair}),
            ...(findings === undefined ? {} : {onFinding: finding => findings.add(finding)}),
          },
        }
      : {}),
  })
  const assertions = readAssertions(given).map(assertion => checkAssertion(assertion, result))
  return makeRunDocument({result, command: 'load', version: context.version, topology, assertions})
}

/** A pair that was launched is meant to replicate; two running servers are where their lag is measured. */
function followed({link, lagProbe, topology, signal}: RunParts): FollowedLink | null {
  return link !== null && (lagProbe || topology.name !== 'attached') ? new FollowedLink(link, signal) : null
}

/** Home, and the node that clients go to when it fails. */
function withPartner(target: Address, pair: readonly [Address, Address] | null): Address[] {
  const partner = pair?.find(address => address !== target)
  if (partner === undefined)
    throw new UsageError(`Expected a pair with failover or for both nodes, got ${formatAddress(target)} alone`)
  return [target, partner]
}
