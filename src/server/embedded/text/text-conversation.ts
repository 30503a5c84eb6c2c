import {SPACE} from '../../../protocol/text/ascii.js'
import type {MetaVerb, RetrievalVerb, StorageVerb, Verb} from '../../../protocol/text/command.js'
import {verbOf} from '../../../protocol/text/command.js'
import {CommandLine} from '../../../protocol/text/command-line.js'
import {NO_DATA, type StreamHandler, StreamSplitter} from '../../../protocol/text/stream-splitter.js'
import type {Conversation, ConversationOptions} from '../conversation/conversation.js'
import type {DataReceiver} from '../conversation/data-block.js'
import type {ReadGate} from '../conversation/read-gate.js'
import {TurnBudget} from '../conversation/turn-budget.js'
import {MetaCommands} from '../meta/meta-commands.js'
import type {NodeContext} from '../node/node-context.js'
import type {WatcherSocket} from '../node/watchers.js'
import {TextReplies} from '../replies/text-replies.js'
import {ClientAuth} from './client-auth.js'
import {runCrawler} from './crawler-commands.js'
import {lineCommandTables} from './line-command-tables.js'
import {shutDown} from './line-commands.js'
import {type LongAnswer, Metadump} from './metadump.js'
import {RetrievalCommands} from './retrieval-commands.js'
import {runStats} from './stats-command.js'
import {StorageCommands} from './storage-commands.js'
import {beginWatch} from './watch-command.js'

/** A longer get closes the connection. */
const GET_LINE_MAX_BYTES = 1024 * 1024
/** Spaces allowed before a long get. */
const LEADING_BLANKS_MAX = 100

/** Verbs of commands of one line with a reply of one line. */
type LineVerb = Exclude<Verb, StorageVerb | RetrievalVerb | MetaVerb | OwnVerb>
/** Verbs whose command changes the connection, or whose reply has many lines. */
type OwnVerb = 'stats' | 'lru_crawler' | 'watch' | 'shutdown' | 'quit'

/** One client's conversation in memcached's text protocol: finds the verb of each line and hands the line to its command. */
export class TextConversation implements Conversation, StreamHandler {
  readonly #context: NodeContext
  readonly #replies: TextReplies
  readonly #id: number
  readonly #line = new CommandLine()
  readonly #retrieval: RetrievalCommands
  readonly #storage: StorageCommands
  /** Made for the first meta command, because most clients use none. */
  #meta: MetaCommands | null = null
  /** Receives the data block of the latest command with one. */
  #receiver: DataReceiver
  readonly #gate: ReadGate
  readonly #splitter: StreamSplitter
  readonly #budget: TurnBudget
  readonly #auth: ClientAuth
  readonly #socket: WatcherSocket
  /** Ends the `watch` of this connection; null = it does not watch. */
  #unwatch: (() => void) | null = null
  /** The reply being written over many turns; no command is read before its end. */
  #longAnswer: LongAnswer | null = null
  #ending: Conversation['ending'] = null

  constructor({context, replies, id, socket, gate}: ConversationOptions) {
    this.#context = context
    this.#gate = gate
    this.#splitter = new StreamSplitter(this, gate)
    this.#budget = new TurnBudget(context.settings.requestsPerEvent)
    this.#replies = new TextReplies({writer: replies, log: context.log, id})
    this.#id = id
    this.#retrieval = new RetrievalCommands(context, this.#replies)
    this.#storage = new StorageCommands(context, this.#replies)
    this.#receiver = this.#storage.block
    this.#auth = new ClientAuth(context, this.#replies)
    this.#socket = socket
  }

  push(bytes: Buffer, start: number, end: number): number {
    this.#budget.begin()
    return this.#splitter.push(bytes, start, end)
  }

  get doing(): Conversation['doing'] {
    if (this.#unwatch !== null) return 'watching'
    return this.#splitter.receiving ? 'receiving' : 'reading'
  }

  get ending(): Conversation['ending'] {
    return this.#splitter.refused ? 'error' : this.#ending
  }

  /** Goes on with the next part of a long answer, or by taking commands again. */
  proceed(): void {
    if (this.#longAnswer?.writeNext() === false) return
    this.#longAnswer = null
    this.#budget.resume()
    this.#gate.lift('turn')
  }

  abort(): void {
    this.#receiver.abort()
    this.#unwatch?.()
  }

  onLine(bytes: Buffer, start: number, end: number): number {
    if (this.#ending !== null || this.#unwatch !== null) return NO_DATA
    if (this.#budget.spend()) this.#gate.shut('turn')
    const {log, watchers} = this.#context
    if (watchers.follows('rawcmds')) {
      watchers.tell('rawcmds', `<${this.#id} ${bytes.toString('latin1', start, end)}`)
    }
    if (log.shows(2)) log.line(2, `<${this.#id} ${bytes.toString('latin1', start, end)}`)
    if (!this.#auth.passed) return this.#authenticate(bytes, start, end)
    let at = start
    while (at < end && bytes[at] === SPACE) at++
    let verbEnd = at
    while (verbEnd < end && bytes[verbEnd] !== SPACE && bytes[verbEnd] !== 0) verbEnd++
    const verb = verbOf(bytes, at, verbEnd)
    switch (verb) {
      case 'get':
      case 'bget':
        this.#retrieval.get(bytes, verbEnd, end, false)
        return NO_DATA
      case 'gets':
        this.#retrieval.get(bytes, verbEnd, end, true)
        return NO_DATA
      case 'gat':
      case 'gats':
        this.#retrieval.getAndTouch(bytes, verbEnd, end, verb === 'gats')
        return NO_DATA
      case 'mg':
      case 'ms':
      case 'md':
      case 'ma':
      case 'mn':
      case 'me':
        return this.#runMeta(verb, bytes, start, end)
      default:
        this.#line.read(bytes, start, end)
        return this.#dispatch(verb)
    }
  }

  onData(bytes: Buffer, start: number, end: number): void {
    this.#receiver.data(bytes, start, end)
  }

  onDataEnd(terminated: boolean): void {
    this.#receiver.dataEnd(terminated)
  }

  /**
   * As memcached: any complete line, but of unfinished ones only gets. Otherwise
   * the connection closes without a reply.
   */
  acceptsLongLine({
    bytes,
    start,
    length,
    ended,
  }: {
    bytes: Buffer
    start: number
    length: number
    ended: boolean
  }): boolean {
    const mayBeLong = this.#auth.passed && mayBeEndless(bytes, start, start + length)
    if (!mayBeLong) return ended || length <= this.#context.personality.endlessLineBytes
    const accepted = length <= GET_LINE_MAX_BYTES
    if (!accepted) this.#replies.line('CLIENT_ERROR line too long')
    return accepted
  }

  #authenticate(bytes: Buffer, start: number, end: number): number {
    this.#receiver = this.#auth
    this.#line.read(bytes, start, end)
    return this.#auth.begin(this.#line)
  }

  #runMeta(verb: MetaVerb, bytes: Buffer, start: number, end: number): number {
    this.#meta ??= new MetaCommands(this.#context, this.#replies)
    if (verb === 'ms') this.#receiver = this.#meta.storage.block
    return this.#meta.run(verb, bytes, start, end)
  }

  #dispatch(verb: Exclude<Verb, RetrievalVerb | MetaVerb> | undefined): number {
    const line = this.#line
    switch (verb) {
      case 'set':
      case 'add':
      case 'replace':
      case 'append':
      case 'prepend':
      case 'cas':
        this.#receiver = this.#storage.block
        return this.#storage.begin(verb, line)
      case 'stats':
        runStats(this.#context, line, this.#replies)
        return NO_DATA
      case 'lru_crawler':
        this.#runCrawler(line)
        return NO_DATA
      case 'watch':
        this.#watch(line)
        return NO_DATA
      case 'shutdown': {
        const refusal = shutDown(this.#context, line)
        if (refusal === null) this.#ending = 'normal'
        else this.#replies.line(refusal)
        return NO_DATA
      }
      case 'quit':
        if (line.count === 1 || this.#context.personality.ignoresExtraWords) this.#ending = 'normal'
        else this.#replies.line('ERROR')
        return NO_DATA
      case undefined:
        this.#refuseUnknown(line)
        return NO_DATA
      default:
        this.#runCommand(verb, line)
        return NO_DATA
    }
  }

  /** A command of one line with an answer of one line. */
  #runCommand(verb: LineVerb, line: CommandLine): void {
    const run = lineCommandTables[this.#context.settings.like][verb]
    if (run === undefined) {
      this.#refuseUnknown(line)
      return
    }
    const answer = run(this.#context, line)
    // version has no noreply.
    this.#replies.line(answer, verb !== 'version' && this.#hides(answer, line))
  }

  #refuseUnknown(line: CommandLine): void {
    // An HTTP request, perhaps forged by a browser: its headers must not run as commands.
    if (line.count > 0 && line.text(line.count - 1).startsWith('HTTP/')) {
      this.#ending = 'error'
      return
    }
    const answer = line.count === 0 ? this.#context.personality.missingWords : 'ERROR'
    this.#replies.line(answer, this.#hides(answer, line))
  }

  /** Whether noreply hides the answer: memcached 1.4 answers an unknown command all the same. */
  #hides(answer: string, line: CommandLine): boolean {
    return (answer !== 'ERROR' || this.#context.personality.noreplyHidesErrors) && line.endsWithNoreply()
  }

  /** `watch <topic>*`: from now on the connection only gets lines about what happens. */
  #watch(line: CommandLine): void {
    const outcome = beginWatch(this.#context, line, this.#socket)
    if (outcome.type === 'watching') this.#unwatch = outcome.end
    this.#replies.line(outcome.type === 'watching' ? 'OK' : outcome.answer)
  }

  #runCrawler(line: CommandLine): void {
    const outcome = runCrawler(this.#context, line, this.#socket.hasUnsentReplies)
    if (outcome.type === 'answer') {
      this.#replies.line(outcome.text, this.#hides(outcome.text, line))
      return
    }
    if (this.#context.personality.announcesDumps) this.#replies.line('OK')
    this.#longAnswer = new Metadump(this.#context, this.#replies.writer, outcome.classes)
    this.#gate.shut('turn')
  }
}

/** Whether an unfinished line may be long: memcached allows it for get and gets, not for gat. */
function mayBeEndless(bytes: Buffer, start: number, end: number): boolean {
  let at = start
  while (at < end && bytes[at] === SPACE) at++
  return at - start <= LEADING_BLANKS_MAX && /^gets? /.test(bytes.toString('latin1', at, at + 5))
}
