import {createInterface} from 'node:readline'
import {messageOf} from '../../../protocol/errors.js'
import type {ClusterNode} from '../../../server/node-api/cluster-node.js'
import type {LinkTruth} from '../../../server/observe/link-watch.js'
import type {Topology} from '../../../server/topology/topology.js'

type Act = (node: ClusterNode, signal: AbortSignal) => Promise<void> | void

const acts: Readonly<Record<string, Act>> = {
  start: (node, signal) => node.start({signal}),
  stop: node => node.stop(),
  kill: node => node.kill(),
  freeze: node => node.pause(),
  thaw: node => node.resume(),
  restart: async (node, signal) => {
    await node.stop()
    await node.start({signal})
  },
}

const known = `${Object.keys(acts).join(', ')} NODE, or status`

export interface UpCommands {
  readonly input: NodeJS.ReadableStream
  readonly topology: Topology
  /** Whether its pair replicates; null where it has none. */
  readonly truth: () => LinkTruth | null
  readonly signal: AbortSignal
  readonly say: (line: string) => void
}

/**
 * Carries out lines such as `kill s1` and `restart s1`, one after the other. The end of the input
 * ends only the reading; what can't be done is said, and the next line is read.
 */
export function readUpCommands({input, signal, say, ...rest}: UpCommands): void {
  const lines = createInterface({input})
  signal.addEventListener('abort', () => lines.close(), {once: true})
  let last = Promise.resolve()
  lines.on('line', line => {
    last = last.then(() => carryOut(line.trim(), {signal, say, ...rest}))
  })
}

async function carryOut(line: string, {topology, truth, signal, say}: Omit<UpCommands, 'input'>): Promise<void> {
  if (line === '') return
  if (line === 'status') {
    for (const node of topology.nodes) say(statusLine(node))
    const link = truth()
    if (link !== null) say(linkLine(link))
    return
  }
  const [verb = '', name = '', ...more] = line.split(/\s+/)
  const act = Object.hasOwn(acts, verb) ? acts[verb] : undefined
  const node = topology.nodes.find(candidate => candidate.name === name)
  if (act === undefined || more.length > 0) return say(`Expected ${known}, got '${line}'`)
  if (node === undefined) {
    return say(`Expected a node (${topology.nodes.map(one => one.name).join(', ')}), got '${name}'`)
  }
  try {
    await act(node, signal)
  } catch (error) {
    say(messageOf(error))
  }
}

function linkLine(link: LinkTruth): string {
  return `link  ${link.verdict}: ${link.why}`
}

function statusLine(node: ClusterNode): string {
  const {state, pid, link, role, exit} = node.status()
  const process = pid === null ? '' : `, pid ${pid}`
  const place = role === 'none' ? '' : ` as ${role}`
  const end =
    exit === null ? '' : `, ended at ${new Date(exit.atMs).toISOString()} (${exit.signal ?? `code ${exit.code}`})`
  return `${node.name}  ${state}${process}, link ${link}${place}${end}`
}
