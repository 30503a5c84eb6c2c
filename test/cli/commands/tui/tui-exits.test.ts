import {mkdtempSync, readdirSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, describe, expect, it, onTestFinished} from 'vitest'
import {descendantsOf, expectCleanEnd, expectCleanTerminal, expectGone} from '../../../helpers/clean-end.js'
import {childrenOf} from '../../../helpers/processes.js'
import {binPath} from '../../../helpers/run-repbench.js'
import {keys, Terminal, type TerminalOptions} from '../../../helpers/tui-terminal.js'
import {waitFor} from '../../../helpers/wait-for.js'

const terminals: Terminal[] = []

afterEach(async () => {
  await Promise.all(terminals.splice(0).map(terminal => terminal.close()))
})

/** A pair, and every process below the program. */
async function openWithPair(options: TerminalOptions = {}): Promise<{terminal: Terminal; children: number[]}> {
  const terminal = new Terminal({args: ['--pair'], ...options})
  terminals.push(terminal)
  await terminal.until('● paired')
  const children = descendantsOf(terminal.pid)
  expect(children.length).toBeGreaterThanOrEqual(3)
  return {terminal, children}
}

/** The program with a module that each of its threads imports first. */
function preloaded(body: string): [string, ...string[]] {
  const imports = 'import {isMainThread, parentPort, workerData} from "node:worker_threads"'
  return [
    process.execPath,
    '--import',
    `data:text/javascript,${encodeURIComponent(`${imports}\n${body}`)}`,
    binPath,
    '--pair',
  ]
}

function emptyDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'repbench-test-'))
  onTestFinished(() => rmSync(directory, {recursive: true}))
  return directory
}

/** A working directory with a profile of a long load and one of a short load, named so that they come last. */
function profiles(): string {
  const cwd = emptyDirectory()
  writeFileSync(join(cwd, 'zz-long.yaml'), 'extends: smoke\nduration: 10m\n')
  writeFileSync(join(cwd, 'zz-short.yaml'), 'extends: smoke\nduration: 200ms\n')
  return cwd
}

async function startLoad(terminal: Terminal, profile: 'zz-long' | 'zz-short'): Promise<void> {
  terminal.type('2')
  await terminal.until('zz-short.yaml')
  terminal.type('j'.repeat(20))
  await terminal.until('> ./zz-short.yaml')
  if (profile === 'zz-long') terminal.type('k')
  await terminal.until(`> ./${profile}.yaml`)
  terminal.type('b')
  await terminal.until(new RegExp(`Run #1 ./${profile}.yaml (RUNNING|ENDED)`))
}

describe('the end', () => {
  it.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGINT', 130],
  ] as const)('on %s is clean', async (signal, exitCode) => {
    const runtime = emptyDirectory()
    const {terminal, children} = await openWithPair({env: {XDG_RUNTIME_DIR: runtime}})
    terminal.signal(signal)
    // The shell, the kernel and tmux each send one when a terminal goes.
    if (signal === 'SIGHUP') for (const again of [signal, signal]) terminal.signal(again)
    await expectCleanEnd(terminal, children, exitCode)
    expect(readdirSync(join(runtime, 'repbench'))).toEqual([])
  })

  it('on Ctrl-C is clean, from within a dialog too', async () => {
    const {terminal, children} = await openWithPair()
    terminal.type('x')
    await terminal.until('[> No ]')
    terminal.type(keys.ctrl('c'))
    await expectCleanEnd(terminal, children, 130)
  })

  it.each([
    ['an exception', 'throw new Error("boom")'],
    ['an unhandled rejection', 'Promise.reject(new Error("boom"))'],
    ['an exception while drawing', 'Array.prototype.findLast=()=>{throw new Error("boom")}'],
  ])('on %s is clean, and says what happened', async (_, body) => {
    const command = preloaded(`if (isMainThread) process.on("SIGUSR2", () => {${body}})`)
    const {terminal, children} = await openWithPair({command})
    terminal.signal('SIGUSR2')
    await expectCleanEnd(terminal, children, 70)
    expect(terminal.text()).toContain('repbench: internal error: boom')
  })

  it('by kill -9 leaves no node behind, nor the file that names them', async () => {
    const runtime = emptyDirectory()
    const {terminal, children} = await openWithPair({env: {XDG_RUNTIME_DIR: runtime}})
    expect(readdirSync(join(runtime, 'repbench'))).toHaveLength(1)
    terminal.signal('SIGKILL')
    await terminal.exit
    await expectGone(children)
    expect(readdirSync(join(runtime, 'repbench'))).toEqual([])
  })

  it('on a signal that nobody handles is clean too', async () => {
    const {terminal, children} = await openWithPair()
    terminal.signal('SIGQUIT')
    expect(await terminal.exit).toMatchObject({signal: 3})
    expectCleanTerminal(terminal)
    await expectGone(children)
  })

  it.each(['once', 'twice'])('on Ctrl-C, %s while a load runs, is clean', async times => {
    const {terminal, children} = await openWithPair({cwd: profiles()})
    await startLoad(terminal, 'zz-long')
    // In one write: a second one that is read apart may come after the end has begun.
    terminal.type(keys.ctrl('c').repeat(times === 'twice' ? 2 : 1))
    await expectCleanEnd(terminal, children, 130)
  })

  it('on SIGTERM in a drill leaves no node behind', async () => {
    const terminal = new Terminal()
    terminals.push(terminal)
    await terminal.until(/n\s+launches an embedded/)
    terminal.type('4')
    await terminal.until(/enter runs \S+ on/)
    terminal.type(keys.enter)
    await terminal.until(/RUNNING[\s\S]*before/)
    const children = descendantsOf(terminal.pid)
    terminal.signal('SIGTERM')
    await expectCleanEnd(terminal, children, 143)
  })

  it('of its terminal, while a load runs, is the end of all', async () => {
    const {terminal, children} = await openWithPair({cwd: profiles()})
    await startLoad(terminal, 'zz-long')
    terminal.hangUp()
    expect(await terminal.exit).toMatchObject({exitCode: 129})
    await expectGone(children)
  })
})

describe('what fails elsewhere is told, and the program goes on:', () => {
  it.each([
    ['throws', 'throw new Error("boom")', 'load thread failed: Error: boom'],
    ['ends', 'process.exit(3)', 'load thread exited with code 3 before it finished'],
  ])('a load thread that %s', async (_, body, told) => {
    // A thread is told when the rate changes.
    const inThread = `if (!isMainThread && workerData?.targets) parentPort.on("message", ({type}) => { if (type === "rate") ${body} })`
    const {terminal, children} = await openWithPair({command: preloaded(inThread), cwd: profiles()})
    await startLoad(terminal, 'zz-long')
    terminal.type('+')
    await terminal.until(text => /Run #1 \S+ FAILED/.test(text) && text.includes(told))
    terminal.type('b')
    await terminal.until(/Run #2 \S+ RUNNING/)
    terminal.type(keys.ctrl('c'))
    await expectCleanEnd(terminal, children, 130)
  })

  it('a node that an exception ends', async () => {
    const body = 'if (process.argv[2] === "node") process.on("SIGUSR2", () => { throw new Error("boom") })'
    const preload = `--import data:text/javascript,${encodeURIComponent(body)}`
    const {terminal, children} = await openWithPair({env: {NODE_OPTIONS: preload}})
    const slave = childrenOf(terminal.pid).find(({commandLine}) => commandLine.includes('-l 127.0.0.2'))
    process.kill(slave!.pid, 'SIGUSR2')
    await terminal.until(/s1 .*DEAD[\s\S]*s1 +died: exit code 70, saying: repbench: internal error: boom/)
    terminal.type('jr')
    await terminal.until(/m1 .*paired master[\s\S]*s1 .*paired slave/)
    terminal.type('q')
    await terminal.until('[> No ]')
    terminal.type('y')
    await expectCleanEnd(terminal, children, 0)
  })

  it.each<[string, TerminalOptions, string]>([
    ['a state directory that cannot be', {env: {XDG_STATE_HOME: '/dev/null/nowhere'}}, 'ENOTDIR'],
    [
      'a disk that takes nothing',
      {command: ['/bin/sh', '-c', 'ulimit -f 0; exec "$0" "$@"', process.execPath, binPath, '--pair']},
      'EFBIG',
    ],
  ])('%s', async (_, options, code) => {
    const {terminal, children} = await openWithPair({...options, cwd: profiles()})
    await startLoad(terminal, 'zz-short')
    await terminal.until(new RegExp(`ENDED pass[\\s\\S]*not saved: ${code}: `))
    terminal.type(keys.ctrl('c'))
    await expectCleanEnd(terminal, children, 130)
    expect(terminal.text()).toMatch(/verdict +pass/)
  })

  it('what is printed meanwhile, when the picture is gone', async () => {
    const body = `let count = 0
if (isMainThread && process.argv[2] !== "node") process.on("SIGUSR2", () => {
  const [warn, log, raw] = [() => process.emitWarning("careful"), () => console.log("logged"), () => process.stderr.write("raw")]
  ;[warn, log, raw][count++]()
  setImmediate(() => process.title = "told " + count)
})`
    const {terminal, children} = await openWithPair({command: preloaded(body), spare: 5})
    for (const [, count] of [1, 2, 3].entries()) {
      terminal.signal('SIGUSR2')
      await waitFor(() =>
        expect(childrenOf(process.pid).some(({commandLine}) => commandLine.startsWith(`told ${count}`))).toBe(true),
      )
    }
    terminal.signal('SIGUSR1')
    terminal.type('?')
    await terminal.until('─ Keys ─')
    expect(terminal.lines()[0]).toMatch(/^ repbench \[1 Nodes]/)
    expect(terminal.lines().slice(30)).toEqual(Array(5).fill(''))
    terminal.type(keys.ctrl('c'))
    await expectCleanEnd(terminal, children, 130)
    expect(terminal.text()).toMatch(/Warning: careful[\s\S]*logged\nraw/)
    expect(terminal.written).not.toContain('Debugger')
  })
})
