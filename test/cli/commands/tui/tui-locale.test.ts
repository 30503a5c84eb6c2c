import {afterEach, describe, expect, it} from 'vitest'
import {speaksUtf8} from '../../../../src/cli/commands/tui/speaks-utf8.js'
import {keys, Terminal} from '../../../helpers/tui-terminal.js'

let terminal: Terminal | undefined

afterEach(() => terminal?.close())

describe('the locale', () => {
  it.each([
    [{}, true],
    [{LC_ALL: '', LANG: ''}, true],
    [{LANG: 'en_US.UTF-8'}, true],
    [{LANG: 'C.utf8'}, true],
    [{LANG: 'C'}, false],
    [{LANG: 'de_DE.ISO-8859-1'}, false],
    [{LANG: 'en_US.UTF-8', LC_CTYPE: 'POSIX'}, false],
    [{LANG: 'C', LC_CTYPE: 'POSIX', LC_ALL: 'C.UTF-8'}, true],
  ])('%j', (env, utf8) => expect(speaksUtf8(env)).toBe(utf8))
})

it('a terminal without UTF-8 gets ASCII, in frames that fit as they do elsewhere', async () => {
  terminal = new Terminal({args: ['--pair'], env: {LC_ALL: 'C'}, spare: 6})
  await terminal.until('* paired')
  await terminal.until(/\+- Topology -+\+/)
  terminal.type('3')
  await terminal.until("Escape character is '^]'.")
  terminal.type(`set schlüssel 0 0 2${keys.enter}üx${keys.enter}`)
  await terminal.until(/\+ schl.*ssel same as|STORED|ERROR/)
  terminal.type(`${keys.esc}2`)
  await terminal.until('> smoke')
  terminal.type('b')
  await terminal.until(/Run #1 smoke ENDED/)
  for (const [key, shown] of [
    ['4', '[4 Drill]'],
    ['5', '[5 Report]'],
    ['?', '- Keys -'],
  ] as const) {
    terminal.type(key)
    await terminal.until(shown)
  }
  for (const line of terminal.lines().slice(1, 29)) expect(line).toMatch(/^[|+].{98}[|+]$/)
  terminal.type(keys.ctrl('c'))
  expect(await terminal.exit).toMatchObject({exitCode: 130})
  expect(terminal.text()).toMatch(/verdict +pass/)
  // The terminal itself shows what is typed when the program no longer reads.
  expect(terminal.written.match(/[^\0-\u007F]/gu)).toBeNull()
})
