import net from 'node:net'
import {type Address, formatAddress} from '../protocol/address.js'
import {UnreachableError} from './errors.js'

/**
 * Connects once, to learn before the load whether anybody answers, and at
 * which of a name's addresses: the load itself looks up no names.
 * @throws UnreachableError when the server cannot be connected to
 */
export async function reach(target: Address, options: {timeoutMs: number; signal: AbortSignal}): Promise<Address> {
  const {timeoutMs, signal} = options
  const socket = net.connect({
    host: target.host,
    port: target.port,
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
  })
  const {promise, resolve, reject} = Promise.withResolvers<Address>()
  socket.on('connect', () => resolve({host: socket.remoteAddress ?? target.host, port: target.port}))
  socket.on('error', reject)
  try {
    return await promise
  } catch (cause) {
    const reason = signal.aborted ? 'an interrupt' : describe(cause, timeoutMs)
    throw new UnreachableError(`Expected a server at ${formatAddress(target)}, got ${reason}`, {cause})
  } finally {
    socket.destroy()
  }
}

function describe(error: unknown, timeoutMs: number): string {
  // Several addresses were tried.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error
  if (!(first instanceof Error)) return String(first)
  if (first.name === 'AbortError') return `no answer within ${timeoutMs} ms`
  const {code} = first as NodeJS.ErrnoException
  if (code === 'ECONNREFUSED') return 'a refused connection: nothing listens there'
  if (code === 'ENOTFOUND') return 'a host name that does not resolve'
  return code ?? first.message
}
