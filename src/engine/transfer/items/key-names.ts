import {KEY_MAX_BYTES} from '../../../protocol/limits.js'
import {isTextKey} from '../../../protocol/text/text-key.js'
import type {ServerFacts} from './server-facts.js'

/** Whether a line of text can name a key: as it is, or in base64, which must not be longer than a key either. */
export function canBeNamedInText(key: string, {hasMeta}: Pick<ServerFacts, 'hasMeta'>): boolean {
  return isTextKey(key) || (hasMeta && base64Length(key) <= KEY_MAX_BYTES)
}

function base64Length(key: string): number {
  return Math.ceil(key.length / 3) * 4
}
