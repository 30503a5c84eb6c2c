import {once} from 'node:events'
import {createServer} from 'node:net'
import {type Address, formatAddress} from '../../protocol/address.js'
import {PortError} from '../node-api/node-errors.js'
import {findPortHolder} from './port-holder.js'

// Below the ephemeral ports of Linux and macOS: a connection that is being opened
// can take a port of that range from a dead node, or even connect to itself.
const FIRST_PORT = 20_000
const LAST_PORT = 32_000
const ATTEMPTS = 200
/**
 * So many ports in a row belong to one topology. While its nodes are linked nothing listens on the port of the link,
 * and another pair that took it could be joined by these nodes: but some port of the row is always in use.
 */
const ROW_PORTS = 8

/** @throws PortError when a node could not listen there. */
export async function assertCanListen(address: Address): Promise<void> {
  const server = createServer()
  try {
    server.listen({host: address.host, port: address.port, exclusive: true})
    await once(server, 'listening')
  } catch (error) {
    throw portError(address, error as NodeJS.ErrnoException)
  } finally {
    if (server.listening) {
      server.close()
      await once(server, 'close')
    }
  }
}

export interface FreeRowOptions {
  /** Each port must be free on each of them. */
  readonly hosts: readonly string[]
  /** First port of the row that is tried first. */
  readonly usual?: number
  /** From 0 to 1. @default Math.random */
  readonly random?: () => number
}

/** The first of ROW_PORTS neighbouring ports that are all free, the usual ones if they are. */
export async function findFreeRow({hosts, usual, random = Math.random}: FreeRowOptions): Promise<number> {
  const rows = (LAST_PORT - FIRST_PORT) / ROW_PORTS
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const drawn = FIRST_PORT + ROW_PORTS * Math.floor(random() * rows)
    const first = attempt === 0 ? (usual ?? drawn) : drawn
    if (await isRowFree(hosts, first)) return first
  }
  throw new PortError(
    'ERR_PORT_IN_USE',
    `Expected ${ROW_PORTS} free ports in a row from ${FIRST_PORT} to ${LAST_PORT} on ${hosts.join(' and ')}, got none in ${ATTEMPTS} attempts`,
  )
}

/** Whether this machine has the address (127.0.0.2 is there on Linux, not on macOS). */
export async function hasAddress(host: string): Promise<boolean> {
  return isFree([host], 0)
}

async function isRowFree(hosts: readonly string[], first: number): Promise<boolean> {
  for (let port = first; port < first + ROW_PORTS; port++) if (!(await isFree(hosts, port))) return false
  return true
}

/** Whether a node could listen there now, on each of the hosts. */
export async function isFree(hosts: readonly string[], port: number): Promise<boolean> {
  try {
    for (const host of new Set(hosts)) await assertCanListen({host, port})
    return true
  } catch {
    return false
  }
}

function portError(address: Address, error: NodeJS.ErrnoException): PortError {
  const where = formatAddress(address)
  switch (error.code) {
    case 'EADDRINUSE':
      return new PortError(
        'ERR_PORT_IN_USE',
        `Expected ${where} to be free, got a port in use by ${holderOf(address)}`,
        {
          cause: error,
        },
      )
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new PortError('ERR_ADDRESS_UNAVAILABLE', `Expected an address of this machine, got ${where}`, {
        cause: error,
      })
    default:
      return new PortError('ERR_ADDRESS_UNAVAILABLE', `Expected to listen on ${where}, got ${error.message}`, {
        cause: error,
      })
  }
}

function holderOf(address: Address): string {
  const holder = findPortHolder(address)
  return holder === null ? 'another program' : `${holder.program} (pid ${holder.pid})`
}
