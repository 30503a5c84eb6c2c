import {readUint32} from '../../../protocol/text/c-numbers.js'
import type {CommandLine} from '../../../protocol/text/command-line.js'
import {BAD_FORMAT} from '../conversation/line-words.js'
import type {NodeContext} from '../node/node-context.js'
import {type DumpedClasses, readDumpedClasses} from './metadump.js'

const CRAWLER_DISABLED = 'CLIENT_ERROR lru crawler disabled'
const BAD_CLASS = 'BADCLASS invalid class id'
const LONGEST_SLEEP_US = 1_000_000

const crawlAnswers = {
  started: 'OK',
  busy: 'BUSY currently processing crawler request',
  noItems: 'NOTSTARTED no items to crawl',
} as const

type CrawlerOutcome =
  | {readonly type: 'answer'; readonly text: string}
  /** The keys of these classes are to be listed. */
  | {readonly type: 'dump'; readonly classes: DumpedClasses}

/**
 * `lru_crawler metadump all|hash|<class>,<class>…`, from memcached 1.5 on, and
 * with 1.6's personality also `enable`, `disable`, `crawl`, `sleep` and `tocrawl`.
 * @param pipelined earlier replies of the connection wait to be sent
 */
export function runCrawler(context: NodeContext, line: CommandLine, pipelined: boolean): CrawlerOutcome {
  if (line.count !== 3 || !line.is(1, 'metadump')) {
    return {type: 'answer', text: context.personality.commandsCrawler ? runCommand(context, line) : 'ERROR'}
  }
  const {settings, personality, store} = context
  if (!settings.lruCrawler) return {type: 'answer', text: CRAWLER_DISABLED}
  if (!settings.dumpEnabled) return {type: 'answer', text: 'ERROR metadump not allowed'}
  if (personality.announcesDumps && pipelined) {
    return {type: 'answer', text: 'ERROR cannot pipeline other commands before metadump'}
  }
  const classes = readDumpedClasses(line.text(2), store.classes.length)
  return classes === null ? {type: 'answer', text: BAD_CLASS} : {type: 'dump', classes}
}

function runCommand(context: NodeContext, line: CommandLine): string {
  if (line.count === 2) return switchCrawler(context, line)
  if (line.count !== 3) return 'ERROR'
  const word = () => readUint32(line.bytes, line.start(2), line.end(2))
  switch (line.text(1)) {
    case 'crawl':
      return crawl(context, line.text(2))
    // Slows memcached's crawler down; the crawler here yields to clients anyway.
    case 'sleep':
      if (Number.isNaN(word())) return BAD_FORMAT
      return word() > LONGEST_SLEEP_US ? 'CLIENT_ERROR sleep must be one second or less' : 'OK'
    case 'tocrawl':
      return Number.isNaN(word()) ? BAD_FORMAT : 'OK'
    default:
      return 'ERROR'
  }
}

function switchCrawler({settings}: NodeContext, line: CommandLine): string {
  if (line.is(1, 'enable')) {
    if (settings.lruCrawler) return 'ERROR failed to start lru crawler thread'
    settings.lruCrawler = true
    return 'OK'
  }
  if (!line.is(1, 'disable')) return 'ERROR'
  settings.lruCrawler = false
  return 'OK'
}

function crawl({settings, store, crawler}: NodeContext, text: string): string {
  if (!settings.lruCrawler) return CRAWLER_DISABLED
  const classes = readDumpedClasses(text, store.classes.length)
  return classes === null ? BAD_CLASS : crawlAnswers[crawler.crawl(classes)]
}
