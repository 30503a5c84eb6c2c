import {getSystemErrorMessage} from 'node:util'
import {quoted} from '../../protocol/printable.js'

/** Characters: a path may be longer than anybody reads. */
const LINE_MOST = 1000

/** Codes caused by the machine or another program; the others (EBADF, EINVAL …) are bugs of ours. */
const outsideCodes = new Set([
  ...['EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN', 'ENOBUFS'],
  ...['ENOSPC', 'EDQUOT', 'EFBIG', 'EROFS', 'EACCES', 'EPERM', 'EIO', 'ESTALE', 'ENODEV', 'ENXIO'],
  ...['ENOENT', 'ENOTDIR', 'EISDIR', 'ELOOP', 'ENAMETOOLONG', 'ETXTBSY', 'ENOEXEC'],
  ...['EPIPE', 'ECONNRESET', 'ECONNREFUSED', 'ECONNABORTED', 'ETIMEDOUT', 'EADDRINUSE', 'EADDRNOTAVAIL'],
  ...['EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH', 'ENETDOWN', 'ENOTFOUND', 'EAI_AGAIN'],
])

type SystemError = NodeJS.ErrnoException & {
  readonly address?: string
  readonly port?: number
  readonly hostname?: string
}

/**
 * An error of the system as one line, where the machine or another program is its cause: `open /x: too many open files`.
 * @returns null for errors that repbench itself has made
 */
export function describeOutsideError(error: unknown): string | null {
  // A name with several addresses: each of them was tried.
  if (error instanceof AggregateError) return describeOutsideError(error.errors[0])
  if (!(error instanceof Error)) return null
  const {code, errno, syscall, path, address, port, hostname} = error as SystemError
  // Its message ends with the code of the system.
  if (code === 'ERR_WORKER_INIT_FAILED') return `cannot start a thread: ${quoted(error.message.replace(/^.*: /, ''))}`
  if (code === undefined || syscall === undefined || !outsideCodes.has(code)) return null
  const where = path ?? hostname ?? (port === undefined ? address : `${address ?? ''}:${port}`)
  const what = errno === undefined ? code : getSystemErrorMessage(errno)
  return quoted(`${[syscall, where].filter(part => part !== undefined).join(' ')}: ${what}`, {most: LINE_MOST})
}
