import {assertNever} from '../../../protocol/errors.js'
import {KEY_MAX_BYTES} from '../../../protocol/limits.js'
import {readInt32, readLeadingInteger, readUint32, readUint64} from '../../../protocol/text/c-numbers.js'
import type {CommandLine} from '../../../protocol/text/command-line.js'
import {BAD_EXPTIME, BAD_FORMAT, checkWords, keyIn} from '../conversation/line-words.js'
import {type CounterVerb, countItem, deleteItem, flushItems, touchItem} from '../items/item-operations.js'
import type {NodeContext} from '../node/node-context.js'
import type {PageMove} from '../store/page-mover.js'

/** Commands of one line with a reply of one line: each function takes the words and returns the reply. */

export const FLUSH_REFUSED = 'CLIENT_ERROR flush_all not allowed'

/** memcached's MAX_VERBOSITY_LEVEL for the `verbosity` command. */
export const VERBOSITY_MAX = 2

const MEBIBYTE = 1024 * 1024
/** Range of `cache_memlimit` in megabytes; the maximum is that of `-m` here. */
const MEMLIMIT_MIN = 8
const MEMLIMIT_MAX = 32 * 1024
const MEMLIMIT_OF_BYTES = 1_000_000_000

/** `incr|decr <key> <delta> [noreply]` */
export function runCounter(context: NodeContext, line: CommandLine, verb: CounterVerb): string {
  const refusal = checkWords(context, line, {least: 3, most: 4})
  if (refusal !== null) return refusal
  if (line.length(1) > KEY_MAX_BYTES) return BAD_FORMAT
  const delta = readUint64(line.bytes, line.start(2), line.end(2))
  if (delta === null) return 'CLIENT_ERROR invalid numeric delta argument'
  const outcome = countItem(context, keyIn(line), {verb, delta})
  switch (outcome.type) {
    case 'counted':
      return outcome.value.toString()
    case 'notFound':
      return 'NOT_FOUND'
    case 'exists':
      return 'EXISTS'
    case 'notNumeric':
      return 'CLIENT_ERROR cannot increment or decrement non-numeric value'
    case 'outOfMemory':
      return 'SERVER_ERROR out of memory'
    default:
      return assertNever(outcome)
  }
}

/** `delete <key> [0] [noreply]` */
export function runDelete(context: NodeContext, line: CommandLine): string {
  if (line.count < 2 || line.count > 4) return 'ERROR'
  if (line.count > 2) {
    const zero = line.is(2, '0')
    const noreply = line.endsWithNoreply()
    if (line.count === 3 ? !zero && !noreply : !zero || !noreply) {
      return `${BAD_FORMAT}.  Usage: delete <key> [noreply]`
    }
  }
  if (line.length(1) > KEY_MAX_BYTES) return BAD_FORMAT
  return deleteItem(context, keyIn(line))
}

/** `touch <key> <exptime> [noreply]` */
export function runTouch(context: NodeContext, line: CommandLine): string {
  const refusal = checkWords(context, line, {least: 3, most: 4})
  if (refusal !== null) return refusal
  if (line.length(1) > KEY_MAX_BYTES) return BAD_FORMAT
  const exptime = readInt32(line.bytes, line.start(2), line.end(2))
  if (Number.isNaN(exptime)) return BAD_EXPTIME
  return touchItem(context, keyIn(line), exptime) === 0 ? 'NOT_FOUND' : 'TOUCHED'
}

/** `flush_all [delay] [noreply]`; 0, a negative number or no number means now. */
export function runFlushAll(context: NodeContext, line: CommandLine): string {
  if (line.count > 3) return 'ERROR'
  if (!context.settings.flushEnabled) return FLUSH_REFUSED
  const words = line.count - (line.endsWithNoreply() ? 1 : 0)
  const delay = words > 1 ? readLeadingInteger(line.bytes, line.start(1), line.end(1)) : 0n
  if (delay !== BigInt.asIntN(64, delay)) return BAD_FORMAT
  flushItems(context, Number(delay))
  return 'OK'
}

/** `verbosity <level> [noreply]`; as in memcached, no number means 0 and a negative one the maximum. */
export function runVerbosity({settings}: NodeContext, line: CommandLine): string {
  if (line.count !== 2 && line.count !== 3) return 'ERROR'
  const level = readLeadingInteger(line.bytes, line.start(1), line.end(1))
  settings.verbosity = level < 0n ? VERBOSITY_MAX : Math.min(Number(level), VERBOSITY_MAX)
  return 'OK'
}

/** `slabs reassign <from> <to>` and `slabs automove <0|1>` of memcached 1.4.13. */
export function runSlabs(context: NodeContext, line: CommandLine): string {
  if (line.count === 4 && line.is(1, 'reassign')) return reassignPage(context, line)
  if (line.count !== 3 || !line.is(1, 'automove')) return 'ERROR'
  const level = readLeadingInteger(line.bytes, line.start(2), line.end(2))
  if (level !== 0n && level !== 1n) return 'ERROR'
  context.settings.slabAutomove = Number(level)
  return 'OK'
}

const moveAnswers: Readonly<Record<PageMove, string>> = {
  moved: 'OK',
  started: 'OK',
  busy: 'BUSY currently processing reassign request',
  badClass: 'BADCLASS invalid src or dst class id',
  noSpare: 'NOSPARE source class has no spare pages',
  same: 'SAME src and dst class are identical',
}

/** `slabs reassign <from> <to>`: moves one page to another slab class; -1 as `from` is any class. */
export function reassignPage({settings, pageMover}: NodeContext, line: CommandLine): string {
  if (!settings.slabReassign) return 'CLIENT_ERROR slab reassignment disabled'
  const from = readInt32(line.bytes, line.start(2), line.end(2))
  const to = readInt32(line.bytes, line.start(3), line.end(3))
  if (Number.isNaN(from + to)) return BAD_FORMAT
  return moveAnswers[pageMover.reassign(from, to)]
}

/** `cache_memlimit <megabytes>`, from memcached 1.5 on: evicts nothing, but no page is added above it. */
export function runCacheMemlimit({settings, store, log}: NodeContext, line: CommandLine): string {
  const megabytes = line.count > 1 ? readUint32(line.bytes, line.start(1), line.end(1)) : Number.NaN
  if (Number.isNaN(megabytes)) return 'ERROR'
  if (megabytes < MEMLIMIT_MIN) return 'MEMLIMIT_TOO_SMALL cannot set maxbytes to less than 8m'
  if (megabytes > MEMLIMIT_OF_BYTES) return 'MEMLIMIT_ADJUST_FAILED input value is megabytes not bytes'
  if (megabytes > MEMLIMIT_MAX) return 'MEMLIMIT_ADJUST_FAILED out of bounds or unable to adjust'
  settings.memoryLimitBytes = megabytes * MEBIBYTE
  store.limitMemory(settings.memoryLimitBytes)
  log.line(1, `maxbytes adjusted to ${megabytes}m`)
  return 'OK'
}

/** `shutdown [graceful]`, from memcached 1.4.21 on: ends the node and returns null, or returns a refusal. */
export function shutDown({personality, settings, shutDown: end}: NodeContext, line: CommandLine): string | null {
  if (!settings.shutdownCommand) return personality.shutdownRefusal
  const isGraceful = line.is(1, 'graceful')
  if (line.count > 2 || (line.count === 2 && !isGraceful)) return 'CLIENT_ERROR invalid shutdown mode'
  end(isGraceful ? 'graceful' : 'now')
  return null
}

/** `debugtime <seconds>|p|r` of a memcached built for tests: moves, pauses or resumes the node's clock. */
export function runDebugTime({settings, clock, store}: NodeContext, line: CommandLine): string {
  if (!settings.debugCommands || line.count !== 2) return 'ERROR'
  if (line.is(1, 'p')) clock.pause()
  else if (line.is(1, 'r')) clock.resume()
  else {
    const seconds = readInt32(line.bytes, line.start(1), line.end(1))
    if (Number.isNaN(seconds)) return 'ERROR'
    clock.advance(seconds)
  }
  store.runDueFlush()
  return 'OK'
}
