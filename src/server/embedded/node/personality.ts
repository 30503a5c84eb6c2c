import type {Verb} from '../../../protocol/text/command.js'
import type {CommandLine} from '../../../protocol/text/command-line.js'
import {connectionStats} from '../stats/connection-stats.js'
import {generalStats} from '../stats/general-stats.js'
import {modernSettingsStats} from '../stats/modern-settings-stats.js'
import {modernItemStats, modernSizeStats, modernSlabStats} from '../stats/modern-slab-stats.js'
import {modernGeneralStats} from '../stats/modern-stats.js'
import {settingsStats} from '../stats/settings-stats.js'
import {itemStats, sizeStats, slabStats} from '../stats/slab-stats.js'
import type {StatLine} from '../stats/stat-line.js'
import {
  BAD_FORMAT,
  runCacheMemlimit,
  runCounter,
  runDebugTime,
  runDelete,
  runFlushAll,
  runSlabs,
  runTouch,
  runVerbosity,
} from '../text/line-commands.js'
import {
  runModernDelete,
  runModernFlushAll,
  runModernLru,
  runModernSlabs,
  runModernVerbosity,
} from '../text/modern-line-commands.js'
import type {NodeContext} from './node-context.js'
import type {PersonalityName} from './node-settings.js'

/** A command of one line; returns its answer of one line. */
type LineCommand = (context: NodeContext, line: CommandLine) => string
type Stats = (context: NodeContext) => readonly StatLine[]

/** Everything in which two versions of memcached contradict each other: the rest of the node asks here and nowhere else. */
export interface Personality {
  /** As `version` and `stats` tell it. */
  readonly version: string
  /** Answer to a command that lacks words. */
  readonly missingWords: string
  /** Words behind those that a command has are not looked at. */
  readonly ignoresExtraWords: boolean
  /** `gat` without a key lacks a word. */
  readonly gatNeedsKey: boolean
  /** Nothing that ends in `noreply` is answered, not even what is no command. */
  readonly noreplyHidesErrors: boolean
  /** The data block of a storage command is skipped although its line was refused. */
  readonly skipsRefusedData: boolean
  /** A line without an end is closed above this length, unless it may have any number of keys. */
  readonly endlessLineBytes: number
  /** `lru_crawler metadump` begins with `OK`, and only where no answer is waiting to be sent. */
  readonly announcesDumps: boolean
  /** Of `shutdown` without `-A`. */
  readonly shutdownRefusal: string
  /** Commands whose answer is one line. */
  readonly commands: Readonly<Partial<Record<Verb, LineCommand>>>
  /** There is `watch`. */
  readonly watches: boolean
  /** What follows the word `stats`; '' = nothing. */
  readonly stats: ReadonlyMap<string, Stats>
  /** `lru_crawler` takes more than `metadump`. */
  readonly commandsCrawler: boolean
}

const shared = {
  incr: (context, line) => runCounter(context, line, 'incr'),
  decr: (context, line) => runCounter(context, line, 'decr'),
  touch: runTouch,
  debugtime: runDebugTime,
  cache_memlimit: runCacheMemlimit,
} as const satisfies Personality['commands']

const classic: Personality = {
  version: '1.4.13',
  missingWords: 'ERROR',
  ignoresExtraWords: false,
  gatNeedsKey: false,
  noreplyHidesErrors: false,
  skipsRefusedData: false,
  endlessLineBytes: 1024,
  announcesDumps: false,
  shutdownRefusal: 'ERROR',
  watches: false,
  commandsCrawler: false,
  commands: {
    ...shared,
    delete: runDelete,
    flush_all: runFlushAll,
    verbosity: runVerbosity,
    slabs: runSlabs,
    version: (context, line) => (line.count > 1 ? 'ERROR' : `VERSION ${context.personality.version}`),
  },
  stats: new Map<string, Stats>([
    ['', generalStats],
    ['settings', settingsStats],
    ['items', itemStats],
    ['slabs', slabStats],
    ['sizes', sizeStats],
  ]),
}

const modern: Personality = {
  version: '1.6.45',
  missingWords: BAD_FORMAT,
  ignoresExtraWords: true,
  gatNeedsKey: true,
  noreplyHidesErrors: true,
  skipsRefusedData: true,
  endlessLineBytes: 2048,
  announcesDumps: true,
  shutdownRefusal: 'SERVER_ERROR: shutdown not enabled',
  watches: true,
  commandsCrawler: true,
  commands: {
    ...shared,
    delete: runModernDelete,
    flush_all: runModernFlushAll,
    verbosity: runModernVerbosity,
    slabs: runModernSlabs,
    lru: runModernLru,
    version: context => `VERSION ${context.personality.version}`,
  },
  stats: new Map<string, Stats>([
    ['', modernGeneralStats],
    ['settings', modernSettingsStats],
    ['items', modernItemStats],
    ['slabs', modernSlabStats],
    ['sizes', modernSizeStats],
    ['conns', connectionStats],
  ]),
}

export const personalities: Readonly<Record<PersonalityName, Personality>> = {'1.4': classic, '1.6': modern}
