import {constants, fstatSync, openSync} from 'node:fs'
import {isatty} from 'node:tty'

type DescriptorKind = 'terminal' | 'pipe' | 'socket' | 'file'

export interface Descriptor {
  readonly kind: DescriptorKind
  /** Equal for two descriptors of one file. */
  readonly file: string
}

/** What a descriptor that this process has inherited leads to. Devices without a terminal's ways are files. */
export function describeDescriptor(fd: number): Descriptor {
  const stat = fstatSync(fd)
  const file = `${stat.dev}:${stat.ino}`
  if (isatty(fd)) return {kind: 'terminal', file}
  if (stat.isFIFO()) return {kind: 'pipe', file}
  return {kind: stat.isSocket() ? 'socket' : 'file', file}
}

/**
 * Opens the pipe of an inherited descriptor once more. Whether reading and writing
 * block belongs to what open() has made, which every process that has inherited the
 * descriptor shares; what is opened here is ours alone and never blocks.
 * @returns null where the system cannot do that: without Linux's /proc, for a pipe of
 * another user, and for one that nobody reads any more
 */
export function openOwnPipe(fd: number, direction: 'read' | 'write'): number | null {
  if (process.platform !== 'linux') return null
  const access = direction === 'read' ? constants.O_RDONLY : constants.O_WRONLY
  try {
    return openSync(`/proc/self/fd/${fd}`, access | constants.O_NONBLOCK | constants.O_NOCTTY)
  } catch {
    return null
  }
}
