import {lookAtServers} from '../../../ask/look/look-at-server.js'
import {parseAssertion} from '../../../engine/assertions/assertion.js'
import type {Drill} from '../../../engine/drills/contract/drill.js'
import {drillPlan} from '../../../engine/drills/contract/drill-plan.js'
import {drillTargets, whyNot} from '../../../engine/drills/contract/drill-targets.js'
import {drills} from '../../../engine/drills/each/registry.js'
import {drillMeasures} from '../../../engine/drills/judge/drill-measures.js'
import {PlanError} from '../../../engine/errors.js'
import {type PolicyName, policyNames} from '../../../engine/plan/client-policies.js'
import {describeUnknown} from '../../../engine/plan/did-you-mean.js'
import type {LoadPlan} from '../../../engine/plan/plan.js'
import type {CliContext} from '../../app/context.js'
import {UsageError} from '../../app/errors.js'
import {type ExitCode, exitCodes} from '../../app/exit-codes.js'
import {formatJson} from '../../app/json-text.js'
import {print} from '../../app/print.js'
import {exitCodeOfRounds} from '../../app/report-error.js'
import {exitCodeOfSignal} from '../../app/shutdown.js'
import type {DrillRoundsDocument} from '../../documents/json/drill-json.js'
import {formatDrill, stepLine} from '../../documents/text/drill-text.js'
import {KeyProgress} from '../../documents/text/key-progress.js'
import {formatPolicyDrills} from '../../documents/text/policies-text.js'
import {formatRepeatedDrill} from '../../documents/text/repeated-drill-text.js'
import {attachDrillCluster, type LaunchedCluster, launchDrillCluster} from '../../drill/drill-cluster.js'
import {type DrillHost, type DrillRoundsSetup, runDrillRounds} from '../../drill/run-drill-rounds.js'
import {
  ALL_POLICIES,
  type DrillCommandValues,
  drillOptions,
  loadChanges,
  timingOf,
} from '../../drill-settings/drill-options.js'
import {describeSaved} from '../../history/save-result.js'
import {type NodeOptions, readLaunchOptions} from '../../options/node-options.js'
import {givenOf} from '../../options/option-spec.js'
import {lagOnOwnThread} from '../../probe-thread/lag-on-thread.js'

export interface DrillOptions extends NodeOptions, DrillCommandValues {}

/** `repbench drill`. */
export async function runDrillCommand(
  name: string | undefined,
  options: DrillOptions,
  context: CliContext,
): Promise<ExitCode | number> {
  const {shutdown, stdout} = context
  if (options.list) {
    stdout.write(options.json ? drillListJson() : drillListText())
    return exitCodes.pass
  }
  const {document, failure, unwritten} = await runDrillRounds(
    readSetup(findDrill(name), options, context),
    commandHost(options, context),
  )
  await print(context, options.json ? formatJson(document) : formatOutcome(document))
  const [problem] = unwritten
  if (problem !== undefined) throw problem
  if (shutdown.received !== undefined) return exitCodeOfSignal(shutdown.received)
  return exitCodeOfRounds(document.verdict, failure, context)
}

function readSetup(drill: Drill, options: DrillOptions, context: CliContext): DrillRoundsSetup {
  const {duration, faults, out, findings} = options
  assertExtent(drill, options)
  return {
    drill,
    plans: policiesOf(options).map(policy => planOf(drill, options, policy)),
    byPolicy: options.clientPolicy === ALL_POLICIES,
    timing: timingOf(givenOf(drillOptions, options)),
    extent: {durationMs: duration === undefined ? null : duration * 1000, faults: faults ?? null},
    assertions: options.assert ?? drill.assertions.map(expr => parseAssertion(expr, drillMeasures)),
    args: context.args,
    files: {out, findings},
    openCluster: () => openCluster(drill, options, context),
  }
}

/** The command line as host of a drill: its steps go to stderr. */
function commandHost({clientPolicy}: DrillOptions, context: CliContext): DrillHost {
  const {shutdown, stderr} = context
  return {
    context,
    signal: shutdown.signal,
    startLagProbe: lagOnOwnThread,
    spell: option => `--${option}`,
    startRound({round, of}) {
      if (clientPolicy === ALL_POLICIES) stderr.write(`policy ${round} of ${of}: ${policyNames[round - 1]}\n`)
      else if (of > 1) stderr.write(`drill ${round} of ${of}\n`)
      const progress = new KeyProgress(stderr, 'read')
      return {
        onStep: step => void stderr.write(`${stepLine(step)}\n`),
        onCheckProgress: ({checked, keys}) => progress.show(checked, keys),
        onSaved(saved) {
          progress.clear()
          stderr.write(describeSaved(saved, 'the drill'))
        },
      }
    },
  }
}

/**
 * The client policy of each drill.
 * @throws UsageError for every policy so many times
 */
function policiesOf({clientPolicy, repeat}: DrillOptions): readonly (PolicyName | undefined)[] {
  if (clientPolicy !== ALL_POLICIES) return Array.from({length: repeat ?? 1}, () => clientPolicy)
  if (repeat === undefined) return policyNames
  throw new UsageError('Expected --client-policy all without --repeat, which is one drill so many times, got both')
}

async function openCluster(drill: Drill, options: DrillOptions, context: CliContext): Promise<LaunchedCluster> {
  const {server, topology: name = 'pair'} = options
  if (server !== undefined) {
    const launched = attachDrillCluster(drill, server)
    await lookAtServers(server, {signal: context.shutdown.signal})
    return launched
  }
  context.stderr.write(`starting topology ${name}\n`)
  const {cluster, close} = await launchDrillCluster(drill, {...readLaunchOptions(options, context), name})
  const forget = context.shutdown.add(close)
  return {
    cluster,
    close: () => {
      forget()
      return close()
    },
  }
}

function assertExtent(drill: Drill, {duration, faults}: DrillOptions): void {
  if (drill.isSoak === true) return
  const option = duration === undefined ? '--faults' : '--duration'
  if (duration !== undefined || faults !== undefined) {
    throw new UsageError(
      `Expected ${option} with soak, got it with ${drill.name}, which has one fault (--hold says how long it lasts)`,
    )
  }
}

function findDrill(name: string | undefined): Drill {
  const known = drills.map(drill => drill.name)
  if (name === undefined) throw new UsageError(`Expected the name of a drill (${known.join(', ')}), got none`)
  const drill = drills.find(candidate => candidate.name === name)
  if (drill === undefined) throw new UsageError(describeUnknown({what: 'a drill', name, known}))
  return drill
}

function planOf(drill: Drill, options: DrillOptions, clientPolicy: PolicyName | undefined): LoadPlan {
  try {
    const changes = loadChanges(givenOf(drillOptions, options))
    return drillPlan(drill, {...changes, clientPolicy}, {soakSeconds: options.duration})
  } catch (error) {
    if (error instanceof PlanError) throw new UsageError(error.message, {cause: error})
    throw error
  }
}

function formatOutcome(document: DrillRoundsDocument): string {
  switch (document.schema) {
    case 'repbench.drill/1':
      return formatDrill(document)
    case 'repbench.drills/1':
      return formatRepeatedDrill(document)
    case 'repbench.policies/1':
      return formatPolicyDrills(document)
  }
}

/** `drill --list`. */
function drillListText(): string {
  const width = Math.max(...drills.map(({name}) => name.length))
  return drills.map(({name, summary}) => `${name.padEnd(width)}  ${summary}\n`).join('')
}

/** `drill --list --json`: every drill, what it keeps to, and where it can't be run. */
function drillListJson(): string {
  const list = drills.map(({name, summary, assertions, advice, needs = []}) => ({
    name,
    summary,
    budgets: assertions,
    advice,
    needs,
    places: drillTargets.map(place => ({name: place.name, options: place.options, whyNot: whyNot({needs}, place)})),
  }))
  return formatJson({schema: 'repbench.drill-list/1', drills: list})
}
