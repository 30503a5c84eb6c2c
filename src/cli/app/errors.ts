import {RepbenchError} from '../../protocol/errors.js'

/** Wrong command line or missing prerequisite: exit 2. */
export class UsageError extends RepbenchError {
  constructor(message: string, options?: {cause?: unknown}) {
    super('ERR_USAGE', message, options)
  }
}
