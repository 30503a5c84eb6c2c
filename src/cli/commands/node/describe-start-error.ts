import {messageOf} from '../../../protocol/errors.js'
import type {NodeSettings} from '../../../server/embedded/node/node-settings.js'

type StartError = NodeJS.ErrnoException & {
  readonly port?: number
  readonly hostname?: string
  readonly address?: string
}

/** Why a node could not start, in one line that names the option to change. */
export function describeStartError(error: unknown, settings: NodeSettings): string {
  const {code, port, hostname, address} = error as StartError
  const path = settings.unixSocket?.path
  if (path !== undefined && address === path) return `failed to listen on UNIX socket: ${path} (${code})`
  switch (code) {
    case 'EADDRINUSE': {
      const isReplication = port === settings.replication?.listenPort && port !== settings.port
      const which = isReplication ? `replication port ${port} (-X)` : `client port ${port} (-p)`
      return `Expected a free ${which}, got one that is in use on ${settings.host ?? 'this host'}`
    }
    case 'EADDRNOTAVAIL':
      return `Expected an address of this host for -l, got '${address ?? settings.host}'`
    case 'EACCES':
      return `Expected a port that this user may bind, got ${port}`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      if (hostname === settings.replication?.peerHost) return `Illegal address: ${hostname}`
      return `Expected a host name that resolves, got '${hostname}'`
    default:
      return `The node could not start: ${messageOf(error)}`
  }
}
