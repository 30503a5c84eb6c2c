import {constants, createWriteStream, openSync, realpathSync, statSync} from 'node:fs'
import {Socket} from 'node:net'
import type {Writable} from 'node:stream'
import {DumpError} from '../../../engine/transfer/dump/dump-error.js'
import {type DumpOutput, PartFile, StreamOutput} from '../../../engine/transfer/dump/dump-output.js'
import {messageOf} from '../../../protocol/errors.js'
import type {CliContext} from '../../app/context.js'
import {UsageError} from '../../app/errors.js'

interface OutputAsked {
  /** - = stdout. */
  readonly path: string
  readonly isText: boolean
}

/** Where a dump goes. @throws UsageError, DumpError when it can't be written */
export async function openOutput({path, isText}: OutputAsked, context: CliContext): Promise<DumpOutput> {
  const {stdout, outputs, shutdown} = context
  if (path === '-') {
    if (stdout.isTTY && !isText)
      throw new UsageError('Expected a file or a pipe for the dump, got a terminal; see --text')
    const {failed} = outputs.stdout
    return new StreamOutput({name: 'stdout', stream: stdout.raw, failed, signal: shutdown.signal})
  }
  try {
    const found = statSync(path, {throwIfNoEntry: false})
    if (found?.isDirectory()) throw new Error('a directory')
    // A pipe or a device is written to as it is, and /dev/stdout may be a file that the shell has open.
    const isInPlace = found !== undefined && (!found.isFile() || /^\/(dev|proc)\//.test(path))
    if (isInPlace)
      return new StreamOutput({name: path, stream: openInPlace(path, found.isFIFO()), signal: shutdown.signal})
    if (found === undefined) return await PartFile.open(path)
    // A symbolic link stays: its target is written.
    return await PartFile.open(realpathSync(path), {mode: found.mode & 0o777})
  } catch (error) {
    if (error instanceof DumpError) throw new UsageError(error.message, {cause: error})
    throw new UsageError(`Expected a writable --out file, got ${messageOf(error)}`, {cause: error})
  }
}

/** Fails where a pipe has no reader, and never waits for one. */
function openInPlace(path: string, isPipe: boolean): Writable {
  const fd = openSync(path, constants.O_WRONLY | constants.O_APPEND | (constants.O_NONBLOCK ?? 0))
  return isPipe ? new Socket({fd, readable: false, writable: true}) : createWriteStream('', {fd})
}
