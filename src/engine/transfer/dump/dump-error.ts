import {RepbenchError} from '../../../protocol/errors.js'

type DumpErrorCode =
  /** Something else than a dump, or one of a later format. */
  | 'ERR_DUMP_FORMAT'
  /** This Node.js has no zstd. */
  | 'ERR_DUMP_ZSTD'
  /** Not even its header is whole. */
  | 'ERR_DUMP_DAMAGED'
  /** The file or stream can't be written. */
  | 'ERR_DUMP_WRITE'

/** A dump that can't be begun or finished. Damage within one is no error: see `Damage`. */
export class DumpError extends RepbenchError {
  declare readonly code: DumpErrorCode

  constructor(code: DumpErrorCode, message: string, options?: {cause?: unknown}) {
    super(code, message, options)
  }
}

/** Where a dump is damaged. */
export interface Damage {
  /** Of the block that is not whole, in bytes from the beginning of the file. */
  readonly offset: number
  /** What was expected. */
  readonly expected: string
  readonly got: string
}

/** As one clause. */
export function describeDamage({offset, expected, got}: Damage): string {
  return `expected ${expected} at byte ${offset}, got ${got}`
}
