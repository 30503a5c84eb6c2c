import {randomInt} from 'node:crypto'
import type {Address} from '../../protocol/address.js'
import {largestSize} from '../data/sizes.js'
import {makeFiller} from '../data/value-format.js'
import type {LoadPlan} from '../plan/plan.js'
import {AckTimes} from './ack-times.js'
import {FailoverLog} from './failover-log.js'
import {KeyReader} from './key-reader.js'
import {LostWrites} from './lost-writes.js'
import {ReadChecker, type ReadCheckerParts} from './read-checker.js'
import {ReadJudge} from './read-judge.js'
import {ValueWriter} from './value-writer.js'
import type {Verification} from './verification.js'
import {VersionLedger} from './version-ledger.js'
import {Witness} from './witness.js'

const RUN_ID_LIMIT = 2 ** 32

/** Memory and identity that all load threads of a verified run share. */
export interface VerifyAssignment {
  readonly runId: number
  readonly ledger: SharedArrayBuffer
  readonly lost: SharedArrayBuffer
  readonly acks: SharedArrayBuffer
  /** Log of what servers hold when connections come to them; null when not wanted. */
  readonly failovers: SharedArrayBuffer | null
  /** Start of the acknowledgements' clock: Unix ms, by performance.timeOrigin + performance.now(). */
  readonly originMs: number
}

/** Allocates what the load threads share. @param witnesses keys at risk are read before their first write to another server */
export function newVerifyAssignment(
  {keyCount}: Pick<LoadPlan, 'keyCount'>,
  {witnesses = false}: {witnesses?: boolean} = {},
): VerifyAssignment {
  // The plan's schema asks for a key count with verify.
  const keys = keyCount!
  return {
    runId: randomInt(RUN_ID_LIMIT),
    ledger: VersionLedger.allocate(keys),
    lost: LostWrites.allocate(),
    acks: AckTimes.allocate(keys),
    failovers: witnesses ? FailoverLog.allocate() : null,
    originMs: performance.timeOrigin + performance.now(),
  }
}

interface VerifierOptions {
  readonly plan: LoadPlan
  readonly assignment: VerifyAssignment
  readonly servers?: readonly Address[]
}

/** Verification in one load thread. */
export class Verifier {
  readonly values: ValueWriter
  readonly #parts: ReadCheckerParts
  readonly #servers: readonly Address[]
  readonly #failovers: FailoverLog | null

  /** @param servers of the connections */
  constructor({plan, assignment, servers = []}: VerifierOptions) {
    const {runId, originMs} = assignment
    this.#servers = servers
    this.#failovers = assignment.failovers === null ? null : new FailoverLog(assignment.failovers)
    const filler = makeFiller(largestSize(plan.sizes))
    const ledger = new VersionLedger(assignment.ledger)
    const lost = new LostWrites(assignment.lost)
    const judge = new ReadJudge({runId, keyPrefix: plan.keyPrefix, expires: plan.ttlSeconds > 0, ledger, lost})
    this.values = new ValueWriter({runId, filler})
    this.#parts = {
      runId,
      filler,
      keys: new KeyReader(plan.keyPrefix),
      ledger,
      lost,
      acks: new AckTimes(assignment.acks),
      ackClockMs: performance.timeOrigin - originMs,
      judge,
    }
  }

  /** Result of the reads since the start. */
  get verification(): Verification {
    return this.#parts.judge.verification
  }

  /** The same, its times in seconds from a moment of performance.now(). */
  verificationSince(startMs: number): Verification {
    const shift = startMs / 1000
    const {spells, ...verification} = this.verification
    return {...verification, spells: spells.map(spell => ({...spell, from: spell.from - shift, to: spell.to - shift}))}
  }

  /** A checker for one connection. @param connection its number among all of the load */
  checker(connection = 0): ReadChecker {
    if (this.#failovers === null) return new ReadChecker(this.#parts)
    const {acks, ackClockMs} = this.#parts
    const servers = this.#servers
    return new ReadChecker(this.#parts, new Witness({log: this.#failovers, acks, ackClockMs, connection, servers}))
  }
}
