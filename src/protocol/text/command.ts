/** The verbs of memcached's text protocol that the embedded node knows. */
export type StorageVerb = 'set' | 'add' | 'replace' | 'append' | 'prepend' | 'cas'
export type RetrievalVerb = 'get' | 'bget' | 'gets' | 'gat' | 'gats'
export type MetaVerb = 'mg' | 'ms' | 'md' | 'ma' | 'mn' | 'me'
export type Verb =
  | StorageVerb
  | RetrievalVerb
  | MetaVerb
  | 'incr'
  | 'decr'
  | 'delete'
  | 'touch'
  | 'flush_all'
  | 'stats'
  | 'slabs'
  | 'lru'
  | 'lru_crawler'
  | 'cache_memlimit'
  | 'shutdown'
  | 'watch'
  | 'version'
  | 'verbosity'
  | 'debugtime'
  | 'quit'

const verbs: readonly Verb[] = [
  'get',
  'set',
  'gets',
  'bget',
  'gat',
  'gats',
  'add',
  'replace',
  'append',
  'prepend',
  'cas',
  'incr',
  'decr',
  'delete',
  'touch',
  'flush_all',
  'stats',
  'slabs',
  'lru',
  'lru_crawler',
  'cache_memlimit',
  'shutdown',
  'watch',
  'version',
  'verbosity',
  'debugtime',
  'quit',
  'mg',
  'ms',
  'md',
  'ma',
  'mn',
  'me',
]

const byText = new Map<string, Verb>(verbs.map(verb => [verb, verb]))
const byThreeBytes = new Map<number, Verb>(
  verbs.filter(verb => verb.length === 3).map(verb => [pack3(Buffer.from(verb), 0), verb]),
)
const byTwoBytes = new Map<number, Verb>(
  verbs.filter(verb => verb.length === 2).map(verb => [pack2(Buffer.from(verb), 0), verb]),
)
const GET = pack3(Buffer.from('get'), 0)
const SET = pack3(Buffer.from('set'), 0)

/** The verb spelled by bytes[start, end), or undefined. Case matters, as in memcached. */
export function verbOf(bytes: Buffer, start: number, end: number): Verb | undefined {
  if (end - start === 3) {
    const packed = pack3(bytes, start)
    if (packed === GET) return 'get'
    if (packed === SET) return 'set'
    return byThreeBytes.get(packed)
  }
  if (end - start === 2) return byTwoBytes.get(pack2(bytes, start))
  return byText.get(bytes.toString('latin1', start, end))
}

function pack2(bytes: Buffer, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!
}

function pack3(bytes: Buffer, at: number): number {
  return (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!
}
