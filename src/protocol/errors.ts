import {quotedLines} from './printable.js'

/** Longest message of an error in characters: the text of a server, a file name or a profile may be too long to read. */
const MESSAGE_MOST = 1000

/**
 * Base of every error that repbench raises on purpose. `code` is stable and
 * machine-readable; the message says what was expected and what came. It may quote
 * other programs, and is made safe to print here.
 */
export class RepbenchError extends Error {
  readonly code: string

  constructor(code: string, message: string, options?: {cause?: unknown}) {
    super(quotedLines(message, {most: MESSAGE_MOST}), options)
    this.name = new.target.name
    this.code = code
  }
}

/** Message of anything thrown; safe to print. */
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
