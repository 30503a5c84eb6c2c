import {join} from 'node:path'
import {TopologyError} from '../node-api/node-errors.js'
import {newLogDirectory} from '../process/log-directory.js'
import {ProcessNode} from '../process/process-node.js'
import type {Watchdog} from '../process/watchdog.js'
import {type Backend, backendOf, type ProgramName} from '../programs/backends/registry.js'
import {type FoundProgram, findProgram} from '../programs/find-program.js'
import {assertEnoughFiles, assertTuningFits} from '../programs/node-tuning.js'
import {nodeCommand, type ReplicationPlace} from '../programs/process-args.js'
import {choosePlaces} from './choose-places.js'
import type {LaunchOptions} from './launch-options.js'
import type {NodePlace, TopologyPlan} from './topology-plans.js'

export interface MadeNode {
  readonly node: ProcessNode
  readonly place: NodePlace
  readonly replication: ReplicationPlace | null
}

/**
 * The nodes of a plan, not started yet.
 * @throws RepbenchError for anything that can be found wrong before the start
 */
export async function makeNodes(
  plan: TopologyPlan,
  options: LaunchOptions & {env: NodeJS.ProcessEnv; watchdog: Watchdog},
): Promise<MadeNode[]> {
  const {env, watchdog, tuning = {}, binPath} = options
  assertTuningFits(
    tuning,
    plan.nodes.map(({backend}) => backend),
  )
  assertNodesNamed(plan, Object.keys(options.nodeArgsOf ?? {}))
  const programs = await findPrograms(plan, options)
  const places = await choosePlaces(plan.nodes, options)
  const logs = newLogDirectory(env)
  const asRoot = process.getuid?.() === 0
  const besideRepcached = plan.nodes.some(({backend}) => backendOf(backend).replication === 'repcached')
  return plan.nodes.map(({name, backend, place}, index) => {
    const {address, replication} = places[index]!
    const program = programs.get(backend)?.file ?? binPath
    const more = [...(options.nodeArgs ?? []), ...(options.nodeArgsOf?.[name] ?? [])]
    const command = nodeCommand({backend, program, address, replication, besideRepcached, asRoot, tuning, more})
    assertEnoughFiles({node: name, backend, args: command.args, asRoot})
    const replicates = replication !== null
    const logFile = logs === null ? null : join(logs, `${name}.log`)
    const node = new ProcessNode({name, backend, address, command, replicates, watchdog, logFile})
    return {node, place, replication}
  })
}

async function findPrograms(
  plan: TopologyPlan,
  {env = process.env, programs = {}, crossedPorts = false, signal}: LaunchOptions,
): Promise<ReadonlyMap<Backend, FoundProgram>> {
  const found = new Map<Backend, FoundProgram>()
  for (const {backend} of plan.nodes) {
    const {program} = backendOf(backend)
    if (program === null || found.has(backend)) continue
    const name = program.name as ProgramName
    const ready = await findProgram(name, {env, file: programs[name], signal})
    if (crossedPorts) assertCrosses(backend, ready)
    found.set(backend, ready)
  }
  return found
}

function assertCrosses(backend: Backend, {identity: {version}}: FoundProgram): void {
  if (backendOf(backend).readsCrossedPorts?.(version) !== false) return
  throw new TopologyError(
    `Expected a ${backend} that knows -X LISTEN:CONNECT (2.2.1) for --crossed-ports, got ${version}, which reads only the first number`,
  )
}

function assertNodesNamed(plan: TopologyPlan, names: readonly string[]): void {
  const known = plan.nodes.map(({name}) => name)
  const unknown = names.find(name => !known.includes(name))
  if (unknown !== undefined) {
    throw new TopologyError(`Expected arguments for a node of '${plan.name}' (${known.join(', ')}), got '${unknown}'`)
  }
}
