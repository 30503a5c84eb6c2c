import {RepbenchError} from '../protocol/errors.js'

/** A load plan that cannot be run: a mistake of the operator. */
export class PlanError extends RepbenchError {
  constructor(message: string, options?: {cause?: unknown}) {
    super('ERR_PLAN', message, options)
  }
}

/** An assertion with a syntax error: a mistake of the operator. */
export class AssertionSyntaxError extends RepbenchError {
  constructor(message: string, options?: {cause?: unknown}) {
    super('ERR_ASSERTION', message, options)
  }
}

/** A load thread that died or does not answer. */
export class LoadThreadError extends RepbenchError {
  constructor(message: string, options?: {cause?: unknown}) {
    super('ERR_LOAD_THREAD', message, options)
  }
}

/** Counts of a run that do not add up. Not a RepbenchError: it is a bug of this program, never a fault of the run. */
export class BookkeepingError extends Error {
  override readonly name = 'BookkeepingError'
}
