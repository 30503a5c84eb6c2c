import {RepbenchError} from '../../../protocol/errors.js'
import {readOpenFileLimit} from '../../../server/system/open-file-limit.js'

/** Descriptors that a node needs beside those of its clients. */
const OWN_DESCRIPTORS = 32

/**
 * How many of `-c` clients the process can hold. Node.js has raised the soft limit
 * to the hard one already.
 * @throws RepbenchError `ERR_OPEN_FILES` in memcached's words where it refuses, too
 */
export function limitConnections(maxConnections: number): number {
  const limit = readOpenFileLimit()?.soft ?? Number.POSITIVE_INFINITY
  if (limit >= maxConnections) return Math.max(1, Math.min(maxConnections, limit - OWN_DESCRIPTORS))
  throw new RepbenchError(
    'ERR_OPEN_FILES',
    `failed to set rlimit for open files. Try starting as root or requesting smaller maxconns value. (-c ${maxConnections}, limit ${limit})`,
  )
}
