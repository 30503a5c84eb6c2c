import type {AskErrorCode, AskProblem} from './ask-error.js'

const known: Readonly<Record<string, readonly [AskErrorCode, string]>> = {
  ECONNREFUSED: ['ERR_ASK_REFUSED', 'a refused connection: nothing listens there'],
  ENOTFOUND: ['ERR_ASK_UNREACHABLE', 'a host name that does not resolve'],
  EAI_AGAIN: ['ERR_ASK_UNREACHABLE', 'a host name that cannot be resolved now'],
  EHOSTUNREACH: ['ERR_ASK_UNREACHABLE', 'no route to the host'],
  ENETUNREACH: ['ERR_ASK_UNREACHABLE', 'an unreachable network'],
  ETIMEDOUT: ['ERR_ASK_TIMEOUT', 'no connection: the host does not answer'],
  ECONNRESET: ['ERR_ASK_RESET', 'a reset connection'],
  EPIPE: ['ERR_ASK_CLOSED', 'a closed connection'],
}

/** A socket's error in words; the first one where several addresses were tried. */
export function problemOfSocket(error: NodeJS.ErrnoException): AskProblem {
  const first: NodeJS.ErrnoException = error instanceof AggregateError ? (error.errors[0] ?? error) : error
  const [code, got] = known[first.code ?? ''] ?? ['ERR_ASK_UNREACHABLE', first.code ?? first.message]
  return {code, got, cause: error}
}
