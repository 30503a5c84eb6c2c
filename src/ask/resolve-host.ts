import {lookup} from 'node:dns/promises'

interface ResolveOptions {
  /** No longer waited for. */
  readonly signal: AbortSignal
}

/**
 * The address of a host, the first that the system knows. A name server that does not answer takes the system many
 * seconds, and nothing interrupts it: the caller is only no longer held up.
 * @throws the system's error where it knows none, the signal's reason when that comes first
 */
export async function resolveHost(host: string, {signal}: ResolveOptions): Promise<string> {
  signal.throwIfAborted()
  const aborted = Promise.withResolvers<never>()
  const onAbort = () => aborted.reject(signal.reason)
  signal.addEventListener('abort', onAbort)
  try {
    const {address} = await Promise.race([lookup(host, {order: 'verbatim'}), aborted.promise])
    return address
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
