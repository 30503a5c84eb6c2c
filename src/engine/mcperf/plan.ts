import type {SocketTarget} from '../generator/client-socket.js'
import type {Distribution} from './distribution.js'

export const mcperfMethods = [
  'get',
  'gets',
  'delete',
  'cas',
  'set',
  'add',
  'replace',
  'append',
  'prepend',
  'incr',
  'decr',
] as const

export type McperfMethod = (typeof mcperfMethods)[number]

/** A load in mcperf's terms, resolved. */
export interface McperfPlan {
  /** A resolved address, or a unix socket. */
  readonly target: SocketTarget
  readonly method: McperfMethod
  readonly prefix: string
  readonly expirySeconds: number
  /** get and gets have replies anyway. */
  readonly noreply: boolean
  /** Number of this instance: seed of the draws. */
  readonly client: number
  readonly connections: number
  /** Calls on each connection. */
  readonly calls: number
  /** Seconds from one connection to the next; none: the next one when the one before it is closed. */
  readonly connectionInterval: Distribution
  /** Seconds from one call of a connection to the next; none: the next one when the one before it is complete. */
  readonly callInterval: Distribution
  /** Bytes of a value; the amount of incr and decr. */
  readonly sizes: Distribution
  /** Time limit for connecting and for a reply; 0: none. */
  readonly timeoutSeconds: number
  /** Connections are reset, not closed: `--linger=0`. */
  readonly resets: boolean
  readonly noDelay: boolean
}

/** Whether a call is complete with its reply, not when it is sent. */
export function awaitsReplies({method, noreply}: McperfPlan): boolean {
  return !noreply || method === 'get' || method === 'gets'
}
