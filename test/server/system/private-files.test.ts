import {
  chmodSync,
  existsSync,
  mkdirSync,
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
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {newLogDirectory} from '../../../src/server/process/log-directory.js'
import {LogFile} from '../../../src/server/process/node-journal.js'
import {appendPrivateFile, makePrivateDirectory, writePrivateFile} from '../../../src/server/system/private-files.js'

let directory = ''

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'repbench-private-'))
})

afterEach(() => rmSync(directory, {recursive: true, force: true}))

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)

describe('a private directory', () => {
  it('is made with those above it, for its owner alone', () => {
    const path = join(directory, 'home', 'repbench', 'runs')
    makePrivateDirectory(path, {root: join(directory, 'home', 'repbench')})
    expect(['home', 'home/repbench', 'home/repbench/runs'].map(name => modeOf(join(directory, name)))).toEqual([
      '700',
      '700',
      '700',
    ])
  })

  it('is narrowed from its root on with all that is in it, and nothing above or behind links', () => {
    const root = join(directory, 'repbench')
    mkdirSync(join(root, 'runs'), {recursive: true})
    mkdirSync(join(root, 'logs', 'old'), {recursive: true})
    writeFileSync(join(root, 'runs', 'a.json'), '{}', {mode: 0o644})
    writeFileSync(join(root, 'logs', 'old', 'm1.log'), 'x', {mode: 0o664})
    const outside = join(directory, 'outside')
    writeFileSync(outside, 'x', {mode: 0o644})
    symlinkSync(outside, join(root, 'runs', 'link.json'))
    chmodSync(directory, 0o755)
    for (const path of ['.', 'runs', 'logs', 'logs/old']) chmodSync(join(root, path), 0o755)
    makePrivateDirectory(join(root, 'runs'), {root})
    for (const path of ['.', 'runs', 'logs', 'logs/old']) expect(modeOf(join(root, path))).toBe('700')
    for (const path of ['runs/a.json', 'logs/old/m1.log']) expect(modeOf(join(root, path))).toBe('600')
    expect([modeOf(directory), modeOf(outside)]).toEqual(['755', '644'])
  })

  it('is not made through a symbolic link', () => {
    const elsewhere = join(directory, 'elsewhere')
    mkdirSync(elsewhere)
    const root = join(directory, 'repbench')
    symlinkSync(elsewhere, root)
    expect(() => makePrivateDirectory(join(root, 'runs'), {root})).toThrow(`got ${root}, a symbolic link`)
    expect(readdirSync(elsewhere)).toEqual([])
    expect(newLogDirectory({XDG_STATE_HOME: directory})).toBeNull()
  })

  it('names the directory that cannot be made, and why', () => {
    writeFileSync(join(directory, 'file'), '')
    expect(() => makePrivateDirectory(join(directory, 'file', 'a', 'b'))).toThrow(/ENOTDIR/)
    expect(() => makePrivateDirectory(join(directory, 'file'))).toThrow('which is none')
  })
})

describe('a private file', () => {
  it('is its owner’s alone, also one that was wider', () => {
    const [added, written] = [join(directory, 'added'), join(directory, 'written')]
    writeFileSync(added, 'a', {mode: 0o644})
    appendPrivateFile(added, 'b')
    writePrivateFile(written, 'c')
    expect([readFileSync(added, 'utf8'), modeOf(added), modeOf(written)]).toEqual(['ab', '600', '600'])
  })

  it('is not written through a symbolic link', () => {
    const target = join(directory, 'target')
    writeFileSync(target, 'mine')
    for (const name of ['added', 'written', `written.${process.pid}.tmp`]) symlinkSync(target, join(directory, name))
    expect(() => appendPrivateFile(join(directory, 'added'), 'x')).toThrow(/ELOOP/)
    writePrivateFile(join(directory, 'written'), 'x')
    expect(readFileSync(target, 'utf8')).toBe('mine')
    const log = new LogFile(join(directory, 'added'))
    log.append(['x'], new Date())
    expect(log.problem).toContain('ELOOP')
    expect(readFileSync(target, 'utf8')).toBe('mine')
  })

  it('leaves nothing unfinished where it cannot be written', () => {
    mkdirSync(join(directory, 'taken'))
    expect(() => writePrivateFile(join(directory, 'taken'), 'x')).toThrow()
    expect(readdirSync(directory)).toEqual(['taken'])
    expect(existsSync(join(directory, 'taken'))).toBe(true)
  })
})
