import {type Address, formatAddress} from '../../protocol/address.js'
import {RepbenchError} from '../../protocol/errors.js'

export type LookErrorCode =
  /** No connection, or an interrupt. */
  | 'ERR_UNREACHABLE'
  /** Connected, and nothing came. */
  | 'ERR_SILENT_SERVER'
  /** Something else than a memcached. */
  | 'ERR_NO_MEMCACHED'
  | 'ERR_WANTS_PASSWORD'
  /** It has as many clients as it may have. */
  | 'ERR_TOO_MANY_CONNECTIONS'

interface LookErrorParts {
  readonly code: LookErrorCode
  readonly address: Address
  /** What is there, after the server's name; for ERR_UNREACHABLE what came instead of a connection. */
  readonly says: string
  readonly cause?: unknown
}

/** A server that no work can begin with; the message says in one line what is there. */
export class LookError extends RepbenchError {
  declare readonly code: LookErrorCode
  readonly address: Address
  readonly says: string

  constructor({code, address, says, cause}: LookErrorParts) {
    const where = formatAddress(address)
    super(code, code === 'ERR_UNREACHABLE' ? `Expected a server at ${where}, got ${says}` : `${where} ${says}`, {cause})
    this.address = address
    this.says = says
  }
}

/** Whether something is there, for certain, that repbench can do nothing with. */
export function isNoMemcached({code}: LookError): boolean {
  return code === 'ERR_NO_MEMCACHED' || code === 'ERR_WANTS_PASSWORD'
}
