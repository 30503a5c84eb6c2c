import {RepbenchError} from '../protocol/errors.js'

type ConsoleErrorCode =
  | 'ERR_CONNECT'
  | 'ERR_CONNECTION_LOST'
  | 'ERR_NO_REPLY'
  | 'ERR_UNEXPECTED_REPLY'
  | 'ERR_CONSOLE_INPUT'

/** A console session that cannot do its job. */
export class ConsoleError extends RepbenchError {
  constructor(code: ConsoleErrorCode, message: string) {
    super(code, message)
  }
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Connection refused',
  ECONNRESET: 'Connection reset by peer',
  EHOSTUNREACH: 'No route to host',
  ENETUNREACH: 'Network is unreachable',
  ENOTFOUND: 'Name or service not known',
  ETIMEDOUT: 'Connection timed out',
}

/** A socket's error in telnet's words. */
export function reasonOf(error: NodeJS.ErrnoException): string {
  return reasons[error.code ?? ''] ?? error.code ?? error.message
}
