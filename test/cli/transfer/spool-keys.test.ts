import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it, test} from 'vitest'
import type {CliContext} from '../../../src/cli/app/context.js'
import {spoolKeys} from '../../../src/cli/transfer/spool-keys.js'

let folder = ''
let file = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'repbench-keys-'))
  file = join(folder, 'keys.txt')
})
afterEach(() => rmSync(folder, {recursive: true}))

const context = {shutdown: {signal: new AbortController().signal}} as unknown as CliContext

async function keysOf(text: string): Promise<string[]> {
  writeFileSync(file, text, 'latin1')
  const {spool, hidden, way} = await spoolKeys(file, context)
  expect({hidden, way}).toEqual({hidden: 0, way: 'given'})
  const keys = [...spool.batches({keysMax: 2, bytesMax: 100})].flat().map(({key}) => key)
  spool.close()
  return keys
}

describe('the keys of a file', () => {
  test.each<[string, string, string[]]>([
    ['one a line', 'a\nb c\nd\n', ['a', 'b c', 'd']],
    ['without a last line end', 'a\nb', ['a', 'b']],
    ['with the line ends of Windows and empty lines', 'a\r\n\r\n\r\nb\r\n', ['a', 'b']],
    ['in UTF-8, as bytes', Buffer.from('ü').toString('latin1'), ['\xc3\xbc']],
    ['as repbench shows them', 'a\\x0ab\\x5cx41\\xZZ', ['a\nb\\x41\\xZZ']],
    ['twice', 'a\na', ['a', 'a']],
  ])('%s', async (_, text, keys) => {
    expect(await keysOf(text)).toEqual(keys)
  })

  it('may be many, over several chunks', async () => {
    const keys = Array.from({length: 60_000}, (_, number) => `key:${number}`)
    expect(await keysOf(keys.join('\n'))).toEqual(keys)
  })

  test.each([
    ['none', '\n\n', /^Expected keys, one a line, got none \(.*keys.txt\)$/],
    ['a long one', `a\n${'x'.repeat(251)}`, /^Expected keys of 1 to 250 bytes, got 'x{40}…' \(.*keys.txt, line 2\)$/],
    ['no lines', 'x'.repeat(2_000_000), /^Expected keys, one a line, got a longer line \(/],
  ])('are refused where there are %s', async (_, text, message) => {
    await expect(keysOf(text)).rejects.toThrow(message)
  })
})
