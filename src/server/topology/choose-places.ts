import type {Address} from '../../protocol/address.js'
import {DEFAULT_CLIENT_PORT} from '../../protocol/limits.js'
import {PortError} from '../node-api/node-errors.js'
import type {ReplicationPlace} from '../programs/process-args.js'
import {assertCanListen, findFreeRow, hasAddress} from '../system/free-port.js'
import type {PlannedNode} from './topology-plans.js'

/** What follows the first client port: the link's port, and the other one where each node has its own. */
const REPLICATION_OFFSET = 1
const SECOND_REPLICATION_OFFSET = 5

/** Where the nodes of a topology listen. */
export interface Placement {
  /** Addresses of this machine: of master and slave, or one for all. @default 127.0.0.1 and 127.0.0.2, where both are there */
  readonly hosts?: readonly [string, string?] | undefined
  /** Each node of the pair listens on a replication port of its own (`-X LISTEN:CONNECT`). @default false */
  readonly crossedPorts?: boolean | undefined
  /** The first node's client port; the others follow it, and all must be free. */
  readonly firstPort?: number | undefined
  /** Without firstPort: 11211 and what follows it, if all of these are free. @default false */
  readonly usualPorts?: boolean | undefined
}

export interface Place {
  readonly address: Address
  readonly replication: ReplicationPlace | null
}

/**
 * A pair on one machine wants two loopback addresses and one replication port number:
 * on one address both nodes listen on the same port after an outage, and only one of them can.
 * @throws PortError for an address that this machine doesn't have, or a demanded port that is taken
 */
export async function choosePlaces(planned: readonly PlannedNode[], placement: Placement): Promise<Place[]> {
  const hosts = await chooseHosts(placement)
  const ports = await choosePorts(hosts, placement)
  const links = planned.some(({place}) => place !== 'alone') ? await chooseLinks({hosts, ports, placement}) : null
  const places: Place[] = []
  for (const {place, portOffset} of planned) {
    const host = place === 'slave' ? hosts[1] : hosts[0]
    const port = await ports.at([host], portOffset)
    const replication = place === 'alone' || links === null ? null : links[place === 'slave' ? 'slave' : 'master']
    places.push({address: {host, port}, replication})
  }
  return places
}

async function chooseHosts({hosts}: Placement): Promise<readonly [string, string]> {
  if (hosts === undefined) return ['127.0.0.1', (await hasAddress('127.0.0.2')) ? '127.0.0.2' : '127.0.0.1']
  const [first, second = first] = hosts
  for (const host of [first, second]) await assertCanListen({host, port: 0})
  return [first, second]
}

interface LinkChoice {
  readonly hosts: readonly [string, string]
  readonly ports: Ports
  readonly placement: Placement
}

async function chooseLinks({hosts: [first, second], ports, placement}: LinkChoice) {
  const masterPort = await ports.at([first, second], REPLICATION_OFFSET)
  const slavePort = placement.crossedPorts ? await ports.at([second], SECOND_REPLICATION_OFFSET) : masterPort
  const link = (listenPort: number, host: string, port: number): ReplicationPlace => ({listenPort, peer: {host, port}})
  return {master: link(masterPort, second, slavePort), slave: link(slavePort, first, masterPort)}
}

/** The ports of a topology, by their distance from the first. */
interface Ports {
  /** @throws PortError when it was asked for, and is taken on one of the hosts */
  at(hosts: readonly string[], offset: number): Promise<number>
}

async function choosePorts(hosts: readonly string[], {firstPort, usualPorts = false}: Placement): Promise<Ports> {
  const usual = usualPorts ? {usual: DEFAULT_CLIENT_PORT} : {}
  const first = firstPort ?? (await findFreeRow({hosts, ...usual}))
  return {
    async at(onHosts, offset) {
      if (firstPort !== undefined) await assertPortsFree(onHosts, first + offset)
      return first + offset
    },
  }
}

async function assertPortsFree(hosts: readonly string[], port: number): Promise<void> {
  if (port > 65_535) throw new PortError('ERR_ADDRESS_UNAVAILABLE', `Expected ports up to 65535, got ${port}`)
  for (const host of new Set(hosts)) await assertCanListen({host, port})
}
