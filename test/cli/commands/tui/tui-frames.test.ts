import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, describe, expect, it, onTestFinished} from 'vitest'
import {keys, Terminal, type TerminalOptions} from '../../../helpers/tui-terminal.js'

const SPARE = 12
const terminals: Terminal[] = []

afterEach(async () => {
  await Promise.all(terminals.splice(0).map(terminal => terminal.close()))
})

/** A pair, in a directory with a profile that runs for long and is listed last. */
async function openPair(options: TerminalOptions): Promise<Terminal> {
  const cwd = mkdtempSync(join(tmpdir(), 'repbench-test-'))
  onTestFinished(() => rmSync(cwd, {recursive: true}))
  writeFileSync(join(cwd, 'zz.yaml'), 'extends: smoke\nduration: 10m\n')
  const terminal = new Terminal({args: ['--pair'], cwd, ...options})
  terminals.push(terminal)
  await terminal.until('● paired')
  return terminal
}

/** What leads to each picture from the Nodes screen, what it shows, and what leads back. */
const pictures: readonly (readonly [name: string, open: string, shown: RegExp, back: string, left?: RegExp])[] = [
  ['Nodes', '1', /\[1 Nodes][\s\S]*Events/, ''],
  ['the launch form', 'n', /─ Launch nodes ─/, keys.esc],
  ['the form of an address', 'a', /─ Attach to running nodes ─/, keys.esc],
  ['all of a node', keys.enter, /─ Details of m1/, keys.esc],
  ['slab classes', 's', /─ Slab classes of m1/, keys.esc],
  ['a log', 'L', /─ Log of m1/, keys.esc],
  ['the explanation of events', 'e', /means/, keys.esc],
  ['a pane alone', 'f', /^(?![\s\S]*─ Events ─)[\s\S]*Nodes 2/, 'f'],
  ['the palette', ':', /─ Command ─/, keys.esc],
  ['the help', '?', /─ Keys ─/, '?'],
  ['a question', 'x', /\[> No ]/, 'n'],
  ['Load', '2', /\[2 Load][\s\S]*> smoke/, ''],
  ['a profile', 'e', /─ Run smoke ─/, keys.esc],
  ['Console', '3', /\[3 Console][\s\S]*Connected to/, keys.esc, /enter to type/],
  ['the form of a session', keys.ctrl('o'), /─ Open /, keys.esc],
  ['Drill', '4', /\[4 Drill][\s\S]*enter runs /, ''],
  ['the options of a drill', 'e', /─ Drill \S+ ─[\s\S]*topology/, keys.esc],
  ['the history of drills', 'h', /History of drills 0/, 'h'],
  ['Report', '5', /\[5 Report][\s\S]*No runs yet/, ''],
  ['Load again', '2', /\[2 Load][\s\S]*> smoke/, ''],
  ['the last profile', 'j'.repeat(20), /> \.\/zz\.yaml/, ''],
  ['a run', 'b', /Run #1 \.\/zz\.yaml +RUNNING/, ''],
  ['the table of a run alone', 'f', /─ Latency ms/, 'f', /RUNNING/],
  ['a run from the Nodes', '1', /\[1 Nodes]/, ''],
  ['the question at the end', 'q', /\[> No ]/, 'n'],
]

describe('every picture', () => {
  it.each([
    [60, 15],
    [80, 24],
    [100, 30],
    [200, 60],
  ])('fills %i×%i and nothing beside it', async (columns, rows) => {
    const terminal = await openPair({columns, rows, spare: SPARE})
    for (const [name, open, shown, back, left] of pictures) {
      terminal.type(open)
      const lines = (await terminal.until(shown)).split('\n')
      expect([name, lines[0]]).toEqual([name, expect.stringMatching(/^ repbench /)])
      expect([name, lines[rows - 1]]).not.toEqual([name, ''])
      if (back === '') continue
      terminal.type(back)
      await terminal.until(left ?? (text => !shown.test(text)))
    }
    expect(terminal.beside).toEqual([])
  })
})

/** Whether the picture is one for a window of this size, with nothing moved out of its place. */
function fits(columns: number, rows: number): (text: string) => boolean {
  return text => {
    const lines = text.split('\n')
    if (columns < 60 || rows < 15) return lines[0]!.startsWith('Window too small') && lines.slice(3).join('') === ''
    const isFramed = lines.every(line => line.length <= columns && (!/^[┌│└]/.test(line) || line.length === columns))
    return (
      / paired$/.test(lines[0]!) &&
      isFramed &&
      lines.includes(`└${'─'.repeat(columns - 2)}┘`) &&
      / quit$/.test(lines.at(-1)!)
    )
  }
}

it('the window may change its size a hundred times while a load runs', async () => {
  const terminal = await openPair({})
  terminal.type('2')
  await terminal.until('zz.yaml')
  terminal.type('j'.repeat(20))
  await terminal.until('> ./zz.yaml')
  terminal.type('b')
  await terminal.until(/RUNNING/)
  const sizes = [
    [80, 24],
    [59, 14],
    [200, 60],
    [60, 15],
    [100, 30],
    [40, 10],
    [132, 43],
  ] as const
  for (let index = 0; index < 100; index += 1) {
    const [columns, rows] = sizes[index % sizes.length]!
    terminal.resize(columns, rows)
    // Some follow each other before the program can draw anything.
    if (index % 5 === 0) await terminal.until(fits(columns, rows))
  }
  terminal.resize(80, 24)
  await terminal.until(fits(80, 24))
  expect(terminal.text()).toContain('RUNNING')
  terminal.type(keys.ctrl('c'))
  await terminal.exit
  // Nothing of the pictures is left above what is told at the end.
  expect(terminal.buffer.getLine(0)?.translateToString(true)).toMatch(/^zz → 127\.0\.0\.1:\d+ /)
})
