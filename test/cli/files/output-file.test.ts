import {execFileSync, spawn} from 'node:child_process'
import {once} from 'node:events'
import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {text} from 'node:stream/consumers'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {OutputFile, writeOutputFile} from '../../../src/cli/files/output-file.js'

let directory = ''

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'repbench-out-'))
})

afterEach(() => rmSync(directory, {recursive: true, force: true}))

const open = (name: string) => new OutputFile({option: '--out', path: join(directory, name)})

describe('a file that was asked for', () => {
  test('is there when it is complete, not before', async () => {
    const file = open('report.json')
    file.add('a')
    file.add('b'.repeat(200_000))
    expect(readdirSync(directory)).not.toContain('report.json')
    await file.complete()
    expect(readdirSync(directory)).toEqual(['report.json'])
    expect(readFileSync(join(directory, 'report.json'), 'utf8')).toBe(`a${'b'.repeat(200_000)}`)
  })

  test('stays what it was where nothing comes of it, and is not there where it was not', () => {
    writeFileSync(join(directory, 'before'), 'mine')
    for (const name of ['before', 'never']) open(name).abandon()
    expect(readdirSync(directory)).toEqual(['before'])
    expect(readFileSync(join(directory, 'before'), 'utf8')).toBe('mine')
  })

  test('keeps its mode, and the link that leads to it', async () => {
    const path = join(directory, 'file')
    writeFileSync(path, 'before')
    chmodSync(path, 0o640)
    symlinkSync('file', join(directory, 'link'))
    await writeOutputFile({option: '--out', path: join(directory, 'link'), text: 'after'})
    expect([readFileSync(path, 'utf8'), statSync(path).mode & 0o777]).toEqual(['after', 0o640])
    expect(lstatSync(join(directory, 'link')).isSymbolicLink()).toBe(true)
  })

  test('is refused before a long run where it cannot be written', () => {
    expect(() => open('nowhere/file')).toThrow(/^Expected a writable --out file, got ENOENT/)
    expect(() => open('.')).toThrow('got a directory')
  })

  test('says that the disk is full, and costs nobody the rest', async () => {
    const file = new OutputFile({option: '--findings', path: '/dev/full'})
    file.add('x'.repeat(100_000))
    file.add('more')
    await expect(file.complete()).rejects.toThrow(
      /^Expected a writable --findings file, got write: no space left on device/,
    )
  })
})

describe('a pipe', () => {
  test('with a slow reader gets all', async () => {
    const path = join(directory, 'pipe')
    execFileSync('mkfifo', [path])
    const reader = spawn('sh', ['-c', 'wc -c < "$1"', 'sh', path], {stdio: ['ignore', 'pipe', 'inherit']})
    const said = text(reader.stdout!)
    // Until the shell has opened it there is no reader.
    const file = await retry(() => open('pipe'))
    file.add('x'.repeat(1_000_000))
    await file.complete()
    expect((await said).trim()).toBe('1000000')
    if (reader.exitCode === null) await once(reader, 'exit')
  })

  test('without a reader is not waited for', () => {
    execFileSync('mkfifo', [join(directory, 'pipe')])
    expect(() => open('pipe')).toThrow(/ENXIO/)
  })
})

async function retry<Result>(body: () => Result): Promise<Result> {
  for (;;) {
    try {
      return body()
    } catch {
      await new Promise(resolve => setTimeout(resolve, 5))
    }
  }
}
