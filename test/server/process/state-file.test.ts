import {type ChildProcess, execFileSync, spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {afterEach, beforeEach, expect, it} from 'vitest'
import {cleanLeftovers, readStateFiles, StateFile} from '../../../src/server/process/state-file.js'
import {processStart} from '../../../src/server/system/process-start.js'
import {isAlive} from '../../helpers/processes.js'
import {waitFor} from '../../helpers/wait-for.js'

let directory = ''
let env: NodeJS.ProcessEnv = {}
const children: ChildProcess[] = []

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'repbench-state-'))
  env = {XDG_RUNTIME_DIR: directory}
})

afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  rmSync(directory, {recursive: true, force: true})
})

function startChild(): number {
  const child = spawn('sleep', ['600'], {detached: true, stdio: 'ignore'})
  children.push(child)
  return child.pid!
}

/** As if the repbench that wrote it had been another process, which is gone. */
function orphan(path: string, change: (contents: Contents) => void = () => {}): void {
  const contents = JSON.parse(readFileSync(path, 'utf8')) as Contents
  contents.owner.start = 'of a process that is gone'
  change(contents)
  writeFileSync(path, JSON.stringify(contents))
}

interface Contents {
  owner: {pid: number; start: string}
  processes: {pid: number; start: string}[]
}

it('names what runs, and is gone when nothing does', async () => {
  const file = new StateFile(env)
  const pid = startChild()
  file.add({pid, name: 'm1', commandLine: 'sleep 600'})
  expect(await readStateFiles(env)).toEqual([
    {
      file: file.path,
      ownerPid: process.pid,
      ownerRuns: true,
      processes: [{pid, start: processStart(pid), name: 'm1', commandLine: 'sleep 600'}],
    },
  ])
  file.remove(pid)
  expect(readdirSync(dirname(file.path))).toEqual([])
})

it('never kills what a running repbench has', async () => {
  const file = new StateFile(env)
  const pid = startChild()
  file.add({pid, name: 'm1', commandLine: 'sleep 600'})
  const [state] = await readStateFiles(env)
  expect(cleanLeftovers(state!)).toEqual([])
  expect(isAlive(pid)).toBe(true)
  expect(await readStateFiles(env)).toHaveLength(1)
})

it('kills what a crashed repbench has left', async () => {
  const file = new StateFile(env)
  const pid = startChild()
  file.add({pid, name: 'm1', commandLine: 'sleep 600'})
  orphan(file.path)
  const [state] = await readStateFiles(env)
  expect(state).toMatchObject({ownerRuns: false, processes: [{pid}]})
  expect(cleanLeftovers(state!).map(process => process.pid)).toEqual([pid])
  await waitFor(() => expect(isAlive(pid)).toBe(false))
  expect(await readStateFiles(env)).toEqual([])
})

it('leaves a process alone that has got the pid of one that is gone', async () => {
  const file = new StateFile(env)
  const pid = startChild()
  file.add({pid, name: 'm1', commandLine: 'sleep 600'})
  orphan(file.path, ({processes}) => {
    processes[0]!.start = 'of another process'
  })
  const [state] = await readStateFiles(env)
  expect(state!.processes).toEqual([])
  expect(cleanLeftovers({...state!, processes: [{pid, start: 'other', name: 'm1', commandLine: ''}]})).toEqual([])
  expect(isAlive(pid)).toBe(true)
})

it('passes over files that are not its own or broken', async () => {
  const file = new StateFile(env)
  const pid = startChild()
  file.add({pid, name: 'm1', commandLine: 'sleep 600'})
  writeFileSync(join(dirname(file.path), '99-1.json'), '{"owner": 3}')
  writeFileSync(join(dirname(file.path), 'notes.txt'), '')
  symlinkSync(file.path, join(dirname(file.path), '99-2.json'))
  execFileSync('mkfifo', [join(dirname(file.path), '99-3.json')])
  expect(await readStateFiles(env)).toHaveLength(1)
  expect(await readStateFiles({XDG_RUNTIME_DIR: '/nowhere'})).toEqual([])
})

it('does without a directory that cannot be made', () => {
  const file = new StateFile({XDG_RUNTIME_DIR: '/dev/null/nowhere'})
  const pid = startChild()
  file.add({pid, name: 'm1', commandLine: 'sleep 600'})
  file.remove(pid)
})

it('tells processes apart by when they were started', async () => {
  const pid = startChild()
  expect(processStart(pid)).toBe(processStart(pid))
  expect(processStart(pid)).not.toBeNull()
  process.kill(pid, 'SIGKILL')
  await waitFor(() => expect(processStart(pid)).toBeNull())
})
