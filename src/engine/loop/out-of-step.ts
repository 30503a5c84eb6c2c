import type {ReplyKind} from '../../protocol/text/reply-kind.js'
import {type Method, methods} from '../data/methods.js'
import {isSecondHalf, WITNESS} from '../measure/pending-calls.js'

/** The call that a reply would be counted for. */
interface OldestCall {
  readonly method: Method
  /** Its mark, which distinguishes the halves of a cas. */
  readonly mark: number
  /** Number of keys that a read asked for. */
  readonly keys: number
}

/** Replies that any call may get. */
const refusals: readonly ReplyKind[] = ['error', 'client_error', 'server_error']

/**
 * Why a reply cannot belong to the connection's oldest call; null when it can.
 * Otherwise calls and replies are out of step, and later replies would be
 * counted for wrong calls.
 */
export function outOfStep(call: OldestCall, kind: ReplyKind, values: number): string | null {
  const {method, mark, keys} = call
  const isGets = method.form === 'cas' && !isSecondHalf(mark)
  const valuesMost = method.reads ? keys : isGets ? 1 : 0
  if (values > valuesMost) return describe(valuesMost > 0 ? `${values} values` : 'VALUE', method)
  if (kind === (isGets ? 'end' : method.ok) || refusals.includes(kind)) return null
  if (!isGets && kind !== 'end' && method.misses.includes(kind)) return null
  return describe(kind === 'unknown' ? 'an unknown reply' : kind === 'number' ? 'a number' : kind.toUpperCase(), method)
}

/** The same for a call that is no operation of the load: a barrier, or the read before a write. */
export function outOfStepAside(mark: number, kind: ReplyKind, values: number): string | null {
  if (mark === WITNESS) return outOfStep({method: methods.get, mark: 0, keys: 1}, kind, values)
  return kind === 'version' ? null : 'out of step: no VERSION for version'
}

function describe(got: string, {name}: Method): string {
  return `out of step: ${got} for ${name}`
}
