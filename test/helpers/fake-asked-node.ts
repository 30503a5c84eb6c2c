import type {AskConnection} from '../../src/ask/ask-connection.js'
import type {Question} from '../../src/ask/question.js'

interface FakeItem {
  readonly value: string
  readonly flags?: number
  /** Unix seconds, as the node lists it. */
  readonly expiresAt?: number
  readonly slabClass?: number
}

const STARTED_AT = 1000
const UPTIME_SECONDS = 500

/** A node without a network: answers what a look for parting asks. Its time stands still. */
export class FakeAskedNode {
  static readonly startedAt = STARTED_AT
  static readonly now = STARTED_AT + UPTIME_SECONDS
  readonly items = new Map<string, FakeItem>()
  /** What it was asked. */
  readonly asked: string[] = []
  /** Answers for requests that begin so, instead of its own. */
  readonly answers: Record<string, readonly string[]> = {}
  /** Called before it answers. */
  onAsked: (request: string) => void = () => {}
  onSet: (key: string) => void = () => {}

  put(keys: readonly string[], item: FakeItem = {value: 'v'}): this {
    for (const key of keys) this.items.set(key, item)
    return this
  }

  get connection(): AskConnection {
    return {send: (question: Question) => this.#answer(question)} as unknown as AskConnection
  }

  #answer({request, reader, settle}: Question): void {
    const text = String(request).trimEnd()
    this.asked.push(text)
    this.onAsked(text)
    const prefix = Object.keys(this.answers).find(start => text.startsWith(start))
    const lines = prefix === undefined ? this.#linesOf(text) : this.answers[prefix]!
    for (const line of lines) {
      const bytes = Buffer.from(line, 'latin1')
      // A line with a second one is a value with its data.
      const end = bytes.indexOf('\r\n')
      reader?.onLine?.(end < 0 ? bytes : bytes.subarray(0, end))
      if (end >= 0) reader?.onData?.(bytes, end + 2, bytes.length, true)
    }
    queueMicrotask(() => settle({kind: 'end', lastLine: lines.at(-1)!, bytes: 0, sentAtMs: 0, atMs: 0} as never))
  }

  #linesOf(text: string): readonly string[] {
    const [verb, ...words] = text.split(/\s+/)
    if (text === 'stats') return [`STAT time ${FakeAskedNode.now}`, `STAT uptime ${UPTIME_SECONDS}`, 'END']
    if (text === 'stats items')
      return [...this.#classes()].map(([id, n]) => `STAT items:${id}:number ${n}`).concat('END')
    if (text.startsWith('stats cachedump')) return this.#listed(Number(words[1]), Number(words[2])).concat('END')
    if (verb === 'get') return words.flatMap(key => this.#valueOf(key)).concat('END')
    if (verb === 'set') {
      this.items.set(words[0]!, {value: words[4]!})
      this.onSet(words[0]!)
      return ['STORED']
    }
    return [this.items.delete(words[0]!) ? 'DELETED' : 'NOT_FOUND']
  }

  #classes(): ReadonlyMap<number, number> {
    const numbers = new Map<number, number>()
    for (const {slabClass = 1} of this.items.values()) numbers.set(slabClass, (numbers.get(slabClass) ?? 0) + 1)
    return numbers
  }

  #listed(slabClass: number, most: number): string[] {
    return [...this.items]
      .filter(([, item]) => (item.slabClass ?? 1) === slabClass)
      .slice(0, most)
      .map(([key, {value, expiresAt = STARTED_AT}]) => `ITEM ${key} [${value.length} b; ${expiresAt} s]`)
  }

  #valueOf(key: string): readonly string[] {
    const item = this.items.get(key)
    return item === undefined ? [] : [`VALUE ${key} ${item.flags ?? 0} ${item.value.length}\r\n${item.value}`]
  }
}
