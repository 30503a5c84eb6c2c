import {RepbenchError} from '../protocol/errors.js'

/** A load plan that cannot be run as it stands: the operator's mistake. */
export class PlanError extends RepbenchError {
  constructor(message: string, options?: {cause?: unknown}) {
    super('ERR_PLAN', message, options)
  }
}

/** An assertion that cannot be understood: the operator's mistake. */
export class AssertionSyntaxError extends RepbenchError {
  constructor(message: string, options?: {cause?: unknown}) {
    super('ERR_ASSERTION', message, options)
  }
}

/** A load thread died or fell silent. */
export class LoadThreadError extends RepbenchError {
  constructor(message: string, options?: {cause?: unknown}) {
    super('ERR_LOAD_THREAD', message, options)
  }
}

/** The counts of a run do not add up. No RepbenchError: it is a fault of this program, never of the run. */
export class BookkeepingError extends Error {
  override readonly name = 'BookkeepingError'
}
