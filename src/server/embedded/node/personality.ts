import type {PersonalityName} from './node-settings.js'

/**
 * Where memcached 1.4.13 and 1.6 differ. Their one-line commands
 * differ in text/line-command-tables.ts, their statistics in stats/named-stats.ts;
 * everything else asks here.
 */
export interface Personality {
  /** What `version` and `stats` show. */
  readonly version: string
  /** Answer to a command with too few words. */
  readonly missingWords: string
  /** Extra words of a command are ignored. */
  readonly ignoresExtraWords: boolean
  /** `gat` without a key has too few words. */
  readonly gatNeedsKey: boolean
  /** No line that ends in `noreply` is answered, not even an unknown command. */
  readonly noreplyHidesErrors: boolean
  /** The data block of a storage command is skipped although its line was refused. */
  readonly skipsRefusedData: boolean
  /** An unfinished line above this length closes the connection, unless it is a get. */
  readonly endlessLineBytes: number
  /** The reply to `lru_crawler metadump` begins with `OK`, and is refused while other replies wait to be sent. */
  readonly announcesDumps: boolean
  /** Answer to `shutdown` without `-A`. */
  readonly shutdownRefusal: string
  /** `watch` exists. */
  readonly watches: boolean
  /** `lru_crawler` has more commands than `metadump`. */
  readonly commandsCrawler: boolean
}

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
}

const modern: Personality = {
  version: '1.6.45',
  missingWords: 'CLIENT_ERROR bad command line format',
  ignoresExtraWords: true,
  gatNeedsKey: true,
  noreplyHidesErrors: true,
  skipsRefusedData: true,
  endlessLineBytes: 2048,
  announcesDumps: true,
  shutdownRefusal: 'SERVER_ERROR: shutdown not enabled',
  watches: true,
  commandsCrawler: true,
}

export const personalities: Readonly<Record<PersonalityName, Personality>> = {'1.4': classic, '1.6': modern}
