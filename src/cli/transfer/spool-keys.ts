import {KeySpool} from '../../engine/transfer/keys/key-spool.js'
import type {ListedKeys} from '../../engine/transfer/keys/list-server-keys.js'
import {KEY_MAX_BYTES} from '../../protocol/limits.js'
import type {CliContext} from '../app/context.js'
import {UsageError} from '../app/errors.js'
import {openInput} from './open-input.js'

/** An escaped byte takes four characters. */
const LINE_MAX_CHARACTERS = KEY_MAX_BYTES * 4

/**
 * The keys of a file, one a line, `-` = stdin; bytes that no line can have are written as repbench shows them: \x0a.
 * @throws UsageError
 */
export async function spoolKeys(path: string, context: Pick<CliContext, 'stdin' | 'shutdown'>): Promise<ListedKeys> {
  const spool = new KeySpool()
  try {
    let line = 0
    for await (const text of linesOf(path, context)) {
      line++
      if (text !== '') spool.add({key: checkKey(withoutEscapes(text), path, line), expiresAt: null, bytes: 0})
    }
    if (spool.count === 0) throw new UsageError(`Expected keys, one a line, got none (${path})`)
    return {spool, hidden: 0, way: 'given'}
  } catch (error) {
    spool.close()
    throw error
  }
}

async function* linesOf(path: string, context: Pick<CliContext, 'stdin' | 'shutdown'>): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of openInput({path, what: 'keys'}, context).chunks as AsyncIterable<Buffer>) {
    const lines = (rest + chunk.toString('latin1')).split('\n')
    rest = lines.pop()!
    for (const line of lines) yield line.replace(/\r$/, '')
    if (rest.length > LINE_MAX_CHARACTERS)
      throw new UsageError(`Expected keys, one a line, got a longer line (${path})`)
  }
  yield rest
}

function withoutEscapes(text: string): string {
  return text.replaceAll(/\\x([0-9a-f]{2})/g, (_, digits) => String.fromCharCode(Number.parseInt(digits, 16)))
}

function checkKey(key: string, path: string, line: number): string {
  if (key.length <= KEY_MAX_BYTES) return key
  throw new UsageError(`Expected keys of 1 to 250 bytes, got '${key.slice(0, 40)}…' (${path}, line ${line})`)
}
