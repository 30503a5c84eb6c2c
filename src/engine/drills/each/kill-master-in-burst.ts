import {AskConnection} from '../../../ask/ask-connection.js'
import {AskError} from '../../../ask/ask-error.js'
import type {Question} from '../../../ask/question.js'
import {type Address, formatAddress} from '../../../protocol/address.js'
import {formatKey} from '../../data/key-text.js'
import {type Drill, FaultNotInjectedError, recoveredPair} from '../contract/drill.js'

const PREFIX = 'burst:'
const SETS = 2000
/** Large values, so that a node that replies before it sends has much to send when it dies, on any machine. */
const BYTES = 10_000
/** The master still has most of them to do when it dies. */
const KILL_AT = 500

export const killMasterInBurst: Drill = {
  name: 'kill-master-in-burst',
  summary: 'SIGKILL the master while it acknowledges pipelined sets; count those that the slave lacks',
  needs: ['control'],
  async fault({cluster, clock, journal, signal}) {
    const {master} = cluster
    journal.say(
      `${SETS} pipelined sets of ${BYTES} bytes; kill -9 ${master.name} when it acknowledges number ${KILL_AT}`,
    )
    const sets = new PipelinedSets(master.address, {prefix: PREFIX, count: SETS, bytes: BYTES, signal})
    try {
      await sets.acknowledged(KILL_AT)
      clock.mark()
      await master.kill()
      await sets.ended
    } finally {
      sets.close()
    }
    if (sets.count === 0) throw new FaultNotInjectedError('Expected acknowledged sets, got none')
    journal.say(`${sets.count} sets acknowledged`)
    journal.wrote({prefix: PREFIX, count: sets.count, absence: 'lost'})
  },
  async recover({cluster, journal}) {
    journal.say(`start ${cluster.master.name}`)
    await cluster.master.start()
  },
  assertions: ['rto<5s', 'lost==0', ...recoveredPair],
  advice: 'Start the dead node again with the same arguments: it connects to the survivor and gets a full sync.',
}

interface Waiting {
  readonly count: number
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

/** Sets of numbered keys, all sent at once on one connection: their acknowledgements come in the order of the numbers. */
class PipelinedSets {
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
    for (const waiting of this.#waiting) if (waiting.count === this.count) waiting.resolve()
  }

  #over(target: Address, got: string): void {
    const text = `Expected acknowledged sets from ${formatAddress(target)}, got ${got} and ${this.count} of them`
    for (const {reject} of this.#waiting) reject(new FaultNotInjectedError(text))
    this.#ended.resolve()
  }
}
