import type {CommandLine} from '../../../protocol/text/command-line.js'
import type {KeyRef} from '../items/item-operations.js'
import type {NodeContext} from '../node/node-context.js'
import {hashKey} from '../store/memory/key-index.js'

/** Reads and checks the words of a command line, for text and meta commands. */

export const BAD_FORMAT = 'CLIENT_ERROR bad command line format'
export const BAD_EXPTIME = 'CLIENT_ERROR invalid exptime argument'

/** Refusal of a line with too few or too many words, or null. */
export function checkWords(
  {personality}: NodeContext,
  line: CommandLine,
  {least, most}: {least: number; most: number},
): string | null {
  if (line.count < least) return personality.missingWords
  return line.count > most && !personality.ignoresExtraWords ? 'ERROR' : null
}

/** Points `key` at the second word of the line. */
export function keyOf<Key extends KeyRef>(line: CommandLine, key: Key): Key {
  key.keyBuffer = line.bytes
  key.keyStart = line.start(1)
  key.keyEnd = line.end(1)
  key.hash = hashKey(line.bytes, key.keyStart, key.keyEnd)
  return key
}

/** The key that is the second word of the line. */
export function keyIn(line: CommandLine): KeyRef {
  return keyOf(line, {keyBuffer: line.bytes, keyStart: 0, keyEnd: 0, hash: 0})
}
