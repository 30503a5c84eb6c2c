import {formatAddress} from '../../../protocol/address.js'
import type {Topology} from '../../../server/topology/topology.js'
import {placeOf} from './up-text.js'

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
