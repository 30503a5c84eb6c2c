import type {NodeSettings} from '../../../server/embedded/node/node-settings.js'
import {UsageError} from '../../app/errors.js'
import {readInteger} from '../../options/option-readers.js'

const SMALLEST_HASH_POWER = 12
/** memcached takes up to 64, which no machine holds. */
const LARGEST_HASH_POWER = 27
const LONGEST_IDLE_SECONDS = 0x7fff_ffff
const LARGEST_WATCHER_BUFFER_KB = 1024 * 1024

type ExtendedSettings = {
  -readonly [Name in
    | 'rejectsAtLimit'
    | 'hashPower'
    | 'idleTimeoutSeconds'
    | 'watcherBufferBytes'
    | 'slabReassign'
    | 'slabAutomove'
    | 'sweepsExpired'
    | 'lruCrawler']: NodeSettings[Name]
}

interface Target {
  readonly settings: ExtendedSettings
  readonly warnings: string[]
}

type Apply = (target: Target, value: string | undefined) => void

const on = (name: keyof ExtendedSettings, value: boolean): Apply => {
  return ({settings}) => {
    Object.assign(settings, {[name]: value})
  }
}

/** Sub-options that mean something here. */
const meant: ReadonlyMap<string, Apply> = new Map<string, Apply>([
  ['maxconns_fast', on('rejectsAtLimit', true)],
  ['no_maxconns_fast', on('rejectsAtLimit', false)],
  ['slab_reassign', on('slabReassign', true)],
  ['no_slab_reassign', on('slabReassign', false)],
  ['lru_crawler', on('lruCrawler', true)],
  ['no_lru_crawler', on('lruCrawler', false)],
  ['lru_maintainer', on('sweepsExpired', true)],
  ['no_lru_maintainer', on('sweepsExpired', false)],
  [
    'hashpower',
    ({settings}, value) => {
      settings.hashPower = readHashPower(value)
    },
  ],
  [
    'slab_automove',
    ({settings}, value) => {
      settings.slabAutomove = value === undefined ? 1 : readNumber('slab_automove', value, {min: 0, max: 2})
    },
  ],
  [
    'no_slab_automove',
    ({settings}) => {
      settings.slabAutomove = 0
    },
  ],
  [
    'idle_timeout',
    ({settings}, value) => {
      settings.idleTimeoutSeconds = readNumber('idle_timeout', value, {min: 0, max: LONGEST_IDLE_SECONDS})
    },
  ],
  [
    'watcher_logbuf_size',
    ({settings}, value) => {
      const kilobytes = readNumber('watcher_logbuf_size', value, {min: 1, max: LARGEST_WATCHER_BUFFER_KB})
      settings.watcherBufferBytes = kilobytes * 1024
    },
  ],
  // What memcached 1.6 has by default, and what 1.4 had.
  ['modern', () => {}],
  [
    'no_modern',
    ({settings}) => {
      Object.assign(settings, {
        rejectsAtLimit: false,
        slabReassign: false,
        slabAutomove: 0,
        lruCrawler: false,
        sweepsExpired: false,
      })
    },
  ],
])

const ONE_LRU = 'items have one LRU list a slab class'
const ONE_CHUNK = 'every item lies in one chunk'
const NO_LIMIT = 'what clients leave unread is limited for each of them'
const PRIVILEGES = 'privileges stay as they are'

/** Sub-options of memcached 1.4 and 1.6 that are taken without an effect, and why they have none here. */
const withoutEffect: ReadonlyMap<string, string> = new Map([
  ['no_hashexpand', 'the hash table grows when it has to'],
  ['tail_repair_time', 'nothing here locks items'],
  ['hash_algorithm', 'keys are hashed by FNV-1a'],
  ['lru_crawler_sleep', 'the walk through the items gives way to clients'],
  ['lru_crawler_tocrawl', 'the walk through the items gives way to clients'],
  ['hot_lru_pct', ONE_LRU],
  ['warm_lru_pct', ONE_LRU],
  ['hot_max_factor', ONE_LRU],
  ['warm_max_factor', ONE_LRU],
  ['temporary_ttl', ONE_LRU],
  ['slab_automove_ratio', 'pages are spare when their class has no use for them'],
  ['slab_automove_window', 'pages are spare when their class has no use for them'],
  ['slab_automove_freeratio', 'pages are spare when their class has no use for them'],
  ['slab_sizes', 'slab classes are those of -f and -n'],
  ['slab_chunk_max', ONE_CHUNK],
  ['no_chunked_items', ONE_CHUNK],
  ['track_sizes', 'stats sizes counts when it is asked'],
  ['worker_logbuf_size', 'lines go straight to those who watch'],
  ['inline_ascii_resp', 'values are kept as they are sent'],
  ['no_inline_ascii_resp', 'values are kept as they are sent'],
  ['resp_obj_mem_limit', NO_LIMIT],
  ['read_buf_mem_limit', NO_LIMIT],
  ['drop_privileges', PRIVILEGES],
  ['no_drop_privileges', PRIVILEGES],
  ['relaxed_privileges', PRIVILEGES],
  ['sock_cookie_id', 'sockets carry no cookie'],
])

/** What is refused: without it the node would be less than was asked for. */
const refused: readonly (readonly [begin: string, reason: string])[] = [
  ['ssl_', 'this node has no TLS'],
  ['proxy_', 'this node is no proxy'],
  ['ext_', 'this node keeps items in memory alone'],
]

/**
 * Reads memcached's `-o`: sub-options of 1.4.13 and 1.6, separated by commas.
 * @throws UsageError for one that neither knows, or that can't be had here
 */
export function readExtendedOptions(target: Target, text: string): void {
  for (const option of text.split(',').filter(part => part !== '')) {
    const equals = option.indexOf('=')
    const name = equals < 0 ? option : option.slice(0, equals)
    const value = equals < 0 ? undefined : option.slice(equals + 1)
    const apply = meant.get(name)
    const reason = withoutEffect.get(name)
    if (apply !== undefined) apply(target, value)
    else if (reason !== undefined) target.warnings.push(`-o ${name}: no effect here, ${reason}`)
    else throw new UsageError(refusalOf(option, name))
  }
}

function refusalOf(option: string, name: string): string {
  const [, reason] = refused.find(([begin]) => name.startsWith(begin)) ?? []
  return reason === undefined ? `Illegal suboption "${option}"` : `-o ${name}: ${reason}`
}

function readNumber(name: string, value: string | undefined, bounds: {min: number; max: number}): number {
  if (value === undefined || value === '') throw new UsageError(`Missing ${name} argument`)
  return readInteger({text: value, what: name, ...bounds})
}

function readHashPower(value: string | undefined): number {
  if (value === undefined || value === '') throw new UsageError('Missing numeric argument for hashpower')
  const power = Number(value)
  if (!(power >= SMALLEST_HASH_POWER)) throw new UsageError(`Initial hashtable multiplier of ${value} is too low`)
  if (power > LARGEST_HASH_POWER) throw new UsageError(`Initial hashtable multiplier of ${value} is too high`)
  return power
}
