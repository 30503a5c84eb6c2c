import {KEY_MAX_BYTES} from '../limits.js'

/**
 * Whether the text protocol can carry a key. Binary clients may use others, with
 * spaces and line ends, which would read as further words or commands.
 * @param key in latin1
 */
export function isTextKey(key: string): boolean {
  return key.length <= KEY_MAX_BYTES && /^[\x21-\x7e\x80-\xff]+$/.test(key)
}
