import {readSigned, readUnsigned, readUnsigned64, SPACE} from '../../protocol/ascii.js'
import type {StorageVerb, Verb} from '../../protocol/command.js'
import {verbOf} from '../../protocol/command.js'
import {CommandLine} from '../../protocol/command-line.js'
import {assertNever} from '../../protocol/errors.js'
import {KEY_MAX_BYTES} from '../../protocol/limits.js'
import type {StreamHandler} from '../../protocol/stream-splitter.js'
import {NO_DATA} from '../../protocol/stream-splitter.js'
import {beginStore, fetchItem, finishStore} from './item-operations.js'
import {BAD_FORMAT, keyOf, runCounter, runDelete, runFlushAll, runTouch, runVerbosity} from './line-commands.js'
import type {NodeContext} from './node-context.js'
import type {ReplyWriter} from './reply-writer.js'
import {formatStats, generalStats, MEMCACHED_VERSION, repbenchStats} from './stats.js'
import type {ItemHeader} from './store.js'
import {TOO_LARGE} from './store.js'
import {ANY_CAS} from './store-item.js'

const VALUE_LENGTH_MAX = 0x7fff_fffd
/** A multi-get may be this long; the connection ends with a longer line. */
const GET_LINE_MAX_BYTES = 1024 * 1024

/** Verbs whose command and answer are one line each. */
type LineVerb = Exclude<Verb, StorageVerb | 'get' | 'gets' | 'stats' | 'quit'>

/** A storage command whose data block is still coming. */
interface PendingStorage {
  verb: StorageVerb
  /** The item being filled, or 0: the data is swallowed. */
  item: number
  /** Where the next byte of the value goes. */
  at: number
  noreply: boolean
}

/**
 * One client's conversation in memcached's text protocol: bytes in, replies into
 * the writer, changes into the store. Knows no sockets.
 */
export class ClientSession implements StreamHandler {
  readonly #context: NodeContext
  readonly #replies: ReplyWriter
  readonly #id: number
  readonly #line = new CommandLine()
  readonly #header: ItemHeader
  readonly #expected = {high: 0, low: 0}
  readonly #pending: PendingStorage = {verb: 'set', item: 0, at: 0, noreply: false}
  /** Set by `quit`: to be closed once its replies are sent. */
  closing = false

  constructor({context, replies, id}: {context: NodeContext; replies: ReplyWriter; id: number}) {
    this.#context = context
    this.#replies = replies
    this.#id = id
    this.#header = {
      keyBuffer: replies.buffer,
      keyStart: 0,
      keyEnd: 0,
      hash: 0,
      flags: 0,
      exptime: 0,
      valueBytes: 0,
    }
  }

  onLine(bytes: Buffer, start: number, end: number): number {
    if (this.closing) return NO_DATA
    const {log} = this.#context
    if (log.shows(2)) log.line(2, `<${this.#id} ${bytes.toString('latin1', start, end)}`)
    let at = start
    while (at < end && bytes[at] === SPACE) at++
    let verbEnd = at
    while (verbEnd < end && bytes[verbEnd] !== SPACE) verbEnd++
    const verb = verbOf(bytes, at, verbEnd)
    if (verb === 'get' || verb === 'gets') {
      this.#get(bytes, verbEnd, end, verb === 'gets')
      return NO_DATA
    }
    this.#line.read(bytes, start, end)
    return this.#dispatch(verb)
  }

  onData(bytes: Buffer, start: number, end: number): void {
    const pending = this.#pending
    if (pending.item === 0) return
    bytes.copy(this.#context.store.bytesOf(pending.item), pending.at, start, end)
    pending.at += end - start
  }

  onDataEnd(terminated: boolean): void {
    const pending = this.#pending
    const {item} = pending
    if (item === 0) return
    pending.item = 0
    if (!terminated) {
      this.#context.store.discard(item)
      this.#reply('CLIENT_ERROR bad data chunk', pending.noreply)
      return
    }
    this.#finishStorage(item, pending)
  }

  acceptsLongLine(bytes: Buffer, start: number, length: number): boolean {
    let at = start
    while (at < length && bytes[at] === SPACE) at++
    const isGet = bytes.toString('latin1', at, at + 4) === 'get ' || bytes.toString('latin1', at, at + 5) === 'gets '
    return isGet && length <= GET_LINE_MAX_BYTES
  }

  /** The connection is gone: frees an item whose data never came. */
  abort(): void {
    if (this.#pending.item !== 0) this.#context.store.discard(this.#pending.item)
    this.#pending.item = 0
  }

  #dispatch(verb: Exclude<Verb, 'get' | 'gets'> | undefined): number {
    switch (verb) {
      case 'set':
      case 'add':
      case 'replace':
      case 'append':
      case 'prepend':
      case 'cas':
        return this.#beginStorage(verb)
      case 'stats':
        this.#stats()
        return NO_DATA
      case 'quit':
        if (this.#line.count > 1) return this.#refuse('ERROR')
        this.closing = true
        return NO_DATA
      default: {
        const answer = this.#runCommand(verb)
        // A line that memcached does not recognise is answered whatever its last word is.
        return this.#refuse(answer, answer !== 'ERROR' && this.#line.endsWithNoreply())
      }
    }
  }

  /** A command of one line with an answer of one line. */
  #runCommand(verb: LineVerb | undefined): string {
    switch (verb) {
      case 'incr':
      case 'decr':
        return runCounter(this.#context, this.#line, verb)
      case 'delete':
        return runDelete(this.#context, this.#line)
      case 'touch':
        return runTouch(this.#context, this.#line)
      case 'flush_all':
        return runFlushAll(this.#context, this.#line)
      case 'verbosity':
        return runVerbosity(this.#context, this.#line)
      case 'version':
        return this.#line.count > 1 ? 'ERROR' : `VERSION ${MEMCACHED_VERSION}`
      case undefined:
        return 'ERROR'
      default:
        return assertNever(verb)
    }
  }

  #stats(): void {
    if (this.#line.count === 1) this.#replies.text(formatStats(generalStats(this.#context)))
    else if (this.#line.is(1, 'repbench')) this.#replies.text(formatStats(repbenchStats(this.#context)))
    else this.#reply('ERROR')
  }

  #get(bytes: Buffer, start: number, end: number, withCas: boolean): void {
    let keys = 0
    let at = start
    for (;;) {
      while (at < end && bytes[at] === SPACE) at++
      if (at >= end) break
      const keyStart = at
      while (at < end && bytes[at] !== SPACE) at++
      if (at - keyStart > KEY_MAX_BYTES) {
        this.#reply(BAD_FORMAT)
        return
      }
      this.#getKey(bytes, keyStart, at, withCas)
      keys++
    }
    this.#reply(keys === 0 ? 'ERROR' : 'END')
  }

  #getKey(bytes: Buffer, keyStart: number, keyEnd: number, withCas: boolean): void {
    const {store} = this.#context
    const item = fetchItem(this.#context, bytes, keyStart, keyEnd)
    if (item === 0) return
    const {columns} = store
    const source = store.bytesOf(item)
    const offset = store.offsetOf(item)
    const valueStart = store.valueOffsetOf(item)
    const itemEnd = valueStart + columns.valueBytes[item]! + 2
    const replies = this.#replies
    replies.reserve(6 + itemEnd - offset + 21)
    replies.text('VALUE ')
    if (withCas) {
      replies.bytes(source, offset, valueStart - 2)
      replies.text(' ')
      replies.decimal64(columns.casHigh[item]!, columns.casLow[item]!)
      replies.bytes(source, valueStart - 2, itemEnd)
    } else {
      replies.bytes(source, offset, itemEnd)
    }
  }

  #beginStorage(verb: StorageVerb): number {
    const line = this.#line
    const words = verb === 'cas' ? 6 : 5
    if (line.count !== words && line.count !== words + 1) return this.#refuse('ERROR')
    const noreply = line.endsWithNoreply()
    const {bytes} = line
    const flags = readUnsigned(bytes, line.start(2), line.end(2))
    const exptime = readSigned(bytes, line.start(3), line.end(3))
    const length = readUnsigned(bytes, line.start(4), line.end(4))
    const valid = line.length(1) <= KEY_MAX_BYTES && flags <= 0xffff_ffff && length <= VALUE_LENGTH_MAX
    if (!valid || Number.isNaN(exptime)) return this.#refuse(BAD_FORMAT, noreply)
    if (verb === 'cas' && !this.#readExpectedCas(line)) return this.#refuse(BAD_FORMAT, noreply)
    keyOf(line, this.#header)
    this.#header.flags = flags
    this.#header.exptime = this.#context.clock.expiryOf(exptime)
    this.#header.valueBytes = length
    this.#allocatePending(verb, noreply)
    return length
  }

  #readExpectedCas(line: CommandLine): boolean {
    const cas = readUnsigned64(line.bytes, line.start(5), line.end(5))
    if (cas === null) return false
    this.#expected.high = Number(cas >> 32n)
    this.#expected.low = Number(cas & 0xffff_ffffn)
    return true
  }

  #allocatePending(verb: StorageVerb, noreply: boolean): void {
    const {store} = this.#context
    const pending = this.#pending
    const item = beginStore(this.#context, verb, this.#header)
    pending.verb = verb
    pending.noreply = noreply
    pending.item = Math.max(item, 0)
    if (item > 0) {
      pending.at = store.valueOffsetOf(item)
      return
    }
    const reason = item === TOO_LARGE ? 'object too large for cache' : 'out of memory storing object'
    this.#reply(`SERVER_ERROR ${reason}`, noreply)
  }

  #finishStorage(item: number, {verb, noreply}: PendingStorage): void {
    const result = finishStore(this.#context, verb, item, verb === 'cas' ? this.#expected : ANY_CAS)
    this.#reply(typeof result === 'number' ? 'STORED' : result, noreply)
  }

  #refuse(text: string, noreply = false): number {
    this.#reply(text, noreply)
    return NO_DATA
  }

  #reply(text: string, noreply = false): void {
    const {log} = this.#context
    if (log.shows(2)) log.line(2, noreply ? `>${this.#id} NOREPLY ${text}` : `>${this.#id} ${text}`)
    if (noreply) return
    this.#replies.text(text)
    this.#replies.text('\r\n')
  }
}
