import {formatAddress} from '../../../protocol/address.js'
import type {ClusterNode} from '../../../server/node-api/cluster-node.js'
import {eventAdvice} from '../../../server/node-api/event-advice.js'
import type {NodeEvent} from '../../../server/node-api/node-event.js'
import type {Topology} from '../../../server/topology/topology.js'
import {formatTable} from '../../documents/phrases/format.js'

const marks = {info: ' ', warning: '!', alarm: '!!'} as const
const TEXT_WIDTH = 100

/** What a person wants to know of a topology that has come up. */
export function topologyLines(topology: Topology): string[] {
  const {nodes} = topology
  const [first] = nodes
  const where = formatAddress((topology.pair?.master ?? first!).address)
  return [
    `${topology.name} is up`,
    '',
    ...formatTable(
      nodes.map(node => [node.name, placeOf(node, topology), node.backend ?? '', ...addressCells(node)]),
    ).map(line => `  ${line}`),
    ...(topology.replicationPort === null ? [] : ['', `  replication port ${replicationPorts(topology)}`]),
    '',
    ...nodes.flatMap(node => [
      `  ${node.name}  $ ${node.commandLine}`,
      `      log ${node.logFile ?? 'in memory only'}`,
    ]),
    '',
    `Talk to it:  repbench console ${where}`,
    `Load it:     repbench load --server ${where}`,
    'Ctrl-C stops every node.',
    '',
  ]
}

/** One event; what is no routine comes with what it means and what to do, where that is wanted. */
export function eventLines({atMs, node, kind, text}: NodeEvent, {explain}: {explain: boolean}): string[] {
  const {weight, meaning, advice} = eventAdvice[kind]
  const head = `${timeOf(atMs)} ${marks[weight].padEnd(2)} ${node}  ${text} [${kind}]`
  if (weight === 'info' || !explain) return [head]
  return [head, ...wrap(meaning), ...(advice === null ? [] : wrap(`→ ${advice}`))]
}

/** Role in words: who accepted the link counts as master, whatever the node is called. */
function placeOf(node: ClusterNode, {pair, third}: Topology): string {
  if (node === third) return 'third process'
  if (pair === null || (node !== pair.master && node !== pair.slave)) return 'alone'
  return node.status().role
}

function addressCells(node: ClusterNode): string[] {
  return [formatAddress(node.address), `pid ${node.status().pid ?? '–'}`]
}

function replicationPorts({replication, replicationPort}: Topology): string {
  const ports = [...new Set(replication?.map(({replicationAddress: {port}}) => port))]
  return ports.length > 1 ? ports.join(' and ') : String(replicationPort)
}

function timeOf(atMs: number): string {
  const date = new Date(atMs)
  const two = (value: number) => String(value).padStart(2, '0')
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')
  return `${clock}.${String(date.getMilliseconds()).padStart(3, '0')}`
}

function wrap(text: string): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length + 1 > TEXT_WIDTH) {
      lines.push(line)
      line = ''
    }
    line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line].map(one => `                ${one}`)
}

/** The line of `up --json`: everything that a program needs to work with the nodes. */
export function upDocument(topology: Topology, version: string) {
  const {name, nodes, replication, replicationPort} = topology
  return {
    schema: 'repbench.up/1',
    command: 'up',
    version,
    topology: name,
    pid: process.pid,
    replicationPort,
    nodes: nodes.map(node => {
      const {pid, startedAtMs, link} = node.status()
      const member = replication?.find(candidate => candidate.node === node)
      return {
        name: node.name,
        place: placeOf(node, topology),
        backend: node.backend,
        address: formatAddress(node.address),
        replicationAddress: member === undefined ? null : formatAddress(member.replicationAddress),
        pid,
        startedAt: startedAtMs === null ? null : new Date(startedAtMs).toISOString(),
        link,
        commandLine: node.commandLine,
        logFile: node.logFile,
      }
    }),
  }
}
