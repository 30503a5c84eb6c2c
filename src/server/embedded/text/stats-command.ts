import {readUint32} from '../../../protocol/text/c-numbers.js'
import type {CommandLine} from '../../../protocol/text/command-line.js'
import {BAD_FORMAT} from '../conversation/line-words.js'
import type {NodeContext} from '../node/node-context.js'
import type {TextReplies} from '../replies/text-replies.js'
import {resetStats, statsNamed} from '../stats/named-stats.js'
import {cachedump} from '../stats/slab-stats.js'
import {formatStats} from '../stats/stat-line.js'

/** memcached 1.4.13's POWER_LARGEST. */
const CLASSES_END = 200

/** `stats [items|slabs|sizes|settings|reset|cachedump …|detail …|repbench]` */
export function runStats(context: NodeContext, line: CommandLine, replies: TextReplies): void {
  const name = line.count > 1 ? line.text(1) : ''
  switch (name) {
    case 'reset':
      resetStats(context)
      replies.line('RESET')
      return
    case 'detail':
      runDetail(context, line, replies)
      return
    case 'cachedump':
      runCachedump(context, line, replies)
      return
    default: {
      const lines = statsNamed(context, name)
      if (lines === null) replies.line('ERROR')
      else replies.writer.text(formatStats(lines))
    }
  }
}

/** `stats detail on|off|dump` */
function runDetail({prefixes, settings}: NodeContext, line: CommandLine, replies: TextReplies): void {
  if (!settings.dumpEnabled) {
    replies.line('CLIENT_ERROR stats detail not allowed')
  } else if (line.is(2, 'on') || line.is(2, 'off')) {
    prefixes.enabled = line.is(2, 'on')
    replies.line('OK')
  } else if (line.is(2, 'dump')) {
    replies.writer.text(prefixes.dump())
  } else {
    replies.line('CLIENT_ERROR usage: stats detail on|off|dump')
  }
}

/** `stats cachedump <class> <limit>` */
function runCachedump(context: NodeContext, line: CommandLine, replies: TextReplies): void {
  if (!context.settings.dumpEnabled || line.count < 4) {
    replies.line(line.count < 4 ? 'CLIENT_ERROR bad command line' : 'CLIENT_ERROR stats cachedump not allowed')
    return
  }
  const classId = readUint32(line.bytes, line.start(2), line.end(2))
  const limit = readUint32(line.bytes, line.start(3), line.end(3))
  if (Number.isNaN(classId + limit)) replies.line(BAD_FORMAT)
  else if (classId >= CLASSES_END) replies.line('CLIENT_ERROR Illegal slab id')
  else replies.writer.text(cachedump(context, classId, limit))
}
