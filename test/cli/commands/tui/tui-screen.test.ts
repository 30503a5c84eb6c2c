import {spawnSync} from 'node:child_process'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect, it, onTestFinished} from 'vitest'
import {binPath} from '../../../helpers/run-repbench.js'
import {keys, Terminal, type TerminalOptions} from '../../../helpers/tui-terminal.js'

const hasScreen = spawnSync('screen', ['-v'], {stdio: 'ignore'}).error === undefined

/** What starts and joins a session of GNU screen that the test's end closes. */
function screenSession(): (args: readonly string[], options?: TerminalOptions) => Terminal {
  const directory = mkdtempSync(join(tmpdir(), 'repbench-screen-'))
  const settings = join(directory, 'screenrc')
  writeFileSync(settings, 'startup_message off\n')
  const env = {SCREENDIR: join(directory, 'sessions'), PS1: 'shell> ', ENV: ''}
  const terminals: Terminal[] = []
  onTestFinished(async () => {
    await Promise.all(terminals.map(terminal => terminal.close()))
    spawnSync('screen', ['-S', 'test', '-X', 'quit'], {env: {...process.env, ...env}})
    rmSync(directory, {recursive: true})
  })
  return (args, options) => {
    const terminal = new Terminal({command: ['screen', '-U', '-c', settings, ...args], env, ...options})
    terminals.push(terminal)
    return terminal
  }
}

it.skipIf(!hasScreen)('runs in GNU screen, is taken up again in another window, and leaves a clean shell', async () => {
  const open = screenSession()
  const first = open(['-S', 'test', '-s', '/bin/sh'])
  await first.until('shell> ')
  first.type(`${process.execPath} ${binPath} --pair\r`)
  await first.until(/^ repbench \[1 Nodes].* ● paired\n/)
  await first.until(new RegExp(`\n└${'─'.repeat(98)}┘\n`))
  first.type(`${keys.ctrl('a')}d`)
  expect(await first.exit).toMatchObject({exitCode: 0})
  const second = open(['-r', 'test'], {columns: 90, rows: 28})
  await second.until(new RegExp(`^ repbench \\[1 Nodes][\\s\\S]*\n└${'─'.repeat(88)}┘\n`))
  second.resize(80, 24)
  await second.until(new RegExp(`^ repbench \\[1 Nodes][\\s\\S]*\n└${'─'.repeat(78)}┘\n.*\n?$`))
  second.type('q')
  await second.until('[> No ]')
  second.type('y')
  // No alternate screen is left here: the last picture is erased.
  expect((await second.until(/shell> \s*$/)).trim()).toBe('shell>')
  second.type('echo typed and seen\r')
  await second.until(/\ntyped and seen\n/)
  second.type('exit\r')
  expect(await second.exit).toMatchObject({exitCode: 0})
})
