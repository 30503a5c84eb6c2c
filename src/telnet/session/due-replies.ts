import type {ReplyKind} from '../../protocol/text/reply-kind.js'
import type {ConsoleCommand} from './console-line.js'

/** A request that may be answered. */
export interface DueRequest {
  readonly command: Pick<ConsoleCommand, 'verb' | 'answer'>
  /** As it was typed. */
  readonly lines: readonly string[]
  /** Monotonic ms. */
  readonly sentAtMs: number
}

const QUIET_KEPT_MOST = 1000
/** What was sent so close together may all be answered together. */
const TOGETHER_MS = 250

const errors: ReadonlySet<ReplyKind> = new Set(['error', 'client_error', 'server_error', 'unknown'])
/** What else each meta command is answered; other commands are answered anything but these. */
const metaReplies: ReadonlyMap<string, readonly ReplyKind[]> = new Map<string, readonly ReplyKind[]>(
  Object.entries({
    mg: ['hd', 'va', 'en'],
    ms: ['hd', 'ns', 'ex', 'nf'],
    md: ['hd', 'nf', 'ex'],
    ma: ['hd', 'va', 'nf', 'ns', 'ex'],
    mn: ['mn'],
    me: ['me', 'en'],
  }),
)
/** What the flag q keeps back. `ma` may tell of an item that it has made. */
const hushed: ReadonlyMap<string, ReplyKind> = new Map([
  ['mg', 'en'],
  ['ms', 'hd'],
  ['md', 'hd'],
])
const metaKinds: ReadonlySet<ReplyKind> = new Set([...metaReplies.values()].flat())

/**
 * Which request a reply belongs to. Replies come in the order of the requests, but those with `q` or `noreply` are
 * answered only sometimes: they wait beside the others, and a later reply shows that theirs will not come.
 */
export class DueReplies {
  #due: DueRequest[] = []
  /** Answered for certain while quiet ones were due before it: that reply may have been theirs, and the next be its own. */
  #overtaker: DueRequest | null = null
  /** `watch` makes a connection tell what goes on in the node; nothing else is answered on it. */
  #watching = false

  /** Requests that are certain to be answered. */
  get count(): number {
    return this.#due.filter(({command}) => command.answer === 'one').length
  }

  add(request: DueRequest): void {
    if (this.#watching) return
    this.#overtaker = null
    this.#due.push(request)
    if (this.#due.length > QUIET_KEPT_MOST && this.#due[0]!.command.answer !== 'one') this.#due.shift()
  }

  /** The request that a reply answers; undefined: none that we know of. */
  settle(kind: ReplyKind): DueRequest | undefined {
    const index = this.#indexFor(kind)
    if (index === -1) {
      const overtaker = this.#overtaker
      this.#overtaker = null
      return overtaker ?? undefined
    }
    const request = this.#due[index]!
    const isCertain = request.command.answer === 'one'
    this.#overtaker = isCertain && this.#due.slice(0, index).some(quiet => mayAnswer(quiet, kind)) ? request : null
    this.#due.splice(0, index + 1)
    if (request.command.verb === 'watch' && kind === 'ok') this.#watching = true
    return request
  }

  clear(): void {
    this.#due = []
    this.#overtaker = null
  }

  #indexFor(kind: ReplyKind): number {
    const certain = this.#due.findIndex(({command}) => command.answer === 'one')
    if (certain !== -1 && mayAnswer(this.#due[certain]!, kind)) return certain
    const quiet = this.#due.slice(0, certain === -1 ? undefined : certain).filter(each => mayAnswer(each, kind))
    // One that was sent long before the others would have been answered then.
    const newestMs = quiet.at(-1)?.sentAtMs ?? 0
    const first = quiet.find(({sentAtMs}) => sentAtMs >= newestMs - TOGETHER_MS)
    return first === undefined ? certain : this.#due.indexOf(first)
  }
}

function mayAnswer({command: {verb, answer}}: DueRequest, kind: ReplyKind): boolean {
  if (errors.has(kind)) return true
  if (answer === 'errors' || (answer === 'quiet' && hushed.get(verb) === kind)) return false
  return metaReplies.get(verb)?.includes(kind) ?? !metaKinds.has(kind)
}
