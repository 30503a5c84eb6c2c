import {KEY_MAX_BYTES} from '../../../protocol/limits.js'
import {readInt32, readUint32} from '../../../protocol/text/c-numbers.js'
import type {CommandLine} from '../../../protocol/text/command-line.js'
import {BAD_EXPTIME, BAD_FORMAT, checkWords, keyIn} from '../conversation/line-words.js'
import {deleteItem, flushItems} from '../items/item-operations.js'
import type {NodeContext} from '../node/node-context.js'
import {FLUSH_REFUSED, reassignPage, VERBOSITY_MAX} from './line-commands.js'

/** One-line commands whose form or reply in memcached 1.6 differs from 1.4.13. Sources: recorded replies and doc/protocol.txt. */

/** Range of memcached's `slabs automove window`, in seconds; the value has no effect here. */
const AUTOMOVE_WINDOW = {min: 3, max: 1800}
const HOT_AND_WARM_MAX_PERCENT = 80

/** `delete <key> [noreply]`; further words are ignored. */
export function runModernDelete(context: NodeContext, line: CommandLine): string {
  const refusal = checkWords(context, line, {least: 2, most: 3})
  if (refusal !== null) return refusal
  if (line.length(1) > KEY_MAX_BYTES) return BAD_FORMAT
  return deleteItem(context, keyIn(line))
}

/** `flush_all [delay] [noreply]`; the delay must be a number, 0 or less means now. */
export function runModernFlushAll(context: NodeContext, line: CommandLine): string {
  if (!context.settings.flushEnabled) return FLUSH_REFUSED
  const words = line.count - (line.endsWithNoreply() ? 1 : 0)
  const delay = words > 1 ? readInt32(line.bytes, line.start(1), line.end(1)) : 0
  if (Number.isNaN(delay)) return BAD_EXPTIME
  flushItems(context, Math.max(delay, 0))
  return 'OK'
}

/** `verbosity <level> [noreply]` */
export function runModernVerbosity({settings}: NodeContext, line: CommandLine): string {
  const level = unsignedAt(line, 1)
  if (Number.isNaN(level)) return BAD_FORMAT
  settings.verbosity = Math.min(level, VERBOSITY_MAX)
  return 'OK'
}

/** `slabs reassign <from> <to>`, `slabs automove <0|1|2>` and its tuning, which has no effect here. */
export function runModernSlabs(context: NodeContext, line: CommandLine): string {
  if (line.count === 4 && line.is(1, 'reassign')) return reassignPage(context, line)
  if (line.count < 3 || !line.is(1, 'automove')) return 'ERROR'
  switch (line.text(2)) {
    case 'ratio':
    case 'freeratio':
      return line.count > 3 && isNumber(line.text(3)) ? 'OK' : BAD_FORMAT
    case 'window': {
      const seconds = unsignedAt(line, 3)
      if (Number.isNaN(seconds)) return BAD_FORMAT
      const {min, max} = AUTOMOVE_WINDOW
      return seconds < min || seconds > max ? 'CLIENT_ERROR automove window too low or too high' : 'OK'
    }
    default: {
      const level = unsignedAt(line, 2)
      if (Number.isNaN(level)) return BAD_FORMAT
      if (level > 2) return 'ERROR'
      context.settings.slabAutomove = level
      return 'OK'
    }
  }
}

/** `lru tune`: accepted without effect, because a slab class has one LRU list here. `mode` and `temp_ttl` are refused: they need memcached's LRU maintainer. */
export function runModernLru(_: NodeContext, line: CommandLine): string {
  if (!line.is(1, 'tune') || line.count < 6) return 'ERROR'
  const [hot, warm] = [unsignedAt(line, 2), unsignedAt(line, 3)]
  const factors = [line.text(4), line.text(5)]
  if (Number.isNaN(hot + warm) || !factors.every(isNumber)) return 'ERROR'
  if (hot + warm > HOT_AND_WARM_MAX_PERCENT) return 'ERROR hot and warm pcts must not exceed 80'
  return factors.every(factor => Number(factor) > 0) ? 'OK' : 'ERROR hot/warm age factors must be greater than 0'
}

function unsignedAt(line: CommandLine, word: number): number {
  const text = word < line.count ? line.text(word) : ''
  return /^\d+$/.test(text) ? readUint32(line.bytes, line.start(word), line.end(word)) : Number.NaN
}

function isNumber(text: string): boolean {
  return text !== '' && Number.isFinite(Number(text))
}
