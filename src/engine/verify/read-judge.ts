import {type Address, formatAddress} from '../../protocol/address.js'
import {formatKey} from '../data/key-text.js'
import type {LostWrites} from './lost-writes.js'
import type {ValueReader} from './value-reader.js'
import {emptyVerification, type Fault, noteFault, type Verification} from './verification.js'
import type {VersionLedger} from './version-ledger.js'

export interface ReadJudgeParts {
  readonly runId: number
  readonly keyPrefix: string
  /** Values expire: absence is no fault. */
  readonly expires: boolean
  readonly ledger: VersionLedger
  readonly lost: LostWrites
}

/**
 * Judges each read. A read must find the version that was acknowledged when it
 * was sent, or a later one sent since. What is uncertain is never called a
 * fault.
 */
export class ReadJudge {
  readonly verification: Verification = emptyVerification()
  readonly #parts: ReadJudgeParts

  constructor(parts: ReadJudgeParts) {
    this.#parts = parts
  }

  /** The server of the next answers. */
  server: Address | null = null

  /** Judges a value. @param expected version acknowledged when the read was sent; 0 for none @returns what is wrong; null when nothing is */
  found(value: ValueReader, key: number, expected: number): Fault | null {
    const {runId, ledger, lost} = this.#parts
    const {fields, isWellFormed} = value
    const isOurs = isWellFormed && fields.runId === runId && fields.key === key && fields.version <= ledger.sent(key)
    if (isOurs) {
      if (fields.version < expected && !lost.has(key, fields.version)) return this.#stale(value, expected)
      this.verification.fresh++
      return null
    }
    if (expected === 0 && !(isWellFormed && fields.key !== key)) {
      this.verification.leftover++
      return null
    }
    if (isWellFormed) return this.#fault('foreign', key, () => this.#describeForeign(value, key))
    return this.#fault('corrupt', key, () => `${fields.size} bytes that are not as they were written`)
  }

  /** Judges a miss. @param mayBeAbsent whether the key could be absent when the read was sent @returns what is wrong; null when nothing is */
  absent(key: number, expected: number, mayBeAbsent: boolean): Fault | null {
    const {expires, ledger, lost} = this.#parts
    if (expected === 0 || mayBeAbsent || expires) return null
    // Of two writes acknowledged since the read was sent, the first may have been a delete.
    const isSure = !ledger.mayBeAbsent(key) && ledger.acknowledged(key) <= expected + 1 && !lost.hasDelete(key)
    return isSure ? this.#fault('missing', key, () => `no value, expected version ${expected} or later`) : null
  }

  /** A value of no key of the call has come. @param line its VALUE line */
  notAskedFor(line: Uint8Array): void {
    const [, key = ''] = Buffer.from(line).toString('latin1').split(' ')
    this.#note(
      'foreign',
      () => key,
      () => 'a value that was not asked for',
    )
  }

  #stale({fields}: ValueReader, expected: number): Fault {
    const behind = expected - fields.version
    this.verification.worstStaleVersions = Math.max(this.verification.worstStaleVersions, behind)
    return this.#fault('stale', fields.key, () => `version ${fields.version}, expected ${expected} or later`)
  }

  #describeForeign({fields}: ValueReader, key: number): string {
    if (fields.runId !== this.#parts.runId) return 'a value of another run'
    if (fields.key !== key) return `the value of ${formatKey(this.#parts.keyPrefix, fields.key)}`
    return `version ${fields.version}, which this run never wrote`
  }

  #fault(kind: Fault, key: number, text: () => string): Fault {
    this.#note(kind, () => formatKey(this.#parts.keyPrefix, key), text)
    return kind
  }

  #note(kind: Fault, key: () => string, text: () => string): void {
    const server = this.server === null ? '' : formatAddress(this.server)
    noteFault(this.verification, {kind, key, text, server, at: performance.now() / 1000})
  }
}
