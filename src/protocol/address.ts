import {RepbenchError} from './errors.js'
import {DEFAULT_CLIENT_PORT} from './limits.js'

/** A TCP endpoint. */
export interface Address {
  readonly host: string
  readonly port: number
}

export function formatAddress({host, port}: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

/** Whether only this machine can reach the host. Any name other than `localhost` counts as reachable from outside. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^(::ffff:)?127\.\d+\.\d+\.\d+$/i.test(host)
}

/**
 * Reads `HOST:PORT`, `[IPv6]:PORT` or `HOST` (port 11211).
 * @throws RepbenchError `ERR_ADDRESS` for any other form
 */
export function parseAddress(text: string): Address {
  const match = /^(?:\[([^\]]+)\]|([^:\s]+))(?::(\d{1,5}))?$/.exec(text)
  const host = match?.[1] ?? match?.[2]
  const port = match?.[3] === undefined ? DEFAULT_CLIENT_PORT : Number(match[3])
  if (host === undefined || port < 1 || port > 65_535) {
    throw new RepbenchError('ERR_ADDRESS', `Expected HOST:PORT with a port from 1 to 65535, got '${text}'`)
  }
  return {host, port}
}
