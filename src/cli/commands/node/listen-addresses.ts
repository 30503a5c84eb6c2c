import {UsageError} from '../../app/errors.js'
import {readPort} from '../../options/option-readers.js'

export interface ListenAddress {
  /** null = all addresses. */
  readonly host: string | null
  readonly port: number
}

/**
 * Reads memcached's `-l`: addresses with or without a port, separated by commas or
 * semicolons; `*` is all of them. IPv6 stands in brackets where a port follows.
 */
export function readListenAddresses(text: string, defaultPort: number): readonly ListenAddress[] {
  const addresses = text.split(/[;,]/).filter(part => part !== '')
  return addresses.map(part => {
    const {host, port} = splitPort(part)
    return {host: host === '*' ? null : host, port: port === null ? defaultPort : readListenPort(port)}
  })
}

function splitPort(part: string): {host: string; port: string | null} {
  const bracketed = /^\[([^\]]+)\](?::(.*))?$/.exec(part)
  if (bracketed !== null) return {host: bracketed[1]!, port: bracketed[2] ?? null}
  const [host = '', port = null, ...more] = part.split(':')
  return more.length > 0 ? {host: part, port: null} : {host, port}
}

function readListenPort(text: string): number {
  if (text === '0') return 0
  try {
    return readPort(text)
  } catch (error) {
    throw new UsageError(`Invalid port number: "${text}"`, {cause: error})
  }
}
