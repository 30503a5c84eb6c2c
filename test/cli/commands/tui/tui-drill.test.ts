import {afterEach, describe, expect, it} from 'vitest'
import {fillField, markField} from '../../../helpers/mark-field.js'
import {keys, Terminal, type TerminalOptions} from '../../../helpers/tui-terminal.js'

const terminals: Terminal[] = []

afterEach(async () => {
  await Promise.all(terminals.splice(0).map(terminal => terminal.close()))
})

function open(options: TerminalOptions): Terminal {
  const terminal = new Terminal(options)
  terminals.push(terminal)
  return terminal
}

/** Opens the form of a drill, with times as short as the drill bears. */
async function openForm(terminal: Terminal, drill: string): Promise<void> {
  terminal.type('4')
  await terminal.until(/> calm/)
  while (!(await terminal.until(/│ {2}> \S+/)).includes(`> ${drill} `)) {
    const marked = /│ {2}> (\S+)/.exec(terminal.text())?.[1]
    terminal.type('j')
    await terminal.until(shown => /│ {2}> (\S+)/.exec(shown)?.[1] !== marked)
  }
  terminal.type('e')
  await terminal.until(`Drill ${drill}`)
  for (const [name, text] of [
    ['keys', '100'],
    ['before', '300ms'],
    ['hold', '300ms'],
    ['after', '300ms'],
  ] as const)
    await fillField(terminal, name, text)
}

describe('a drill from its form', () => {
  it('runs on a pair that is there, which goes on as it was', async () => {
    const terminal = open({args: ['--pair'], columns: 120, rows: 40})
    await terminal.until('● paired')
    await openForm(terminal, 'calm')
    await markField(terminal, 'on')
    terminal.type(keys.right)
    await terminal.until(/> on +\*‹ m1 and s1 ›[\s\S]*= repbench drill calm --server \S+ --server \S+ --keys 100/)
    terminal.type(keys.enter)
    const text = await terminal.until(/ (PASS|FAIL|UNKNOWN) {3}/)
    expect(text).toMatch(/PASS {3}all assertions passed[\s\S]*drill calm on attached/)
    terminal.type('1')
    await terminal.until(/m1 [\s\S]*up[\s\S]*s1 [\s\S]*up[\s\S]*● paired|● paired[\s\S]*m1/)
  }, 120_000)

  it.skipIf(process.env.REPCACHED_BIN === undefined)(
    'runs on a real repcached pair of its own',
    async () => {
      const terminal = open({columns: 100, rows: 30})
      await terminal.until('No nodes yet')
      await openForm(terminal, 'kill-slave')
      await markField(terminal, 'topology')
      terminal.type('r')
      await terminal.until(/> topology +\*‹ repcached ›[\s\S]*repbench drill kill-slave --topology repcached/)
      terminal.type(keys.enter)
      const text = await terminal.until(/ (PASS|FAIL|UNKNOWN) {3}[\s\S]*drill kill-slave on repcached/)
      expect(text).toMatch(/m1 +repcached[\s\S]*s1 +repcached/)
      expect(text).not.toContain(' UNKNOWN ')
    },
    120_000,
  )
})
