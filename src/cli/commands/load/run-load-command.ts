import {availableParallelism} from 'node:os'
import type {Assertion} from '../../../engine/assertions/assertion.js'
import {checkAssertion} from '../../../engine/assertions/check-assertion.js'
import {LinkProbe} from '../../../engine/lag/link-probe.js'
import type {LoadPlan} from '../../../engine/plan/plan.js'
import type {RunResult} from '../../../engine/result/run-result.js'
import {runLoad} from '../../../engine/run/run.js'
import type {RunCheckOptions} from '../../../engine/run/run-check.js'
import {LinkWatch} from '../../../server/observe/link-watch.js'
import type {CliContext} from '../../app/context.js'
import {UsageError} from '../../app/errors.js'
import {type ExitCode, exitCodeOfVerdict} from '../../app/exit-codes.js'
import {formatJson} from '../../app/json-text.js'
import {print} from '../../app/print.js'
import {exitCodeOfSignal} from '../../app/shutdown.js'
import {makeRepeatedDocument} from '../../documents/json/repeated-json.js'
import {makeRunDocument, type RunDocument} from '../../documents/json/run-json.js'
import type {SavedDocument} from '../../documents/json/saved-document.js'
import {describeAlarm, isAlarming} from '../../documents/phrases/alarm.js'
import {formatDocument} from '../../documents/text/document-text.js'
import {ProgressLine} from '../../documents/text/run-progress.js'
import {assertWritable} from '../../files/assert-writable.js'
import {FindingsFile} from '../../files/findings-file.js'
import {FollowedLink} from '../../load/follow-link.js'
import {keepRun} from '../../load/keep-run.js'
import {nodesToCheck} from '../../load/nodes-to-check.js'
import {runRepeatedly} from '../../load/run-rounds.js'
import {assertTargets, prepareTarget, type Target, type TargetOptions} from '../../load/targets.js'
import {planFromSettings} from '../../load-settings/plan-from-settings.js'
import type {LoadSettings} from '../../load-settings/settings.js'
import {lagOnOwnThread} from '../../probe-thread/own-lag-thread.js'
import {findProfile} from '../../profiles/find-profile.js'

export interface LoadCommandOptions extends TargetOptions {
  /** Name or file. */
  readonly profile: string
  readonly given: LoadSettings
  readonly assertions: readonly Assertion<RunResult>[]
  readonly repeat: number
  readonly json?: true
  readonly out?: string
  readonly hgrm?: string
  /** False: the nodes are not read after a load with verification. */
  readonly check: boolean
  readonly findings?: string
}

/** `repbench load`. */
export async function runLoadCommand(options: LoadCommandOptions, context: CliContext): Promise<ExitCode | number> {
  const {shutdown} = context
  const {profile, given, repeat} = options
  const cpuCount = availableParallelism()
  const base = await findProfile(profile, {cpuCount})
  const plan = planFromSettings({base, given, spell: name => `--${name}`, cpuCount})
  assertTargets(options, plan.failover)
  assertFindings(options, plan)
  await assertWritable('--out', options.out)
  await assertWritable('--hgrm', options.hgrm)
  const findings = options.findings === undefined ? undefined : new FindingsFile(options.findings)
  const {runs, failure} = await runRepeatedly({repeat, signal: shutdown.signal}, round => {
    if (repeat > 1) context.stderr.write(`run ${round} of ${repeat}\n`)
    return runOnce({plan, options, context, findings})
  })
  const unwritten = (await findings?.settle({isChecked: runs.length > 0})) ?? null
  const [first] = runs
  if (first === undefined) {
    // Interrupted before there was anything to report.
    if (shutdown.received !== undefined) return exitCodeOfSignal(shutdown.received)
    throw failure
  }
  const document: SavedDocument = repeat === 1 ? first : makeRepeatedDocument(runs, repeat)
  // Before it is printed: whatever becomes of the output, hours of load are not lost.
  const kept = await keepRun(document, options, context)
  await print(context, options.json ? formatJson(document) : formatDocument(document))
  context.stderr.write(kept.notice)
  if (kept.failure !== undefined) throw kept.failure
  if (unwritten !== null) throw unwritten
  if (shutdown.received !== undefined) return exitCodeOfSignal(shutdown.received)
  if (failure !== undefined) throw failure
  return exitCodeOfVerdict(document.verdict)
}

function assertFindings({check, findings}: LoadCommandOptions, plan: LoadPlan): void {
  if (findings === undefined || (plan.verify && check)) return
  throw new UsageError(
    `Expected --findings with --verify${plan.verify ? ' and without --no-check' : ''}, got it without`,
  )
}

interface RunParts {
  readonly plan: LoadPlan
  readonly options: TargetOptions & Pick<LoadCommandOptions, 'assertions' | 'check'>
  readonly context: CliContext
  readonly findings?: FindingsFile | undefined
}

/** Each run of a launched topology has nodes of its own: none finds what the one before it left. */
export async function runOnce({plan, options, context, findings}: RunParts): Promise<RunDocument> {
  const {shutdown, stderr, version} = context
  const progress = new ProgressLine(stderr)
  const target = await prepareTarget(options, plan.failover, context)
  const watch = watchOf(target, options)
  const link = watch === null ? null : new FollowedLink(watch, shutdown.signal)
  const sources = [...target.nodes, ...(link === null ? [] : [link.events])]
  let startMs = Number.POSITIVE_INFINITY
  // A link that is lost is no reason to wait for the report.
  const unsubscribe = sources.map(source =>
    source.onEvent(event => {
      const t = (event.monotonicMs - startMs) / 1000
      if (t >= 0 && isAlarming(event)) progress.say(`warning  ${describeAlarm({...event, t})}`)
    }),
  )
  const forget = shutdown.add(() => watch?.close())
  try {
    watch?.start()
    await link?.ready()
    const result = await runLoad({
      plan,
      targets: target.addresses,
      spread: options.to === 'both',
      ...(options.lagProbe && target.pair !== null ? {lagProbe: target.pair, startLagProbe: lagOnOwnThread} : {}),
      ...(options.check ? {check: checkOf(target, findings)} : {}),
      nodes: sources,
      ...(link === null ? {} : {link: () => link.summary(startMs)}),
      signal: shutdown.signal,
      onStart: at => {
        startMs = at
      },
      onSnapshot: snapshot => progress.show(snapshot),
    })
    const assertions = options.assertions.map(assertion => checkAssertion(assertion, result))
    return makeRunDocument({result, command: 'load', version, topology: target.topology, assertions})
  } finally {
    progress.clear()
    for (const stop of unsubscribe) stop()
    forget()
    await watch?.close()
    await target.close()
  }
}

/** A pair that was launched is watched by its words, and with probe writes where the lag is measured. */
function watchOf({nodes, pair, launched}: Target, {lagProbe}: Pick<TargetOptions, 'lagProbe'>): LinkWatch | null {
  const [first, second] = (pair ?? []).map(address => nodes.find(node => node.address === address))
  if (first === undefined || second === undefined || !(launched || lagProbe)) return null
  return new LinkWatch({nodes: [first, second], makeProbe: lagProbe === true ? probed => new LinkProbe(probed) : null})
}

function checkOf({nodes, addresses, pair}: Target, findings: FindingsFile | undefined): RunCheckOptions {
  return {
    ...nodesToCheck({nodes, target: addresses[0]!, pair}),
    ...(findings === undefined ? {} : {onFinding: finding => findings.add(finding)}),
  }
}
