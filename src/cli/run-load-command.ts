import {writeFile} from 'node:fs/promises'
import {availableParallelism} from 'node:os'
import {runLoad} from '../engine/run.js'
import type {RunResult} from '../engine/run-result.js'
import {type Address, formatAddress} from '../protocol/address.js'
import {RepbenchError} from '../protocol/errors.js'
import type {ClusterNode} from '../server/cluster-node.js'
import {launchTopology} from '../server/topology.js'
import {binPath} from './bin-path.js'
import type {CliContext} from './context.js'
import {type ExitCode, exitCodes} from './exit-codes.js'
import {type LoadOptions, planFromOptions} from './load-plan.js'
import {formatJson, makeRunDocument, type RunDocument, type RunTopology} from './reports/run-json.js'
import {ProgressLine} from './reports/run-progress.js'
import {formatRun} from './reports/run-text.js'
import {saveRun} from './run-history.js'
import {exitCodeOfSignal} from './shutdown.js'

export interface LoadCommandOptions extends LoadOptions {
  readonly server?: Address
  readonly topology?: string
  readonly json?: true
  readonly out?: string
}

/** What the load goes to. */
interface Target {
  readonly address: Address
  readonly topology: RunTopology
  readonly nodes: readonly ClusterNode[]
}

const defaultTopology = 'pair'

/** `repbench load`. */
export async function runLoadCommand(options: LoadCommandOptions, context: CliContext): Promise<ExitCode | number> {
  const {shutdown, stderr, stdout} = context
  const plan = planFromOptions(options, {cpuCount: availableParallelism()})
  const progress = new ProgressLine(stderr)
  let result: RunResult
  let target: Target
  try {
    target = await prepareTarget(options, context)
    result = await runLoad({
      plan,
      targets: [target.address],
      nodes: target.nodes,
      signal: shutdown.signal,
      onSnapshot: snapshot => progress.show(snapshot),
    })
  } catch (error) {
    // Interrupted before there was anything to report.
    if (shutdown.received !== undefined) return exitCodeOfSignal(shutdown.received)
    throw error
  } finally {
    progress.clear()
  }
  const document = makeRunDocument({result, command: 'load', version: context.version, topology: target.topology})
  await print(stdout, options.json ? formatJson(document) : formatRun(document))
  await keep(document, options, context)
  if (shutdown.received !== undefined) return exitCodeOfSignal(shutdown.received)
  return document.verdict === 'pass' ? exitCodes.pass : exitCodes.fail
}

async function prepareTarget({server, topology}: LoadCommandOptions, context: CliContext): Promise<Target> {
  if (server !== undefined) {
    const address = formatAddress(server)
    const nodes = [{name: address, backend: null, address}]
    return {address: server, topology: {name: 'attached', nodes}, nodes: []}
  }
  const name = topology ?? defaultTopology
  context.stderr.write(`starting topology ${name}\n`)
  const {nodes, close} = await launchTopology({
    name,
    binPath,
    signal: context.shutdown.signal,
    env: context.env,
  })
  context.shutdown.add(close)
  return {
    address: nodes[0]!.address,
    topology: {
      name,
      nodes: nodes.map(node => ({name: node.name, backend: node.backend, address: formatAddress(node.address)})),
    },
    nodes,
  }
}

/** To the history and to the file asked for; a history that cannot be written is worth a warning, not the run. */
async function keep(document: RunDocument, {out}: LoadCommandOptions, {env, stderr}: CliContext): Promise<void> {
  try {
    const path = await saveRun({document, env})
    stderr.write(`saved as ${path}\n`)
  } catch (error) {
    stderr.write(`warning: the run could not be saved in the history: ${describe(error)}\n`)
  }
  if (out === undefined) return
  try {
    await writeFile(out, formatJson(document))
  } catch (error) {
    throw new RepbenchError('ERR_OUT_FILE', `Expected a writable --out file, got ${describe(error)}`, {cause: error})
  }
}

/** Waits until the text is out: the program may end right after. */
function print(stream: NodeJS.WriteStream, text: string): Promise<void> {
  const {promise, resolve, reject} = Promise.withResolvers<void>()
  stream.write(text, error => (error ? reject(error) : resolve()))
  return promise
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
