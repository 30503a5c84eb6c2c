import type {Assertion} from '../../engine/assertions/assertion.js'
import {checkAssertion} from '../../engine/assertions/check-assertion.js'
import type {LoadPlan} from '../../engine/plan/plan.js'
import type {RunEvent, RunResult} from '../../engine/result/run-result.js'
import type {RunSnapshot} from '../../engine/result/run-snapshot.js'
import {runLoad} from '../../engine/run/run.js'
import type {RunCheckOptions} from '../../engine/run/run-check.js'
import type {RunOptions} from '../../engine/run/run-options.js'
import {RepbenchError} from '../../protocol/errors.js'
import type {NodeEvent} from '../../server/node-api/node-event.js'
import {formatHgrm} from '../documents/json/hgrm.js'
import {makeRepeatedDocument} from '../documents/json/repeated-json.js'
import {describeTopology, makeRunDocument, type RunDocument} from '../documents/json/run-json.js'
import type {SavedDocument} from '../documents/json/saved-document.js'
import {saveRun} from '../history/run-history.js'
import {type SaveOutcome, saveResult} from '../history/save-result.js'
import {ResultFiles, type ResultPaths} from '../rounds/result-files.js'
import {type Round, type RoundsHost, runRounds} from '../rounds/run-rounds.js'
import {FollowedLink} from './follow-link.js'
import {chooseNodes, type LoadTarget, type OpenLinkWatch} from './load-target.js'

/** What one run of a load is, independent of its host. */
export interface LoadSetup {
  readonly plan: LoadPlan
  readonly assertions: readonly Assertion<RunResult>[]
  /** Half of the connections go to each node of the pair. */
  readonly both: boolean
  /** Measure how far the nodes of the pair lag behind each other. */
  readonly lagProbe: boolean
  /** Read every key from the nodes after a load with verification. */
  readonly check: boolean
  /** Nodes for a run: launched for it alone, or those that run already. */
  openTarget(): Promise<LoadTarget>
}

export interface LoadRoundsSetup extends LoadSetup {
  readonly repeat: number
  readonly files: ResultPaths
}

/** Told of one run while it is under way. */
interface LoadListener {
  readonly onSnapshot: (snapshot: RunSnapshot) => void
  /** An event of a node or its link, after the load has started. */
  readonly onEvent?: (event: RunEvent) => void
  /** The run is over, also when it failed. */
  readonly onEnd?: () => void
}

/** Host of a load: the command line or the terminal UI. */
export interface LoadHost extends RoundsHost, Pick<RunOptions, 'control' | 'startThread'> {
  /** Called before each run. @returns the listener of that run */
  startRound(round: Round): LoadListener
}

export interface LoadOutcome {
  /** One run, or with `repeat` several; its verdict is unknown where some are missing. */
  readonly document: SavedDocument
  readonly saved: SaveOutcome
  /** Why there are fewer runs than asked for; absent where there are all, or they were interrupted. */
  readonly failure?: unknown
  /** Why files that were asked for could not be written. */
  readonly unwritten: readonly Error[]
}

/**
 * Runs a load `repeat` times: each run checked and judged, the document saved in the history and to the files asked for.
 * @throws the error of the first run; ERR_INTERRUPTED where none was measured
 */
export async function runLoadRounds(setup: LoadRoundsSetup, host: LoadHost): Promise<LoadOutcome> {
  const {repeat} = setup
  const {signal, context} = host
  const files = await ResultFiles.open(setup.files, host.spell)
  const {runs, failure} = await runRounds({items: Array.from({length: repeat}), signal}, (_, round) =>
    runLoadOnce(setup, host, {listener: host.startRound(round), onFinding: files.onFinding}),
  )
  const [first] = runs
  if (first === undefined) {
    files.abandon()
    throw failure ?? new RepbenchError('ERR_INTERRUPTED', 'interrupted before anything was measured')
  }
  const document = repeat === 1 ? first : makeRepeatedDocument(runs, repeat)
  // Before anything is printed: a failing output must not cost hours of load.
  const saved = await saveResult(() => saveRun({document, env: context.env}))
  const hgrm = () => formatHgrm(runs.map(({latencyUs}) => latencyUs.histogram))
  const unwritten = await files.write({document, hgrm})
  return {document, saved, unwritten, ...(failure === undefined ? {} : {failure})}
}

type Finder = Pick<RunCheckOptions, 'onFinding'>['onFinding']

interface RunExtras {
  readonly listener: LoadListener
  readonly onFinding?: Finder
}

/** One run. Nodes launched for it are its own: nothing is left on them from another run. */
export async function runLoadOnce(
  setup: LoadSetup,
  host: Omit<LoadHost, 'startRound' | 'spell'>,
  {listener, onFinding}: RunExtras,
): Promise<RunDocument> {
  const {plan, both, lagProbe, check} = setup
  const {signal, startLagProbe, control, startThread, context} = host
  const target = await setup.openTarget()
  const {topology, nodes, home, pair} = target
  let watched: OpenLinkWatch | null = null
  let unsubscribe = () => {}
  try {
    const targets = chooseNodes({home, pair, failover: plan.failover, both})
    watched = followsLink(target, lagProbe) ? target.watchLink({probes: lagProbe}) : null
    const link = watched === null ? null : new FollowedLink(watched.watch, signal)
    const sources = [...nodes, ...(link === null ? [] : [link.events])]
    let startMs = Number.POSITIVE_INFINITY
    unsubscribe = tellEvents(sources, event => {
      const t = (event.monotonicMs - startMs) / 1000
      if (t >= 0) listener.onEvent?.({...eventFacts(event), t})
    })
    await link?.ready()
    const result = await runLoad({
      plan,
      targets: targets.map(({address}) => address),
      spread: both,
      nodes: sources,
      ...(link === null ? {} : {link: () => link.summary(startMs)}),
      ...(lagProbe && pair !== null ? {lagProbe: [pair[0].address, pair[1].address], startLagProbe} : {}),
      ...(check ? {check: {...checkedNodes(target), ...(onFinding === undefined ? {} : {onFinding})}} : {}),
      signal,
      ...(control === undefined ? {} : {control}),
      ...(startThread === undefined ? {} : {startThread}),
      onStart: at => {
        startMs = at
      },
      onSnapshot: listener.onSnapshot,
    })
    const assertions = setup.assertions.map(assertion => checkAssertion(assertion, result))
    const described = describeTopology(topology, nodes)
    return makeRunDocument({result, command: 'load', version: context.version, topology: described, assertions})
  } finally {
    listener.onEnd?.()
    unsubscribe()
    await watched?.close()
    await target.close()
  }
}

/** A launched pair must replicate; two running servers only if the operator asks for their lag. */
function followsLink({topology, pair}: LoadTarget, lagProbe: boolean): boolean {
  return pair !== null && (lagProbe || topology !== 'attached')
}

/** Both nodes of a pair, else the one that the load went to; strangers are not asked to list all their keys. */
function checkedNodes({nodes, home, pair}: LoadTarget): Pick<RunCheckOptions, 'nodes' | 'mayList'> {
  return {nodes: pair ?? [home], mayList: nodes.every(({supervised}) => supervised)}
}

type EventSource = Pick<LoadTarget['home'], 'onEvent'>

function tellEvents(sources: readonly EventSource[], onEvent: (event: NodeEvent) => void): () => void {
  const stops = sources.map(source => source.onEvent(onEvent))
  return () => {
    for (const stop of stops) stop()
  }
}

function eventFacts({kind, node, text}: NodeEvent): Omit<RunEvent, 't'> {
  return {kind, node, text}
}
