/**
 * Base of every error that repbench raises on purpose. `code` is stable and
 * machine-readable; the message says what was expected and what came.
 */
export class RepbenchError extends Error {
  readonly code: string

  constructor(code: string, message: string, options?: {cause?: unknown}) {
    super(message, options)
    this.name = new.target.name
    this.code = code
  }
}

/** What people read of an error, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Makes a switch over a tagged union exhaustive: the compiler rejects a missing case. */
export function assertNever(value: never): never {
  throw new RepbenchError('ERR_UNREACHABLE', `Expected a known case, got ${JSON.stringify(value)}`)
}
