import {assertNever} from '../../../protocol/errors.js'
import type {StorageVerb} from '../../../protocol/text/command.js'
import {flagAt} from '../../../protocol/text/meta-flags.js'
import {NO_DATA} from '../../../protocol/text/stream-splitter.js'
import {readBlockBytes, StorageBlock} from '../conversation/data-block.js'
import {BAD_FORMAT} from '../conversation/line-words.js'
import {finishStore, removeItem} from '../items/item-operations.js'
import type {NodeContext} from '../node/node-context.js'
import type {TextReplies} from '../replies/text-replies.js'
import {casText} from '../store/item-text.js'
import {KEY_BASE64, STALE, TOKEN_SENT} from '../store/memory/item-columns.js'
import {ANY_CAS, type StoreRefusal, type StoreRule, splitCas} from '../store/store-item.js'
import {type MetaRequest, metaForms} from './meta-request.js'

const verbOfMode: Readonly<Record<string, StorageVerb>> = {
  '': 'set',
  S: 'set',
  E: 'add',
  A: 'append',
  P: 'prepend',
  R: 'replace',
}

/** A returned flag: its text, or what is known only after the item is stored. */
type ReturnedPiece = {readonly type: 'text'; readonly text: string} | {readonly type: 'cas' | 'size'}

const codes: Readonly<Record<StoreRefusal, string>> = {NOT_STORED: 'NS', EXISTS: 'EX', NOT_FOUND: 'NF'}

/** `ms <key> <length> <flag>*` of one connection: command line, data block, reply. */
export class MetaStorage {
  readonly #context: NodeContext
  readonly #replies: TextReplies
  #rule: StoreRule = {verb: 'set', expected: ANY_CAS}
  #quiet = false
  #invalidates = false
  #returned: readonly ReturnedPiece[] = []
  /** Receives the data block. */
  readonly block: StorageBlock

  constructor(context: NodeContext, replies: TextReplies) {
    this.#context = context
    this.#replies = replies
    this.block = new StorageBlock({context, replies, onFilled: item => this.#store(item)})
  }

  /** Reads the command line; returns the length of the data block to come, or NO_DATA. */
  begin(request: MetaRequest): number {
    const blockBytes = readBlockBytes(request.line, 2)
    if (blockBytes === null) {
      this.#replies.line(BAD_FORMAT)
      return NO_DATA
    }
    const problem = this.#prepare(request, blockBytes)
    if (problem !== null) this.#replies.line(problem)
    return blockBytes
  }

  #store(item: number): void {
    const sentBytes = this.#context.store.columns.valueBytes[item]!
    const rule = this.#rule
    const takesOlder = rule.verb === 'cas' && this.#takesOlder(item)
    const result = finishStore(this.#context, item, takesOlder ? {...rule, verb: 'set'} : rule)
    const stored = typeof result === 'number'
    const returned = this.#returned.map(piece => this.#textOf(piece, stored ? result : 0, sentBytes)).join('')
    this.#replies.line(`${stored ? 'HD' : codes[result]}${returned}`, stored && this.#quiet)
  }

  /** Makes the item; returns why there is none, or null. */
  #prepare(request: MetaRequest, valueBytes: number): string | null {
    const refusal = request.read(metaForms.ms)
    if (refusal !== null) return refusal
    const {flags, key} = request
    const verb = verbOfMode[flags.mode]
    if (verb === undefined) return 'CLIENT_ERROR invalid mode for ms M token'
    if (request.longOpaque !== null) return request.longOpaque
    const vivifies = flags.createExptime !== null && (verb === 'append' || verb === 'prepend')
    this.#rule = {
      verb: flags.cas !== null && (verb === 'set' || verb === 'replace') ? 'cas' : verb,
      expected: flags.cas === null ? ANY_CAS : splitCas(flags.cas),
      vivifies,
      newCas: flags.newCas === null ? null : splitCas(flags.newCas),
    }
    this.#quiet = flags.quiet
    this.#invalidates = flags.invalidates
    this.#returned = returnedPieces(request)
    const asked = vivifies ? flags.createExptime : flags.exptime
    const exptime = asked === null ? 0 : this.#context.clock.expiryOf(asked)
    const made = this.block.begin(verb, {...key, flags: flags.clientFlags, exptime, valueBytes})
    if (typeof made === 'string') {
      // The old item would look like the result. Unlike the older commands, ms removes it in every mode.
      removeItem(this.#context, key)
      return made
    }
    if (flags.decodedKeyBytes > 0) this.#context.store.columns.state[made]! |= KEY_BASE64
    return null
  }

  /**
   * `I` with `C`: a value made from an older version is stored all the same, but
   * marked as stale, with the exptime of the item it replaces.
   */
  #takesOlder(item: number): boolean {
    if (!this.#invalidates) return false
    const {store, counters} = this.#context
    const {columns} = store
    const keyStart = store.offsetOf(item)
    const old = store.find(store.bytesOf(item), keyStart, keyStart + columns.keyBytesOf(item), columns.hash[item]!)
    if (old === 0 || !this.#expectsOlderThan(old)) return false
    columns.exptime[item] = columns.exptime[old]!
    columns.state[item]! |= STALE | (columns.state[old]! & TOKEN_SENT)
    counters.slabs.casHits[columns.classIdOf(old)]!++
    return true
  }

  #expectsOlderThan(old: number): boolean {
    const {casHigh, casLow} = this.#context.store.columns
    const {high, low} = this.#rule.expected
    const isAny = high === 0 && low === 0
    return !isAny && (high < casHigh[old]! || (high === casHigh[old] && low < casLow[old]!))
  }

  /** @param stored the item, or 0 when nothing was stored; then `s` is the length that was sent */
  #textOf(piece: ReturnedPiece, stored: number, sentBytes: number): string {
    const {store, settings} = this.#context
    switch (piece.type) {
      case 'text':
        return piece.text
      case 'cas':
        return ` c${stored !== 0 && settings.useCas ? casText(store, stored) : 0}`
      case 'size':
        return ` s${stored === 0 ? sentBytes : store.columns.valueBytes[stored]}`
      default:
        return assertNever(piece)
    }
  }
}

function returnedPieces(request: MetaRequest): readonly ReturnedPiece[] {
  const {line, flags} = request
  const pieces: ReturnedPiece[] = []
  for (let word = request.firstFlag; word < line.count; word++) {
    const flag = flagAt(line, word)
    if (flag === 'O') pieces.push({type: 'text', text: ` ${line.text(word)}`})
    else if (flag === 'k') pieces.push({type: 'text', text: request.keyText(flags.decodedKeyBytes > 0)})
    else if (flag === 'c') pieces.push({type: 'cas'})
    else if (flag === 's') pieces.push({type: 'size'})
  }
  return pieces
}
