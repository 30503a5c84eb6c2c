import {type Method, methods} from '../data/methods.js'
import {asSecondHalf, BARRIER, methodOf, WITNESS} from '../measure/pending-calls.js'
import type {Recorder} from '../measure/recorder.js'
import type {LoadPlan} from '../plan/plan.js'
import type {ReadChecker} from '../verify/read-checker.js'
import type {Verifier} from '../verify/verifier.js'
import type {Workload} from '../workload/workload.js'
import type {Connection} from './connection.js'
import {RequestWriter} from './request-writer.js'

const barrierRequest = Buffer.from('version\r\n', 'latin1')

/** Renders calls and writes them to sockets, many calls of one connection in one write. */
export class Sender {
  readonly #writer: RequestWriter
  readonly #recorder: Recorder
  readonly #clock: () => number
  /** By index in the plan's mix. */
  readonly #methods: readonly Method[]
  readonly #expectsReply: readonly boolean[]
  readonly #isRead: readonly boolean[]
  /** Reused for all calls: PendingCalls copies it. */
  readonly #call = {intendedMs: 0, sentMs: 0, method: 0, key: 0, size: 0}

  constructor(options: {plan: LoadPlan; recorder: Recorder; verifier: Verifier | undefined; clock: () => number}) {
    const {plan, recorder, verifier, clock} = options
    this.#writer = new RequestWriter(plan, verifier?.values)
    this.#recorder = recorder
    this.#clock = clock
    this.#methods = plan.mix.map(({method}) => methods[method])
    this.#isRead = plan.mix.map(({method}) => methods[method].reads)
    // A cas reads the unique first.
    this.#expectsReply = plan.mix.map(({method}) => !plan.noreply || methods[method].reads || method === 'cas')
  }

  /** Whether another call can join those rendered since the last write(). */
  get hasRoom(): boolean {
    return this.#writer.hasRoom
  }

  /**
   * Renders the connection's next call; write() must follow before calls of another connection.
   * @param sentMs now: the write follows at once
   */
  render(connection: Connection, intendedMs: number, sentMs: number): void {
    const {workload, schedule} = connection
    workload.next()
    if (connection.checker !== undefined) {
      if (!this.#isRead[workload.method] && connection.checker.needsWitness(workload.key)) {
        this.#renderWitness(connection, workload.key, sentMs)
      }
      this.#announce(connection.checker, workload)
    }
    this.#writer.append(workload)
    schedule.advance()
    const {method} = workload
    const call = this.#call
    call.intendedMs = intendedMs
    call.sentMs = sentMs
    call.method = method
    this.#recorder.sent(connection, call)
    if (this.#expectsReply[method]) {
      call.key = workload.key
      call.size = this.#isRead[method] ? workload.moreKeys.length + 1 : workload.size
      connection.pending.push(call)
    } else {
      connection.unconfirmed = true
      this.#recorder.completedUnanswered(connection, call)
    }
  }

  /** Reads a key before the write that follows. */
  #renderWitness(connection: Connection, key: number, sentMs: number): void {
    connection.checker!.sentWitness(key)
    this.#writer.appendGet(key)
    this.#recorder.witnessesSent++
    connection.pending.push({intendedMs: sentMs, sentMs, method: WITNESS, key, size: 1})
  }

  /** Sends the second half of the connection's oldest call, a cas, behind its calls in flight. */
  sendCas(connection: Connection, {unique, noreply}: {unique: Uint8Array; noreply: boolean}): void {
    const {pending, checker, index} = connection
    const {intendedMs, sentMs, key, size} = pending
    const method = methodOf(pending.method)
    const version = checker === undefined ? 0 : checker.sentWrite(key, false)
    this.#recorder.casSent++
    this.#writer.appendCas({key, size, version, writer: index}, unique)
    pending.shift()
    if (noreply) {
      connection.unconfirmed = true
      this.#recorder.completedUnanswered(connection, {method, intendedMs, sentMs: this.#clock()})
    } else pending.push({intendedMs, sentMs, method: asSecondHalf(method), key, size})
    this.write(connection)
  }

  /** Sends a command with a reply behind noreply commands, so that the load ends when the server has run them all. */
  sendBarrier(connection: Connection): void {
    const nowMs = this.#clock()
    connection.unconfirmed = false
    connection.pending.push({intendedMs: nowMs, sentMs: nowMs, method: BARRIER, key: 0, size: 0})
    connection.write(barrierRequest)
  }

  /** Writes what was rendered. @returns false when the socket could not accept all of it; connection.flushed() follows */
  write(connection: Connection): boolean {
    const bytes = this.#writer.take()
    this.#recorder.bytesOut += bytes.length
    const flushed = connection.write(bytes)
    if (!flushed) this.#writer.retire()
    // No reply is due that could show the end.
    if (connection.unconfirmed && connection.schedule.exhausted && connection.pending.count === 0) {
      this.sendBarrier(connection)
    }
    return flushed
  }

  /** Tells the checker of a call before it is rendered, because the checker numbers the versions. */
  #announce(checker: ReadChecker, workload: Workload): void {
    const {key, moreKeys} = workload
    const {form, reads, name} = this.#methods[workload.method]!
    if (reads || form === 'cas') {
      checker.sentRead(key, moreKeys.length > 0)
      for (let i = 0; i < moreKeys.length; i++) checker.sentRead(moreKeys[i]!, i < moreKeys.length - 1)
    } else if (form === 'exptime') checker.sentOther(key)
    else workload.version = checker.sentWrite(key, name === 'delete')
  }
}
