import {KeySpool} from '../../engine/transfer/keys/key-spool.js'
import type {ListedKeys} from '../../engine/transfer/keys/list-server-keys.js'
import {KEY_MAX_BYTES} from '../../protocol/limits.js'
import {fromPrintable} from '../../protocol/printable.js'
import type {CliContext} from '../app/context.js'
import {UsageError} from '../app/errors.js'
import {openInput} from './open-input.js'

/** An escaped byte takes four characters. */
const LINE_MAX_CHARACTERS = KEY_MAX_BYTES * 4

/**
 * The keys of a file, one a line, `-` = stdin; bytes that no line can have are written as repbench shows them: \x0a.
 * @throws UsageError
 */
export async function spoolKeys(
  path: string,
  context: Pick<CliContext, 'stdin' | 'shutdown'>,
  keyOf: KeyOfLine = withoutEscapes,
): Promise<ListedKeys> {
  const spool = new KeySpool()
  try {
    let line = 0
    for await (const text of linesOf(path, context)) {
      line++
      const key = text === '' ? '' : checkKey(keyOf(text, path, line), path, line)
      if (key !== '') spool.add({key, expiresAt: null, bytes: 0})
    }
    if (spool.count === 0) throw new UsageError(`Expected keys, one a line, got none (${path})`)
    return {spool, hidden: 0, way: 'given'}
  } catch (error) {
    spool.close()
    throw error
  }
}

/** The key that a line has. @throws UsageError */
type KeyOfLine = (text: string, path: string, line: number) => string

/**
 * The keys of findings, as a load, a drill or diff writes them to a file: a line of JSON each, with a `key`.
 * @throws UsageError
 */
export function spoolFoundKeys(path: string, context: Pick<CliContext, 'stdin' | 'shutdown'>): Promise<ListedKeys> {
  const seen = new Set<string>()
  return spoolKeys(path, context, (text, path, line) => {
    const key = foundKey(Buffer.from(text, 'latin1').toString())
    if (key === null || key === '') {
      throw new UsageError(
        `Expected findings, one JSON line each with a key, got '${text.slice(0, 40)}' (${path}, line ${line})`,
      )
    }
    // A key may have several findings.
    if (seen.has(key)) return ''
    seen.add(key)
    return key
  })
}

function foundKey(text: string): string | null {
  try {
    const finding: unknown = JSON.parse(text)
    if (typeof finding !== 'object' || finding === null || !('key' in finding)) return null
    return typeof finding.key === 'string' ? fromPrintable(finding.key).toString('latin1') : null
  } catch {
    return null
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
