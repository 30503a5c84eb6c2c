import {assertNever} from '../../../protocol/errors.js'
import {readInt32} from '../../../protocol/text/c-numbers.js'
import type {StorageVerb} from '../../../protocol/text/command.js'
import {flagAt} from '../../../protocol/text/meta-flags.js'
import {NO_DATA} from '../../../protocol/text/stream-splitter.js'
import type {DataReceiver} from '../conversation/data-receiver.js'
import {BAD_FORMAT} from '../conversation/line-words.js'
import {beginStore, failStore, finishStore, removeItem} from '../items/item-operations.js'
import type {NodeContext} from '../node/node-context.js'
import type {TextReplies} from '../replies/text-replies.js'
import {casText} from '../store/item-text.js'
import {KEY_BASE64, STALE, TOKEN_SENT} from '../store/memory/item-columns.js'
import {TOO_LARGE} from '../store/store.js'
import {ANY_CAS, type StoreRefusal, type StoreRule, splitCas} from '../store/store-item.js'
import {ValueFilling} from '../store/value-filling.js'
import {VALUE_LENGTH_MAX} from '../text/storage-commands.js'
import {type MetaRequest, metaForms} from './meta-request.js'

const verbOfMode: Readonly<Record<string, StorageVerb>> = {
  '': 'set',
  S: 'set',
  E: 'add',
  A: 'append',
  P: 'prepend',
  R: 'replace',
}

/** What comes back behind the code: text, or what is only known when the item is stored. */
type ReturnedPiece = {readonly type: 'text'; readonly text: string} | {readonly type: 'cas' | 'size'}

const codes: Readonly<Record<StoreRefusal, string>> = {NOT_STORED: 'NS', EXISTS: 'EX', NOT_FOUND: 'NF'}

/** `ms <key> <length> <flag>*` of one connection: from the line over its data block to the answer. */
export class MetaStorage implements DataReceiver {
  readonly #context: NodeContext
  readonly #replies: TextReplies
  #rule: StoreRule = {verb: 'set', expected: ANY_CAS}
  #quiet = false
  #invalidates = false
  #returned: readonly ReturnedPiece[] = []
  readonly #filling: ValueFilling

  constructor(context: NodeContext, replies: TextReplies) {
    this.#context = context
    this.#replies = replies
    this.#filling = new ValueFilling(context.store)
  }

  /** Reads the command line; returns the length of the data block to come, or NO_DATA. */
  begin(request: MetaRequest): number {
    const {line} = request
    const length = line.count < 3 ? Number.NaN : readInt32(line.bytes, line.start(2), line.end(2))
    if (!(length >= 0 && length <= VALUE_LENGTH_MAX)) {
      this.#replies.line(BAD_FORMAT)
      return NO_DATA
    }
    const problem = this.#prepare(request, length)
    if (problem !== null) this.#replies.line(problem)
    return length
  }

  data(bytes: Buffer, start: number, end: number): void {
    this.#filling.take(bytes, start, end)
  }

  dataEnd(terminated: boolean): void {
    const item = this.#filling.finish()
    if (item === 0) return
    if (!terminated) {
      failStore(this.#context, item)
      this.#replies.line('CLIENT_ERROR bad data chunk')
      return
    }
    const sentBytes = this.#context.store.columns.valueBytes[item]!
    const rule = this.#rule
    const takesOlder = rule.verb === 'cas' && this.#takesOlder(item)
    const result = finishStore(this.#context, item, takesOlder ? {...rule, verb: 'set'} : rule)
    const stored = typeof result === 'number'
    const returned = this.#returned.map(piece => this.#textOf(piece, stored ? result : 0, sentBytes)).join('')
    this.#replies.line(`${stored ? 'HD' : codes[result]}${returned}`, stored && this.#quiet)
  }

  abort(): void {
    this.#filling.abort()
  }

  /** Makes the item; returns why there is none, or null. */
  #prepare(request: MetaRequest, length: number): string | null {
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
    const item = beginStore(this.#context, verb, {...key, flags: flags.clientFlags, exptime, valueBytes: length})
    if (item <= 0) {
      // A stale value would look as if it had worked; unlike the older commands, ms takes it away in every mode.
      removeItem(this.#context, key)
      return item === TOO_LARGE
        ? 'SERVER_ERROR object too large for cache'
        : 'SERVER_ERROR out of memory storing object'
    }
    if (flags.decodedKeyBytes > 0) this.#context.store.columns.state[item]! |= KEY_BASE64
    this.#filling.begin(item)
    return null
  }

  /**
   * `I` with `C`: a value made from an older version is taken all the same, but
   * marked as out of date, and it lives no longer than the one it replaces.
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

  /** @param stored the item, or 0 where nothing was stored: then `s` tells what was sent. */
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
