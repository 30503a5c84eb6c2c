import {type BinaryCommand, commandOf, isWellFormed} from '../../../protocol/binary/binary-command.js'
import {HEADER_BYTES, REQUEST_MAGIC} from '../../../protocol/binary/binary-frame.js'
import {KEY_MAX_BYTES} from '../../../protocol/limits.js'
import type {Conversation, ConversationOptions} from '../conversation/conversation.js'
import type {ReadGate} from '../conversation/read-gate.js'
import {TurnBudget} from '../conversation/turn-budget.js'
import type {NodeContext} from '../node/node-context.js'
import {BinaryCommands} from './binary-commands.js'
import {logBinaryCommand, logBinaryRequest} from './binary-log.js'
import {BinaryReplies} from './binary-replies.js'

/** The longest header, extras and key of a well-formed request. */
const CARRY_BYTES = HEADER_BYTES + 20 + KEY_MAX_BYTES
/** A longer body ends the connection: the C program reads such a length as negative. */
const BODY_MAX_BYTES = 0x7fff_ffff

/**
 * One client's conversation in memcached's binary protocol, from bytes with any
 * boundaries. Only a cut header, extras or key is kept here; values go straight
 * into their items.
 *
 *     header ──> extras and key ──> value ──> header …
 *        │                           (into the item, or skipped)
 *        └── no request: ending
 */
export class BinaryConversation implements Conversation {
  readonly #context: NodeContext
  readonly #id: number
  readonly #replies: BinaryReplies
  readonly #commands: BinaryCommands
  /** Start of a cut frame; allocated when first needed. */
  #carry: Buffer | null = null
  #carried = 0
  /** The command whose header was read, until its extras and key have come. */
  #command: BinaryCommand | null = null
  #valueLeft = 0
  readonly #gate: ReadGate
  readonly #budget: TurnBudget
  #ending: Conversation['ending'] = null

  constructor({context, replies, id, gate}: Omit<ConversationOptions, 'socket'>) {
    this.#context = context
    this.#id = id
    this.#gate = gate
    this.#replies = new BinaryReplies({context, writer: replies, id})
    this.#commands = new BinaryCommands(context, this.#replies)
    this.#budget = new TurnBudget(context.settings.requestsPerEvent)
  }

  push(bytes: Buffer, start: number, end: number): number {
    this.#budget.begin()
    let at = start
    while (at < end && this.#gate.isOpen && this.#ending === null) {
      if (this.#valueLeft > 0) at = this.#takeValue(bytes, at, end)
      else if (this.#carried > 0) at = this.#takeCut(bytes, at, end)
      else at = this.#takeFrame(bytes, at, end)
    }
    return at
  }

  get doing(): Conversation['doing'] {
    return this.#valueLeft > 0 || this.#carried > 0 ? 'receiving' : 'reading'
  }

  get ending(): Conversation['ending'] {
    return this.#ending
  }

  proceed(): void {
    this.#budget.resume()
    this.#gate.lift('turn')
  }

  abort(): void {
    this.#commands.abort()
  }

  #takeValue(bytes: Buffer, start: number, end: number): number {
    const stop = Math.min(end, start + this.#valueLeft)
    this.#commands.takeValue(bytes, start, stop)
    this.#valueLeft -= stop - start
    if (this.#valueLeft === 0) this.#commands.endValue()
    return stop
  }

  /** Takes a frame that begins here; runs it in place when header, extras and key are complete. */
  #takeFrame(bytes: Buffer, at: number, end: number): number {
    if (bytes[at] !== REQUEST_MAGIC) {
      this.#context.log.line(1, `Invalid magic:  ${bytes[at]!.toString(16)}`)
      this.#ending = 'normal'
      return at
    }
    if (end - at < HEADER_BYTES) return this.#keep(bytes, at, end)
    const prefix = this.#readHeader(bytes, at)
    if (this.#ending !== null) return at
    if (end - at < HEADER_BYTES + prefix) return this.#keep(bytes, at, end)
    this.#run(bytes, at + HEADER_BYTES)
    return at + HEADER_BYTES + prefix
  }

  /** Continues a frame whose start lies in the carry. */
  #takeCut(bytes: Buffer, start: number, end: number): number {
    let at = start
    if (this.#command === null) {
      at = this.#fill(bytes, at, end, HEADER_BYTES)
      if (this.#carried < HEADER_BYTES) return at
      this.#readHeader(this.#carry!, 0)
      if (this.#ending !== null) return at
    }
    const whole = HEADER_BYTES + this.#prefixBytes()
    at = this.#fill(bytes, at, end, whole)
    if (this.#carried < whole) return at
    this.#carried = 0
    this.#run(this.#carry!, HEADER_BYTES)
    return at
  }

  /** Reads and checks the header; returns the length of extras and key. */
  #readHeader(bytes: Buffer, at: number): number {
    const {log} = this.#context
    if (log.shows(2)) logBinaryRequest(log, this.#id, bytes, at)
    const {request} = this.#replies
    request.read(bytes, at)
    const command = commandOf(request.opcode)
    this.#command = command
    if (request.bodyBytes <= BODY_MAX_BYTES && isWellFormed(command, request)) return this.#prefixBytes()
    const opcode = request.opcode.toString(16).padStart(2, '0')
    this.#replies.refuse('invalidArguments')
    log.line(1, `Protocol error (opcode ${opcode}), close connection ${this.#id}`)
    this.#ending = 'normal'
    return 0
  }

  /** Length of extras and key, read as one piece; 0 for an unknown command, whose whole body is skipped. */
  #prefixBytes(): number {
    const {extrasBytes, keyBytes} = this.#replies.request
    return this.#command?.verb === 'unknown' ? 0 : extrasBytes + keyBytes
  }

  #run(bytes: Buffer, at: number): void {
    const command = this.#command!
    this.#command = null
    const {log} = this.#context
    if (log.shows(2)) logBinaryCommand(log, {id: this.#id, command, request: this.#replies.request, bytes, at})
    this.#valueLeft = this.#commands.run(command, bytes, at)
    if (command.verb === 'quit') this.#ending = 'normal'
    if (this.#budget.spend()) this.#gate.shut('turn')
  }

  #keep(bytes: Buffer, start: number, end: number): number {
    return this.#fill(bytes, start, end, CARRY_BYTES)
  }

  /** Moves bytes into the carry until it holds `wanted`; returns the position after them. */
  #fill(bytes: Buffer, start: number, end: number, wanted: number): number {
    const stop = Math.min(end, start + wanted - this.#carried)
    this.#carry ??= Buffer.allocUnsafe(CARRY_BYTES)
    bytes.copy(this.#carry, this.#carried, start, stop)
    this.#carried += stop - start
    return stop
  }
}
