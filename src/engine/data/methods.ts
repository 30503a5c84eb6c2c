import type {ReplyKind} from '../../protocol/text/reply-kind.js'

export const methodNames = [
  'get',
  'gets',
  'set',
  'add',
  'replace',
  'append',
  'prepend',
  'cas',
  'incr',
  'decr',
  'delete',
  'touch',
] as const

export type MethodName = (typeof methodNames)[number]

/** What follows the key on the command line. */
export type MethodForm =
  /** Nothing. */
  | 'key'
  /** `<flags> <exptime> <bytes>` and a data block. */
  | 'value'
  /** The same with a cas unique before the line's end; begun by a gets that fetches it. */
  | 'cas'
  /** An amount. */
  | 'amount'
  /** An exptime. */
  | 'exptime'

/** A memcached command as the load loop uses it. */
export interface Method {
  readonly name: MethodName
  readonly form: MethodForm
  /** It reads values: a reply without one is a miss. */
  readonly reads: boolean
  /** The reply to an operation that succeeded. */
  readonly ok: ReplyKind
  /** Replies that say the key was not there (for add: already there; for cas: its gets found nothing, or it changed meanwhile). */
  readonly misses: readonly ReplyKind[]
}

const reader = (name: MethodName): Method => ({name, form: 'key', reads: true, ok: 'end', misses: []})
const storer = (name: MethodName, ...misses: ReplyKind[]): Method => {
  return {name, form: 'value', reads: false, ok: 'stored', misses}
}
const counter = (name: MethodName): Method => {
  return {name, form: 'amount', reads: false, ok: 'number', misses: ['not_found']}
}

export const methods: Readonly<Record<MethodName, Method>> = {
  get: reader('get'),
  gets: reader('gets'),
  set: storer('set'),
  add: storer('add', 'not_stored'),
  replace: storer('replace', 'not_stored'),
  append: storer('append', 'not_stored'),
  prepend: storer('prepend', 'not_stored'),
  cas: {name: 'cas', form: 'cas', reads: false, ok: 'stored', misses: ['end', 'exists', 'not_found']},
  incr: counter('incr'),
  decr: counter('decr'),
  delete: {name: 'delete', form: 'key', reads: false, ok: 'deleted', misses: ['not_found']},
  touch: {name: 'touch', form: 'exptime', reads: false, ok: 'touched', misses: ['not_found']},
}
