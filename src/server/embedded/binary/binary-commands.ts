import type {BinaryCommand} from '../../../protocol/binary/binary-command.js'
import {readUint32} from '../../../protocol/binary/binary-frame.js'
import {assertNever} from '../../../protocol/errors.js'
import type {StorageVerb} from '../../../protocol/text/command.js'
import type {CounterVerb} from '../items/item-operations.js'
import {
  beginStore,
  countItem,
  deleteItem,
  fetchItem,
  finishStore,
  flushItems,
  type KeyRef,
  touchItem,
} from '../items/item-operations.js'
import type {NodeContext} from '../node/node-context.js'
import {resetStats, statsNamed} from '../stats/named-stats.js'
import type {StatLine} from '../stats/stat-line.js'
import {hashKey} from '../store/memory/key-index.js'
import {type ItemHeader, TOO_LARGE} from '../store/store.js'
import type {CasUnique, StoreRefusal} from '../store/store-item.js'
import {ValueFilling} from '../store/value-filling.js'
import type {BinaryReplies} from './binary-replies.js'

/** With this exptime incr and decr do not create an absent key. */
const NO_CREATION = 0xffff_ffff
const NO_VALUE = 0

type BinaryStoreVerb = 'set' | 'add' | 'replace' | 'append' | 'prepend'

/**
 * Runs one client's binary requests and answers them. The header of the request is
 * the one in the replies.
 */
export class BinaryCommands {
  readonly #context: NodeContext
  readonly #replies: BinaryReplies
  readonly #header: ItemHeader
  readonly #expected = {high: 0, low: 0}
  #verb: BinaryStoreVerb = 'set'
  #quiet = false
  readonly #filling: ValueFilling

  constructor(context: NodeContext, replies: BinaryReplies) {
    this.#context = context
    this.#replies = replies
    this.#filling = new ValueFilling(context.store)
    const keyBuffer = Buffer.alloc(0)
    this.#header = {keyBuffer, keyStart: 0, keyEnd: 0, hash: 0, flags: 0, exptime: 0, valueBytes: 0}
  }

  /** Runs a request whose extras and key begin at `at`; returns the length of the value to come. */
  run(command: BinaryCommand, bytes: Buffer, at: number): number {
    const context = this.#context
    const {request} = this.#replies
    const keyStart = at + request.extrasBytes
    const keyEnd = keyStart + request.keyBytes
    switch (command.verb) {
      case 'get':
        return this.#answerItem(command, fetchItem(context, bytes, keyStart, keyEnd), bytes, keyStart)
      case 'touch':
      case 'gat': {
        const item = touchItem(context, this.#key(bytes, keyStart, keyEnd), readUint32(bytes, at))
        return this.#answerItem(command, item, bytes, keyStart)
      }
      case 'set':
      case 'add':
      case 'replace':
      case 'append':
      case 'prepend':
        this.#verb = command.verb
        this.#quiet = command.quiet
        this.#key(bytes, keyStart, keyEnd)
        return this.#beginStore(bytes, at)
      case 'delete':
        return this.#delete(command.quiet, this.#key(bytes, keyStart, keyEnd))
      case 'incr':
      case 'decr':
        return this.#count(command.verb, command.quiet, this.#key(bytes, keyStart, keyEnd), at)
      case 'flush':
        if (!this.#context.settings.flushEnabled) {
          this.#replies.refuse('notAllowed')
          return NO_VALUE
        }
        flushItems(context, request.extrasBytes === 0 ? 0 : readUint32(bytes, at))
        return this.#done(command.quiet)
      case 'noop':
      case 'quit':
        return this.#done(command.quiet)
      case 'version':
        this.#replies.text(this.#context.personality.version)
        return NO_VALUE
      case 'stat':
        return this.#stat(bytes.toString('latin1', keyStart, keyEnd))
      case 'unknown':
        this.#replies.refuse('unknownCommand')
        return request.bodyBytes
      default:
        return assertNever(command.verb)
    }
  }

  /** The next piece of the value. */
  takeValue(bytes: Buffer, start: number, end: number): void {
    this.#filling.take(bytes, start, end)
  }

  /** The value is complete. */
  endValue(): void {
    const item = this.#filling.finish()
    if (item !== 0) this.#finishStore(item)
  }

  /** The value will never be complete: frees its item. */
  abort(): void {
    this.#filling.abort()
  }

  #key(bytes: Buffer, keyStart: number, keyEnd: number): KeyRef {
    const header = this.#header
    header.keyBuffer = bytes
    header.keyStart = keyStart
    header.keyEnd = keyEnd
    header.hash = hashKey(bytes, keyStart, keyEnd)
    return header
  }

  #readCas(): CasUnique {
    const {request} = this.#replies
    this.#expected.high = request.casHigh
    this.#expected.low = request.casLow
    return this.#expected
  }

  #done(quiet: boolean, item = 0): typeof NO_VALUE {
    if (!quiet) this.#replies.done(item)
    return NO_VALUE
  }

  /** Answers get, gat and touch. */
  #answerItem(command: BinaryCommand, item: number, bytes: Buffer, keyStart: number): typeof NO_VALUE {
    if (item !== 0) this.#replies.item(item, command)
    else if (command.quiet) return NO_VALUE
    else if (command.withKey) this.#replies.notFoundWithKey(bytes, keyStart)
    else this.#replies.refuse('notFound')
    return NO_VALUE
  }

  /** Makes the item for the value to come; its flags and exptime, if the command has them, are at `at`. */
  #beginStore(bytes: Buffer, at: number): number {
    const {clock} = this.#context
    const {extrasBytes, valueBytes} = this.#replies.request
    const header = this.#header
    header.flags = extrasBytes === 0 ? 0 : readUint32(bytes, at)
    header.exptime = extrasBytes === 0 ? 0 : clock.expiryOf(readUint32(bytes, at + 4))
    header.valueBytes = valueBytes
    const item = beginStore(this.#context, this.#verb, header)
    if (item <= 0) {
      this.#replies.refuse(item === TOO_LARGE ? 'tooLarge' : 'outOfMemory')
      return valueBytes
    }
    this.#filling.begin(item)
    if (valueBytes === 0) this.endValue()
    return valueBytes
  }

  #finishStore(item: number): void {
    const expected = this.#readCas()
    const joins = this.#verb === 'append' || this.#verb === 'prepend'
    const verb = joins || (expected.high === 0 && expected.low === 0) ? this.#verb : 'cas'
    const result = finishStore(this.#context, item, {verb, expected})
    if (typeof result === 'number') this.#done(this.#quiet, result)
    else this.#replies.refuse(refusalOf(verb, result))
  }

  #delete(quiet: boolean, key: KeyRef): typeof NO_VALUE {
    const outcome = deleteItem(this.#context, key, this.#readCas())
    if (outcome === 'DELETED') return this.#done(quiet)
    this.#replies.refuse(outcome === 'EXISTS' ? 'exists' : 'notFound')
    return NO_VALUE
  }

  /** incr and decr: delta, start value and exptime are at `at`. */
  #count(verb: CounterVerb, quiet: boolean, key: KeyRef, at: number): typeof NO_VALUE {
    const bytes = key.keyBuffer
    const delta = bytes.readBigUInt64BE(at)
    const initial = bytes.readBigUInt64BE(at + 8)
    const exptime = readUint32(bytes, at + 16)
    const outcome = countItem(this.#context, key, {
      verb,
      delta,
      expected: this.#readCas(),
      create: exptime === NO_CREATION ? null : {initial, exptime},
    })
    if (outcome.type !== 'counted') this.#replies.refuse(outcome.type)
    else if (!quiet) this.#replies.counter(outcome.item, outcome.value)
    return NO_VALUE
  }

  #stat(name: string): typeof NO_VALUE {
    const lines = binaryStats(this.#context, name)
    if (lines === null) {
      this.#replies.refuse('notFound')
      return NO_VALUE
    }
    for (const [name, value] of lines) this.#replies.stat(name, String(value))
    this.#replies.stat('', '')
    return NO_VALUE
  }
}

/** A failed add or replace says why; append and prepend do not. */
function refusalOf(verb: StorageVerb, refusal: StoreRefusal): 'exists' | 'notFound' | 'notStored' {
  if (refusal === 'EXISTS' || (refusal === 'NOT_STORED' && verb === 'add')) return 'exists'
  if (refusal === 'NOT_FOUND' || verb === 'replace') return 'notFound'
  return 'notStored'
}

/**
 * The figures behind a name of `stat`; null for an unknown name. Like memcached it
 * compares only the start of some names.
 */
function binaryStats(context: NodeContext, name: string): readonly StatLine[] | null {
  if (name.startsWith('reset')) {
    resetStats(context)
    return []
  }
  if (name.startsWith('settings')) return statsNamed(context, 'settings')
  if (name.startsWith('detail')) return detailStats(context, name.slice('detail'.length))
  return statsNamed(context, name)
}

function detailStats({prefixes}: NodeContext, action: string): readonly StatLine[] | null {
  if (action.startsWith(' dump')) return [['detailed', prefixes.dump()]]
  if (!action.startsWith(' on') && !action.startsWith(' off')) return null
  prefixes.enabled = action.startsWith(' on')
  return []
}
