import type {ReplyKind} from '../protocol/reply-kind.js'

export const methodNames = ['get', 'gets', 'set', 'add', 'replace', 'append', 'prepend', 'delete'] as const

export type MethodName = (typeof methodNames)[number]

/** What the load loop needs to know of a memcached command. */
export interface Method {
  readonly name: MethodName
  /** Whether a data block follows the command line. */
  readonly carriesValue: boolean
  /** Whether it reads values: then a reply without one is a miss. */
  readonly reads: boolean
  /** The reply to an operation that did its work. */
  readonly ok: ReplyKind
  /** The reply that says the key was not there (or, for add, already there). */
  readonly miss: ReplyKind | null
}

const reader = (name: MethodName): Method => ({name, carriesValue: false, reads: true, ok: 'end', miss: null})
const storer = (name: MethodName, miss: ReplyKind | null): Method => {
  return {name, carriesValue: true, reads: false, ok: 'stored', miss}
}

export const methods: Readonly<Record<MethodName, Method>> = {
  get: reader('get'),
  gets: reader('gets'),
  set: storer('set', null),
  add: storer('add', 'not_stored'),
  replace: storer('replace', 'not_stored'),
  append: storer('append', 'not_stored'),
  prepend: storer('prepend', 'not_stored'),
  delete: {name: 'delete', carriesValue: false, reads: false, ok: 'deleted', miss: 'not_found'},
}
