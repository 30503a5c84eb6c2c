import {KEY_MAX_BYTES} from '../limits.js'

/**
 * Whether a line of the text protocol can carry a key. Binary clients may make
 * others, with blanks and line ends: sent as they are, those would be further
 * words or commands of their own.
 * @param key bytes: latin1
 */
export function isTextKey(key: string): boolean {
  return key.length <= KEY_MAX_BYTES && /^[\x21-\x7e\x80-\xff]+$/.test(key)
}
