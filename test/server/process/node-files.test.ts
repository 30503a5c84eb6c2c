import {existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {newLogDirectory} from '../../../src/server/process/log-directory.js'
import {LogFile, NodeJournal} from '../../../src/server/process/node-journal.js'
import {runtimeDirectory, stateDirectory} from '../../../src/server/system/state-directory.js'

let directory = ''
const at = new Date('2026-01-02T03:04:05.006Z')

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'repbench-files-'))
})

afterEach(() => rmSync(directory, {recursive: true, force: true}))

describe('LogFile', () => {
  it('writes lines with their time, and goes on where it was', () => {
    const path = join(directory, 'deep', 'm1.log')
    new LogFile(path).append(['one', 'two'], at)
    new LogFile(path).append(['three'], at)
    expect(readFileSync(path, 'utf8')).toBe(
      '2026-01-02T03:04:05.006Z one\n2026-01-02T03:04:05.006Z two\n2026-01-02T03:04:05.006Z three\n',
    )
  })

  it('keeps the newest in two files of bounded size', () => {
    const path = join(directory, 'm1.log')
    const file = new LogFile(path, {maxBytes: 1000})
    for (let i = 0; i < 500; i++) file.append([`line ${i}`], at)
    expect(statSync(path).size).toBeLessThanOrEqual(1000)
    expect(statSync(`${path}.1`).size).toBeLessThanOrEqual(1000)
    expect(readFileSync(path, 'utf8')).toMatch(/line 499\n$/)
    expect(readdirSync(directory).toSorted()).toEqual(['m1.log', 'm1.log.1'])
  })

  it('gives up on a disk that takes nothing, and says why', () => {
    const file = new LogFile('/dev/null/nowhere/m1.log')
    file.append(['one'], at)
    file.append(['two'], at)
    expect(file.problem).toContain('/dev/null/nowhere')
  })
})

describe('NodeJournal', () => {
  it('has no file to name when the disk takes none', () => {
    const journal = new NodeJournal('/dev/null/nowhere/m1.log')
    journal.append(['one'])
    expect(journal.path).toBeNull()
    expect(journal.lines().map(({text}) => text)).toEqual(['one'])
  })

  it('keeps the newest thousand lines, also of one big piece', () => {
    const journal = new NodeJournal(null)
    journal.append(Array.from({length: 2500}, (_, i) => `line ${i}`))
    journal.append(['last'])
    expect(journal.lines()).toHaveLength(1000)
    expect(journal.lines().at(-1)?.text).toBe('last')
    expect(journal.lastLines({since: 0, count: 2})).toEqual(['line 2499', 'last'])
  })
})

describe('newLogDirectory', () => {
  it('makes room by the oldest, but not those of a process that runs, nor what is not ours', () => {
    const logs = join(directory, 'repbench', 'logs')
    const old = (day: number, pid: number) => `2026-01-${String(day).padStart(2, '0')}T00-00-00.000Z-${pid}-1`
    const names = Array.from({length: 25}, (_, index) => old(index + 1, index === 0 ? process.pid : 4_194_303))
    for (const name of [...names, 'mine']) mkdirSync(join(logs, name), {recursive: true})
    writeFileSync(join(logs, names[1]!, 'm1.log'), 'text')
    const path = newLogDirectory({XDG_STATE_HOME: directory})!
    expect(existsSync(path)).toBe(false)
    expect(readdirSync(logs).toSorted()).toEqual([names[0], ...names.slice(5), 'mine'])
  })

  it('is another one each time', () => {
    const env = {XDG_STATE_HOME: directory}
    expect(newLogDirectory(env)).not.toBe(newLogDirectory(env))
  })
})

it('finds its directories as the XDG specification says', () => {
  expect(stateDirectory({XDG_STATE_HOME: '/state'})).toBe('/state/repbench')
  expect(stateDirectory({XDG_STATE_HOME: 'relative'})).toMatch(/\/\.local\/state\/repbench$/)
  expect(runtimeDirectory({XDG_RUNTIME_DIR: '/run/user/1'})).toBe('/run/user/1/repbench')
  expect(runtimeDirectory({XDG_STATE_HOME: '/state'})).toBe('/state/repbench/running')
})
