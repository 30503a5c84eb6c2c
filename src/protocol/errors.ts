import {quotedLines} from './printable.js'

/** Characters of an error's message: a server, a file name or a profile may have more to say than anybody reads. */
const MESSAGE_MOST = 1000

/**
 * Base of every error that repbench raises on purpose. `code` is stable and
 * machine-readable; the message says what was expected and what came, which
 * others may have written: it is made safe to print here.
 */
export class RepbenchError extends Error {
  readonly code: string

  constructor(code: string, message: string, options?: {cause?: unknown}) {
    super(quotedLines(message, {most: MESSAGE_MOST}), options)
    this.name = new.target.name
    this.code = code
  }
}

/** What people read of an error, whatever was thrown; safe to print. */
export function messageOf(error: unknown): string {
  return quotedLines(error instanceof Error ? error.message : String(error), {most: MESSAGE_MOST})
}

/** A message of several lines as one. */
export function oneLine(message: string): string {
  return message.replaceAll(/\s*\n\s*/g, ' ').trim()
}

/** Makes a switch over a tagged union exhaustive: the compiler rejects a missing case. */
export function assertNever(value: never): never {
  throw new RepbenchError('ERR_UNREACHABLE', `Expected a known case, got ${JSON.stringify(value)}`)
}
