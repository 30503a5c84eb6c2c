import {isTextKey} from '../../../protocol/text/text-key.js'
import {BinaryWriteReader, binaryWriteRequest} from './binary-items.js'
import {PipelinedConnection} from './pipelined-connection.js'
import type {ServerFacts} from './server-facts.js'
import {type ItemWrite, type WriteOutcome, WriteReader, writeRequest} from './write-requests.js'

export interface ItemWriterOptions {
  readonly facts: ServerFacts
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** Writes items; writes of several calls may overlap, and are carried out in order. */
export class ItemWriter {
  readonly #options: ItemWriterOptions
  readonly #connection: PipelinedConnection
  #binary: PipelinedConnection | null = null
  #refusal: string | null = null

  constructor(options: ItemWriterOptions) {
    this.#options = options
    this.#connection = this.#connect()
  }

  /** The first thing that the server said when it refused a write for a reason without a name here. */
  get refusal(): string | null {
    return this.#refusal
  }

  /**
   * In the order of the writes; odd keys apart from the others.
   * @throws AskError: which of the writes were carried out is not known then
   */
  async write(writes: readonly ItemWrite[]): Promise<WriteOutcome[]> {
    if (writes.length === 0) return []
    const {hasMeta, program} = this.#options.facts
    // yrmcds takes no exptime in the past, which is how a guarded delete is said by text.
    const isOdd = (write: ItemWrite): boolean =>
      !isTextKey(keyOf(write)) || (program === 'yrmcds' && write.kind === 'delete')
    if (hasMeta || !writes.some(isOdd)) return await this.#writeText(writes)
    const odd = writes.filter(isOdd)
    const text = writes.filter(write => !isOdd(write))
    const [textOutcomes, oddOutcomes] = await Promise.all([
      text.length === 0 ? [] : this.#writeText(text),
      this.#writeOdd(odd),
    ])
    let nextText = 0
    let nextOdd = 0
    return writes.map(write => (isOdd(write) ? oddOutcomes[nextOdd++]! : textOutcomes[nextText++]!))
  }

  close(): void {
    this.#connection.close()
    this.#binary?.close()
  }

  async #writeText(writes: readonly ItemWrite[]): Promise<WriteOutcome[]> {
    const {outcomes, refusal} = await this.#connection.ask(writeRequest(writes), new WriteReader(writes.length))
    this.#refusal ??= refusal
    return outcomes
  }

  async #writeOdd(writes: readonly ItemWrite[]): Promise<WriteOutcome[]> {
    if (!this.#options.facts.hasBinary) {
      this.#refusal ??= 'a key that no protocol of the server can name'
      return writes.map(() => 'refused')
    }
    this.#binary ??= this.#connect()
    const {outcomes, refusal} = await this.#binary.ask(binaryWriteRequest(writes), new BinaryWriteReader(writes))
    this.#refusal ??= refusal
    return outcomes
  }

  #connect(): PipelinedConnection {
    const {facts, timeoutMs, signal} = this.#options
    return new PipelinedConnection({address: facts.address, expected: 'stored items', timeoutMs, signal})
  }
}

function keyOf(write: ItemWrite): string {
  return write.kind === 'delete' ? write.key : write.item.key
}
