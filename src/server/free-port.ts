import {once} from 'node:events'
import {createServer} from 'node:net'
import {type Address, formatAddress} from '../protocol/address.js'
import {PortError} from './node-errors.js'
import {findPortHolder} from './port-holder.js'

// Below the ephemeral ports of Linux and macOS: a connection that is being dialled
// can take a port of that range from a dead node, or even connect to itself.
const FIRST_PORT = 20_000
const LAST_PORT = 32_000
const ATTEMPTS = 200

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

export interface FreePortOptions {
  /** The port must be free on each of them. */
  readonly hosts: readonly string[]
  /** Tried first. */
  readonly usual?: number
  /** Ports that are promised to others already. */
  readonly taken?: readonly number[]
  /** From 0 to 1. @default Math.random */
  readonly random?: () => number
}

/** A port on which a node can listen now, the usual one if it is free. */
export async function findFreePort({hosts, usual, taken = [], random = Math.random}: FreePortOptions): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const drawn = FIRST_PORT + Math.floor(random() * (LAST_PORT - FIRST_PORT))
    const port = attempt === 0 ? (usual ?? drawn) : drawn
    if (!taken.includes(port) && (await isFree(hosts, port))) return port
  }
  throw new PortError(
    'ERR_PORT_IN_USE',
    `Expected a free port from ${FIRST_PORT} to ${LAST_PORT} on ${hosts.join(' and ')}, got none in ${ATTEMPTS} attempts`,
  )
}

/** Whether this machine has the address (127.0.0.2 is there on Linux, not on macOS). */
export async function hasAddress(host: string): Promise<boolean> {
  return isFree([host], 0)
}

async function isFree(hosts: readonly string[], port: number): Promise<boolean> {
  try {
    for (const host of hosts) await assertCanListen({host, port})
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
