import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {open} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {Writable} from 'node:stream'
import {setImmediate as nextTurn} from 'node:timers/promises'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {PartFile, StreamOutput} from '../../../../src/engine/transfer/dump/dump-output.js'

let folder = ''
let path = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'repbench-dump-'))
  path = join(folder, 'x.dump')
})
afterEach(() => rmSync(folder, {recursive: true}))

describe('a dump file', () => {
  it('appears when it is complete', async () => {
    writeFileSync(path, 'former')
    const output = await PartFile.open(path)
    await output.write(Buffer.from('new '))
    await output.write(Buffer.from('dump'))
    expect(readFileSync(path, 'utf8')).toBe('former')
    await output.complete()
    expect(readFileSync(path, 'utf8')).toBe('new dump')
    expect(readdirSync(folder)).toEqual(['x.dump'])
  })

  it('is kept beside the former one when it is interrupted', async () => {
    writeFileSync(path, 'former')
    const output = await PartFile.open(path)
    await output.write(Buffer.from('new'))
    expect(await output.interrupt()).toBe(`${path}.part`)
    expect(readFileSync(`${path}.part`, 'utf8')).toBe('new')
    expect(readFileSync(path, 'utf8')).toBe('former')
    // The next dump begins anew.
    const next = await PartFile.open(path)
    expect(readFileSync(`${path}.part`, 'utf8')).toBe('')
    await next.complete()
    expect(readdirSync(folder)).toEqual(['x.dump'])
  })

  it('that another dump has taken the place of is left to it', async () => {
    const first = await PartFile.open(path)
    const second = await PartFile.open(path)
    await second.write(Buffer.from('second'))
    await expect(first.complete()).rejects.toThrow(
      `Expected to write ${path}.part, got the file of another dump, which runs at the same time; nothing of it is left`,
    )
    await second.complete()
    expect(readFileSync(path, 'utf8')).toBe('second')
  })

  it.each([
    ['a folder that is none', () => join(folder, 'none', 'x.dump'), 'ENOENT'],
    ['a name that is too long', () => join(folder, 'x'.repeat(300)), 'ENAMETOOLONG'],
  ])('in %s is refused', async (_, place, code) => {
    await expect(PartFile.open(place())).rejects.toThrow(`Expected to write ${place()}.part, got ${code}`)
  })

  it('leaves nothing on a full disk, and the former one as it was', async () => {
    writeFileSync(path, 'former')
    const openFile: typeof open = async (...args) => {
      const file = await open(...args)
      file.write = async () => {
        throw Object.assign(new Error('ENOSPC: no space left on device, write'), {code: 'ENOSPC', syscall: 'write'})
      }
      return file
    }
    const output = await PartFile.open(path, {openFile})
    await expect(output.write(Buffer.from('x'))).rejects.toThrow(
      `Expected to write ${path}.part, got ENOSPC: no space left on device, write; nothing of it is left`,
    )
    expect(existsSync(`${path}.part`)).toBe(false)
    expect(readFileSync(path, 'utf8')).toBe('former')
  })
})

describe('a stream', () => {
  it('is written at the speed of its reader', async () => {
    const taken: (() => void)[] = []
    const stream = new Writable({highWaterMark: 1, write: (_chunk, _encoding, done) => taken.push(done)})
    const output = new StreamOutput({name: 'stdout', stream})
    let isWritten = false
    const written = output.write(Buffer.from('a')).then(() => {
      isWritten = true
    })
    await nextTurn()
    expect(isWritten).toBe(false)
    taken.shift()!()
    await written
    await output.complete()
    expect(stream.writableEnded).toBe(false)
    expect(await output.interrupt()).toBeNull()
  })

  it('whose reader is gone is told', async () => {
    const stream = new Writable({
      write: (_chunk, _encoding, done) => done(Object.assign(new Error('write EPIPE'), {code: 'EPIPE'})),
    })
    const output = new StreamOutput({name: 'stdout', stream})
    const text = 'Expected to write stdout, got no reader any more (EPIPE)'
    await expect(output.write(Buffer.from('x'))).rejects.toThrow(text)
    await expect(output.write(Buffer.from('x'))).rejects.toThrow(text)
  })

  it('that tells its errors by a signal is told, also afterwards', async () => {
    const failed = new AbortController()
    const stream = new Writable({
      write(_chunk, _encoding, done) {
        failed.abort(new Error('ENOSPC: no space left on device, write'))
        done()
      },
    })
    const output = new StreamOutput({name: 'stdout', stream, failed: failed.signal})
    for (const each of [output, new StreamOutput({name: 'stdout', stream, failed: failed.signal})]) {
      await expect(each.write(Buffer.from('y'))).rejects.toThrow('Expected to write stdout, got ENOSPC')
    }
  })

  it('whose reader takes nothing is not waited for once it is to stop', async () => {
    const stop = new AbortController()
    const stream = new Writable({write: () => {}})
    const output = new StreamOutput({name: 'stdout', stream, signal: stop.signal})
    const writing = output.write(Buffer.from('x'))
    stop.abort()
    await writing
    await output.write(Buffer.from('y'))
    expect(stream.writableLength).toBe(1)
    await expect(output.complete()).rejects.toThrow('abort')
  })
})
