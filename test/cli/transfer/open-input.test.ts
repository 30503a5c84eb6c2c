import {execFileSync} from 'node:child_process'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {PassThrough} from 'node:stream'
import {buffer} from 'node:stream/consumers'
import {afterEach, beforeEach, describe, expect, it, test} from 'vitest'
import type {CliContext} from '../../../src/cli/app/context.js'
import {openInput} from '../../../src/cli/transfer/open-input.js'

let folder = ''
let file = ''
let stop = new AbortController()

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'repbench-input-'))
  file = join(folder, 'input')
  stop = new AbortController()
})
afterEach(() => rmSync(folder, {recursive: true}))

function contextWith(stdin = new PassThrough()): Pick<CliContext, 'stdin' | 'shutdown'> {
  return {stdin, shutdown: {signal: stop.signal}} as unknown as CliContext
}

describe('what is read', () => {
  const asked = (path: string) => openInput({path, what: 'a dump'}, contextWith())

  it('is a file, whose length is known', async () => {
    writeFileSync(file, 'abc')
    const {name, bytes, chunks} = asked(file)
    expect({name, bytes}).toEqual({name: file, bytes: 3})
    expect((await buffer(chunks)).toString()).toBe('abc')
  })

  it('is a pipe that nobody writes to yet', async () => {
    execFileSync('mkfifo', [file])
    const {bytes, chunks} = asked(file)
    expect(bytes).toBeNull()
    writeFileSync(file, 'abc')
    expect((await buffer(chunks)).toString()).toBe('abc')
  })

  it('is stdin, but no terminal', async () => {
    const stdin = new PassThrough()
    const {name, chunks} = openInput({path: '-', what: 'a dump'}, contextWith(stdin))
    stdin.end('abc')
    expect(name).toBe('stdin')
    expect((await buffer(chunks)).toString()).toBe('abc')
    const terminal = Object.assign(new PassThrough(), {isTTY: true})
    expect(() => openInput({path: '-', what: 'a dump'}, contextWith(terminal))).toThrow(
      'Expected a dump on stdin, got a terminal',
    )
  })

  it('ends by Ctrl-C', async () => {
    execFileSync('mkfifo', [file])
    const reading = buffer(asked(file).chunks)
    stop.abort()
    await expect(reading).rejects.toThrow('aborted')
  })

  test.each([
    ['a folder', () => folder, 'got a directory'],
    ['nothing', () => join(folder, 'none'), 'got ENOENT'],
  ])('is not %s', (_, path, got) => {
    expect(() => asked(path())).toThrow(got)
  })
})
