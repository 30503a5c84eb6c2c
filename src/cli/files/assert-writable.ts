import {constants} from 'node:fs'
import {access, stat} from 'node:fs/promises'
import {dirname} from 'node:path'
import {messageOf} from '../../protocol/errors.js'
import {UsageError} from '../app/errors.js'

/**
 * Looks before a long run whether its report can be written where it is wanted; leaves no empty file behind.
 * @throws UsageError when the file is a directory, or it or its directory can't be written to
 */
export async function assertWritable(option: string, path: string | undefined): Promise<void> {
  if (path === undefined) return
  try {
    const found = await stat(path).catch(() => null)
    if (found?.isDirectory()) throw new Error(`a directory, '${path}'`)
    await access(found === null ? dirname(path) : path, constants.W_OK)
  } catch (error) {
    const got = messageOf(error)
    throw new UsageError(`Expected a writable ${option} file, got ${got}`, {cause: error})
  }
}
