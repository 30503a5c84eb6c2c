import {BinaryWriteReader, binaryWriteRequest} from './binary-items.js'
import {canBeNamedInText} from './key-names.js'
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
   * In the order of the writes; those that need the binary protocol apart from the others.
   * @throws AskError: which of the writes were carried out is not known then
   */
  async write(writes: readonly ItemWrite[]): Promise<WriteOutcome[]> {
    if (writes.length === 0) return []
    const needsBinary = (write: ItemWrite): boolean => canOnlyBinary(write, this.#options.facts)
    const binary = writes.filter(needsBinary)
    if (binary.length === 0) return await this.#writeText(writes)
    const text = writes.filter(write => !needsBinary(write))
    const [textOutcomes, binaryOutcomes] = await Promise.all([
      text.length === 0 ? [] : this.#writeText(text),
      this.#writeBinary(binary),
    ])
    let nextText = 0
    let nextBinary = 0
    return writes.map(write => (needsBinary(write) ? binaryOutcomes[nextBinary++]! : textOutcomes[nextText++]!))
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

  async #writeBinary(writes: readonly ItemWrite[]): Promise<WriteOutcome[]> {
    if (!this.#options.facts.hasBinary) {
      this.#refusal ??= 'a key or an exptime that only the binary protocol can name, which the server does not speak'
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

/** The text protocol reads an exptime in 31 bits: an item with a later one is gone at once. */
const EXPTIME_MAX_BY_TEXT = 2 ** 31 - 1

function canOnlyBinary(write: ItemWrite, facts: ServerFacts): boolean {
  if ('item' in write) {
    return write.item.expiresAt > EXPTIME_MAX_BY_TEXT || !canBeNamedInText(write.item.key, facts)
  }
  // yrmcds takes no exptime in the past, which is how a delete is guarded by text.
  return facts.program === 'yrmcds' || !canBeNamedInText(write.key, facts)
}
