import {InvalidArgumentError} from 'commander'
import {askOnce} from '../../ask/ask-once.js'
import {type OwnTraffic, OwnTrafficByAddress} from '../../ask/own-traffic.js'
import {RunControl} from '../../engine/run/run-control.js'
import type {Address} from '../../protocol/address.js'
import {parseStats} from '../../protocol/text/stats-reply.js'
import type {ClusterNode} from '../../server/node-api/cluster-node.js'
import {eventAdvice} from '../../server/node-api/event-advice.js'
import {slabClassesOf} from '../../server/stats/slab-classes.js'
import {topologyPlans} from '../../server/topology/topology-plans.js'
import {explainNotice, explainReply} from '../../telnet/explain/explain.js'
import type {ReportPort} from '../../ui/ports/report-port.js'
import type {UiRun, UiRunRequest} from '../../ui/ports/run-port.js'
import type {UiPorts} from '../../ui/ports/ui-ports.js'
import {binPath} from '../app/bin-path.js'
import type {CliContext} from '../app/context.js'
import {formatSlabTable} from '../documents/text/slab-table.js'
import {saveText} from '../files/save-text.js'
import {readRate} from '../load-settings/rate-readers.js'
import {launchForm, launchOptionsOf} from '../options/launch-form.js'
import {ProbeThread} from '../probe-thread/probe-thread.js'
import {UiCluster} from './cluster.js'
import {createConsolePort} from './console-port.js'
import {ConsoleThread} from './console-thread/console-thread.js'
import {createDrillPort} from './drill-port.js'
import type {RunServices} from './run-load.js'

export interface UiPortsOptions {
  /** Running servers to be shown; two are a pair. */
  readonly servers?: readonly Address[] | undefined
  /** Nothing is written to them. */
  readonly readonly?: boolean | undefined
}

/** The rest of repbench, as the UI sees it. */
export function createUiPorts(
  context: Pick<CliContext, 'env' | 'version'>,
  {servers = [], readonly = false}: UiPortsOptions = {},
): UiPorts {
  const {env} = context
  const traffic = new OwnTrafficByAddress()
  const probes = new ProbeThread({traffic})
  const cluster = new UiCluster({
    launch: {binPath, env},
    makeProbe: readonly ? null : probes.open,
    makePolls: probes.polls,
    traffic,
  })
  if (servers.length > 0) cluster.attach(servers)
  const consoles = new ConsoleThread(traffic)
  const drills = createDrillPort({context, probes})
  return {
    nodes: () => cluster.nodes(),
    pairs: () => cluster.pairs(),
    onNodeEvent: listener => cluster.onNodeEvent(listener),
    onNodeSample: listener => cluster.onNodeSample(listener),
    topologies: topologyPlans,
    eventAdvice,
    explainLine: ({kind, text}) =>
      kind === 'received' ? explainReply(text) : kind === 'system' ? explainNotice(text) : null,
    launchForm,
    launch: async (topology, given) => cluster.launch(launchOptionsOf(topology, given)),
    attach: addresses => cluster.attach(addresses),
    detach: node => cluster.detach(node),
    slabs: node => readSlabs(node, traffic.at(node.address)),
    restart: node => cluster.restart(node),
    ...profilePort,
    readRate: readUiRate,
    startRun: request => startRun(request, {cluster, probes, context}),
    saveText,
    consoles: createConsolePort(consoles, env),
    drills,
    reports: createReportPort(env),
    async close() {
      await consoles.close()
      await drills.close()
      await cluster.close()
      await probes.close()
    },
  }
}

/** The engine and its libraries are loaded when profiles are asked for. */
const profilePort: Pick<UiPorts, 'profiles' | 'saveProfile'> = {
  profiles: async () => (await import('./profiles.js')).listUiProfiles(),
  saveProfile: async request => (await import('./profiles.js')).saveUiProfile(request),
}

const readUiRate: UiPorts['readRate'] = text => {
  try {
    return {ratePerSecond: readRate(text)}
  } catch (error) {
    if (error instanceof InvalidArgumentError) return {problem: error.message}
    throw error
  }
}

function startRun(
  request: UiRunRequest,
  {cluster, ...services}: Pick<RunServices, 'probes' | 'context'> & {readonly cluster: UiCluster},
): UiRun {
  const stopping = new AbortController()
  const control = new RunControl()
  const run = async () => {
    // The engine and its libraries are loaded when a load is wanted.
    const {runFromUi} = await import('./run-load.js')
    const openTarget: RunServices['openTarget'] = node => cluster.targetOf(node)
    return runFromUi(request, {...services, openTarget, signal: stopping.signal, control})
  }
  return {
    stop: () => stopping.abort(),
    changeRate: ratePerSecond => control.changeRate(ratePerSecond),
    finished: run(),
  }
}

/** The run history as the UI sees it; what lists, reads and compares runs is loaded when it is asked for. */
function createReportPort(env: NodeJS.ProcessEnv): ReportPort {
  const reports = async () => (await import('./reports.js')).uiReports(env)
  return {
    list: async limit => (await import('./report-list.js')).newestEntries(env, limit),
    open: async entry => (await reports()).open(entry),
    compare: async (first, second) => (await reports()).compare(first, second),
    remove: async path => (await reports()).remove(path),
    export: async entry => (await reports()).export(entry),
  }
}

/** The slab classes of a node, as memcached-tool prints them. @param traffic counts what that takes */
async function readSlabs({address}: ClusterNode, traffic: OwnTraffic): Promise<readonly string[]> {
  const ask = (command: string) => askOnce(address, command, {traffic})
  const [items, slabs] = await Promise.all([ask('stats items'), ask('stats slabs')])
  const none = new Map<string, string>()
  return formatSlabTable(slabClassesOf({items: parseStats(items) ?? none, slabs: parseStats(slabs) ?? none}))
}
