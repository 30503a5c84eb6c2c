import {type Address, formatAddress} from '../protocol/address.js'
import {RepbenchError} from '../protocol/errors.js'

export type AskErrorCode =
  /** Nothing listens there. */
  | 'ERR_ASK_REFUSED'
  /** No connection, for another reason. */
  | 'ERR_ASK_UNREACHABLE'
  | 'ERR_ASK_CLOSED'
  | 'ERR_ASK_RESET'
  | 'ERR_ASK_TIMEOUT'
  /** The caller no longer wants an answer. */
  | 'ERR_ASK_ABORTED'
  /** More bytes or lines than the limits allow. */
  | 'ERR_ASK_TOO_LONG'
  /** An answer, but another one than was asked for. */
  | 'ERR_ASK_REPLY'

/** Why there is no answer. */
export interface AskProblem {
  readonly code: AskErrorCode
  /** The end of "Expected … from …, got …". */
  readonly got: string
  readonly cause?: unknown
  /** The first bytes of an incomplete answer, where they are kept. */
  readonly received?: Uint8Array
}

/** Parts of an AskError. */
export interface AskErrorFacts extends AskProblem {
  readonly address: Address
  /** What was asked for, in "Expected … from …". */
  readonly expected: string
}

/** A server that did not answer, or not as expected. */
export class AskError extends RepbenchError {
  declare readonly code: AskErrorCode
  readonly address: Address
  readonly expected: string
  readonly got: string
  readonly received: Uint8Array | null

  constructor({code, address, expected, got, cause, received}: AskErrorFacts) {
    super(code, `Expected ${expected} from ${formatAddress(address)}, got ${got}`, {cause})
    this.address = address
    this.expected = expected
    this.got = got
    this.received = received ?? null
  }

  /** What another thread needs to make the same error. */
  facts(): AskErrorFacts {
    const {code, address, expected, got} = this
    return {code, address, expected, got}
  }
}
