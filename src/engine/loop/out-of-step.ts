import type {ReplyKind} from '../../protocol/text/reply-kind.js'
import {type Method, methods} from '../data/methods.js'
import {isSecondHalf, WITNESS} from '../measure/pending-calls.js'

/** The call that a reply would be booked on. */
interface OldestCall {
  readonly method: Method
  /** Its mark, which tells the halves of a cas apart. */
  readonly mark: number
  /** Keys that a read asked for. */
  readonly keys: number
}

/** Any call may be refused. */
const refusals: readonly ReplyKind[] = ['error', 'client_error', 'server_error']

/**
 * Why a reply cannot be that of the connection's oldest call, or null when it
 * can: then replies and calls are out of step, and whatever comes after it
 * would be booked on wrong calls.
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

/** The same of a call that is none of the load's operations: a barrier, or the read before a write. */
export function outOfStepAside(mark: number, kind: ReplyKind, values: number): string | null {
  if (mark === WITNESS) return outOfStep({method: methods.get, mark: 0, keys: 1}, kind, values)
  return kind === 'version' ? null : 'out of step: no VERSION for version'
}

function describe(got: string, {name}: Method): string {
  return `out of step: ${got} for ${name}`
}
