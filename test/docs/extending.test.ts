import {type ChildProcess, execFileSync, spawn} from 'node:child_process'
import {once} from 'node:events'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {buffer, text} from 'node:stream/consumers'
import {fileURLToPath} from 'node:url'
import {afterEach, describe, expect, it} from 'vitest'
import {Terminal} from '../helpers/tui-terminal.js'

const root = realpathSync(fileURLToPath(new URL('../..', import.meta.url)))
const page = readFileSync(join(root, 'docs/extending.md'), 'utf8')

interface Section {
  /** The files that it says it touches. */
  readonly listed: readonly string[]
  readonly newFiles: readonly {readonly path: string; readonly content: string}[]
  readonly patches: readonly {readonly path: string; readonly content: string}[]
}

/** `## TITLE` with a list of files, blocks whose info string names a new file, and diffs. */
function readSection(title: string): Section {
  const start = page.indexOf(`\n## ${title}\n`)
  const section = page.slice(start, page.indexOf('\n## ', start + 1))
  const blocks = [...section.matchAll(/^```(\w+)(?: (\S+))?\n(.*?)^```$/gms)]
  return {
    listed: [...section.matchAll(/^- `([^`]+)`/gm)].map(([, path]) => path!),
    newFiles: blocks.flatMap(([, , path, content]) => (path === undefined ? [] : [{path, content: content!}])),
    patches: blocks.flatMap(([, kind, , content]) =>
      kind === 'diff' ? [{path: /^\+\+\+ b\/(.+)$/m.exec(content!)![1]!, content: content!}] : [],
    ),
  }
}

let copy: string | null = null
const running: ChildProcess[] = []

afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGKILL')
    await once(child, 'close')
  }
  if (copy !== null) rmSync(copy, {recursive: true, force: true})
  copy = null
})

/** A copy of what the build needs; packages are links, the compiler's notes are the copy's own. */
function copySources(): string {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'repbench-extending-'))
  for (const name of ['src', 'bin', 'scripts', 'package.json', 'tsconfig.json']) {
    cpSync(join(root, name), join(folder, name), {recursive: true})
  }
  mkdirSync(join(folder, 'node_modules/.cache'), {recursive: true})
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name !== '.cache') symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name))
  }
  return folder
}

/** Applies a section of the page to a copy of the sources, and builds it. */
function extend(title: string): string {
  copy = copySources()
  const {newFiles, patches} = readSection(title)
  for (const {path, content} of newFiles) {
    mkdirSync(dirname(join(copy, path)), {recursive: true})
    // A file that is there already is changed, not added.
    writeFileSync(join(copy, path), content, {flag: 'wx'})
  }
  for (const {content} of patches) execFileSync('git', ['apply'], {cwd: copy, input: content})
  for (const args of [[join(root, 'node_modules/typescript/bin/tsc'), '-p', '.'], ['scripts/bundle-ink.ts']]) {
    execFileSync(process.execPath, args, {cwd: copy, encoding: 'utf8'})
  }
  return join(copy, 'bin/repbench.js')
}

function start(bin: string, args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [bin, ...args], {stdio: ['ignore', 'pipe', 'pipe']})
  running.push(child)
  return child
}

async function use(bin: string, ...args: string[]): Promise<{code: number | null; stdout: string; stderr: string}> {
  const child = start(bin, args)
  const [stdout, stderr] = await Promise.all([buffer(child.stdout!), text(child.stderr!), once(child, 'close')])
  return {code: child.exitCode, stdout: stdout.toString(), stderr}
}

describe('docs/extending.md', () => {
  it.each(['A drill', 'A load profile', 'A screen', 'A backend'])('%s: touches the files that it lists', title => {
    const {listed, newFiles, patches} = readSection(title)
    expect(newFiles.length).toBeGreaterThan(0)
    expect(patches).toHaveLength(1)
    expect([...newFiles, ...patches].map(({path}) => path).sort()).toEqual([...listed].sort())
  })

  it('A drill: is listed and runs', async () => {
    const bin = extend('A drill')
    expect((await use(bin, 'drill', '--list')).stdout).toContain('freeze-both')
    const times = ['--before', '500ms', '--hold', '300ms', '--after', '300ms', '--rate', '200', '--keys', '100']
    const {code, stdout, stderr} = await use(bin, 'drill', 'freeze-both', ...times, '--json')
    // How a busy machine does is not the question: 1 = an assertion failed, 3 = unknown.
    expect([0, 1, 3], stderr).toContain(code)
    expect(JSON.parse(stdout)).toMatchObject({command: 'drill'})
    expect(stdout).toContain('kill -STOP m1 s1')
    expect(stdout).toContain('kill -CONT m1 s1')
  })

  it('A load profile: is listed and runs', async () => {
    const bin = extend('A load profile')
    expect((await use(bin, 'profiles')).stdout).toContain('mostly-misses')
    const load = ['load', '--profile', 'mostly-misses', '--topology', 'single', '--duration', '500ms', '--json']
    const {code, stdout, stderr} = await use(bin, ...load)
    expect(code, stderr).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({plan: {name: 'mostly-misses', keyPrefix: 'miss:'}})
  })

  it('A screen: comes at its key and obeys its own', async () => {
    const bin = extend('A screen')
    const terminal = new Terminal({command: [process.execPath, bin]})
    try {
      await terminal.until('1 Nodes')
      terminal.type('6')
      await terminal.until('events by name')
      terminal.type('o')
      await terminal.until('events by count')
      terminal.type('?')
      await terminal.until('order by name, or by count')
    } finally {
      await terminal.close()
    }
  })

  it('A backend: is started with its own arguments', async () => {
    const bin = extend('A backend')
    const child = start(bin, ['up', 'single', '--backend', 'bigvalues'])
    let shown = ''
    for await (const chunk of child.stdout!) {
      shown += chunk
      if (shown.includes('-I 8m')) break
    }
    expect(shown).toContain('-I 8m')
    child.kill('SIGTERM')
    await once(child, 'close')
    // A value that memcached would refuse by default.
    const load = ['load', '--profile', 'smoke', '--topology', 'single', '--sizes', 'd2000000', '--rate', '10']
    const {stdout, stderr} = await use(bin, ...load, '--duration', '500ms', '--backend', 'bigvalues', '--json')
    const {operations} = JSON.parse(stdout)
    expect(operations.ok, stderr).toBeGreaterThan(0)
    expect(operations.errors).toEqual({})
  })
})
