import {AskConnection} from '../../../ask/ask-connection.js'
import {AskError} from '../../../ask/ask-error.js'
import type {Question} from '../../../ask/question.js'
import {type Address, formatAddress} from '../../../protocol/address.js'
import {formatKey} from '../../data/key-text.js'
import {FaultNotInjectedError} from '../contract/drill.js'

interface Waiting {
  readonly count: number
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

/** Sets of numbered keys, all sent at once on one connection: their acknowledgements come in the order of the numbers. */
export class PipelinedSets {
  /** Acknowledged so far. */
  count = 0
  /** The last reply has come, or the connection is over. */
  readonly ended: Promise<void>
  readonly #connection: AskConnection
  readonly #waiting: Waiting[] = []
  readonly #ended = Promise.withResolvers<void>()

  constructor(
    target: Address,
    {prefix, count, bytes, signal}: {prefix: string; count: number; bytes: number; signal: AbortSignal},
  ) {
    this.ended = this.#ended.promise
    this.#connection = new AskConnection({address: target, expected: 'acknowledged sets', signal, lines: false})
    const value = 'x'.repeat(bytes)
    this.#connection.send(
      ...Array.from(
        {length: count},
        (_, index): Question => ({
          request: `set ${formatKey(prefix, index + 1)} 0 0 ${bytes}\r\n${value}\r\n`,
          settle: outcome => {
            if (outcome instanceof AskError) return this.#over(target, outcome.got)
            if (outcome.kind === 'stored') this.#stored()
            if (index + 1 === count) this.#over(target, `${count} replies`)
          },
        }),
      ),
    )
  }

  /** @throws FaultNotInjectedError when the connection ends before that many were */
  acknowledged(count: number): Promise<void> {
    const {promise, resolve, reject} = Promise.withResolvers<void>()
    this.#waiting.push({count, resolve, reject})
    return promise
  }

  close(): void {
    this.#connection.close()
  }

  #stored(): void {
    this.count++
    for (const one of this.#waiting) if (one.count === this.count) one.resolve()
  }

  #over(target: Address, got: string): void {
    const text = `Expected acknowledged sets from ${formatAddress(target)}, got ${got} and ${this.count} of them`
    for (const one of this.#waiting) one.reject(new FaultNotInjectedError(text))
    this.#ended.resolve()
  }
}
