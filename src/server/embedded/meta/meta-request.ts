import {KEY_MAX_BYTES} from '../../../protocol/limits.js'
import {decodeBase64Key} from '../../../protocol/text/base64-key.js'
import {CommandLine} from '../../../protocol/text/command-line.js'
import {
  flagAt,
  hasLongOpaque,
  META_WORDS_MAX,
  type MetaFlags,
  readMetaFlags,
} from '../../../protocol/text/meta-flags.js'
import {BAD_FORMAT, keyOf} from '../conversation/line-words.js'
import type {KeyRef} from '../items/item-operations.js'
import type {CasCounter} from '../store/cas-counter.js'
import {hashKey} from '../store/memory/key-index.js'

const LONG_OPAQUE = 'CLIENT_ERROR opaque token too long'

/** Place of a command's flags, and wording of its refusals. */
interface MetaForm {
  /** The word with the first flag. */
  readonly firstFlag: number
  /** Its refusal of any bad key or flag; null = one refusal for each problem. */
  readonly refusal: string | null
}

export const metaForms = {
  mg: {firstFlag: 2, refusal: null},
  ms: {firstFlag: 3, refusal: null},
  md: {firstFlag: 2, refusal: null},
  ma: {firstFlag: 2, refusal: 'CLIENT_ERROR invalid or duplicate flag'},
} as const satisfies Record<string, MetaForm>

/** Key and flags of one meta command. A connection reuses one object for all its commands. */
export class MetaRequest {
  readonly line = new CommandLine(META_WORDS_MAX + 1)
  readonly #decodedKey = Buffer.alloc(KEY_MAX_BYTES)
  readonly key: KeyRef = {keyBuffer: this.#decodedKey, keyStart: 0, keyEnd: 0, hash: 0}
  readonly #cas: CasCounter
  flags!: MetaFlags
  firstFlag = 0

  /** @param cas says which cas uniques a client may choose */
  constructor(cas: CasCounter) {
    this.#cas = cas
  }

  /** Reads key and flags; returns why they are refused, or null. */
  read({firstFlag, refusal}: MetaForm): string | null {
    const {line, key} = this
    if (line.count < firstFlag) return BAD_FORMAT
    if (!this.#hasKey()) return refusal ?? BAD_FORMAT
    if (line.count > META_WORDS_MAX) return refusal ?? 'CLIENT_ERROR options flags are too long'
    const flags = readMetaFlags(line, firstFlag, this.#decodedKey)
    if (typeof flags === 'string') return refusal ?? flags
    if (flags.newCas !== null && !this.#cas.mayBeChosen(flags.newCas)) {
      return refusal ?? 'CLIENT_ERROR bad token in command line format'
    }
    this.flags = flags
    this.firstFlag = firstFlag
    if (flags.decodedKeyBytes === 0) keyOf(line, key)
    else this.#takeDecodedKey(flags.decodedKeyBytes)
    return null
  }

  /** Reads the key of `me`, whose only flag is a `b` right behind the key. False = no key, or it cannot be decoded. */
  readKeyOnly(): boolean {
    const {line, key} = this
    if (!this.#hasKey()) return false
    if (!line.is(2, 'b')) {
      keyOf(line, key)
      return true
    }
    const bytes = decodeBase64Key(line.bytes, line.start(1), line.end(1), this.#decodedKey)
    if (bytes > 0) this.#takeDecodedKey(bytes)
    return bytes > 0
  }

  #hasKey(): boolean {
    return this.line.count > 1 && this.line.length(1) <= KEY_MAX_BYTES
  }

  get longOpaque(): string | null {
    return hasLongOpaque(this.line, this.firstFlag) ? LONG_OPAQUE : null
  }

  /** The returned flags `O` and `k`, in their order: after a miss, or when a command returns no others. */
  echo(): string {
    let text = ''
    for (let word = this.firstFlag; word < this.line.count; word++) {
      const flag = flagAt(this.line, word)
      if (flag === 'O') text += ` ${this.line.text(word)}`
      else if (flag === 'k') text += this.keyText(this.flags.decodedKeyBytes > 0)
    }
    return text
  }

  /** The key as a returned flag, in base64 if it was stored so. */
  keyText(base64: boolean): string {
    const {keyBuffer, keyStart, keyEnd} = this.key
    const key = keyBuffer.toString(base64 ? 'base64' : 'latin1', keyStart, keyEnd)
    return base64 ? ` k${key} b` : ` k${key}`
  }

  #takeDecodedKey(bytes: number): void {
    this.key.keyBuffer = this.#decodedKey
    this.key.keyStart = 0
    this.key.keyEnd = bytes
    this.key.hash = hashKey(this.#decodedKey, 0, bytes)
  }
}
