import {afterEach, describe, expect, it} from 'vitest'
import {keys, Terminal} from '../helpers/tui-terminal.js'

const SPARE = 12
const terminals: Terminal[] = []

afterEach(async () => {
  await Promise.all(terminals.splice(0).map(terminal => terminal.close()))
})

/** What leads to each picture from the Nodes screen, what it shows, and what leads back. */
const pictures: readonly (readonly [name: string, open: string, shown: RegExp, back: string, left?: RegExp])[] = [
  ['Nodes', '1', /\[1 Nodes][\s\S]*Events/, ''],
  ['the launch form', 'n', /─ Launch nodes ─/, keys.esc],
  ['a log', 'L', /─ Log of m1/, keys.esc],
  ['the explanation of events', 'e', /means/, keys.esc],
  ['the palette', ':', /─ Command ─/, keys.esc],
  ['the help', '?', /─ Keys ─/, '?'],
  ['a question', 'x', /\[> No ]/, 'n'],
  ['Load', '2', /\[2 Load][\s\S]*> smoke/, ''],
  ['a profile', 'e', /─ Run smoke ─/, keys.esc],
  ['Console', '3', /\[3 Console][\s\S]*Connected to/, keys.esc, /enter to type/],
  ['Drill', '4', /\[4 Drill][\s\S]*enter runs /, ''],
  ['the options of a drill', 'e', /─ Drill \S+ ─[\s\S]*topology/, keys.esc],
  ['the history of drills', 'h', /History of drills 0/, 'h'],
  ['Report', '5', /\[5 Report][\s\S]*No runs yet/, ''],
]

describe('every picture', () => {
  it.each([
    [80, 24],
    [100, 30],
    [200, 60],
  ])('fills %i×%i and nothing beside it', async (columns, rows) => {
    const terminal = new Terminal({args: ['--pair'], columns, rows, spare: SPARE})
    terminals.push(terminal)
    await terminal.until('● paired')
    for (const [name, open, shown, back, left] of pictures) {
      terminal.type(open)
      await terminal.until(shown)
      const lines = terminal.lines()
      expect([name, lines[0]]).toEqual([name, expect.stringMatching(/^ repbench /)])
      expect([name, lines[rows - 1]]).not.toEqual([name, ''])
      expect([name, lines.slice(rows).filter(Boolean)]).toEqual([name, []])
      expect([name, lines.map(line => line.slice(columns)).filter(Boolean)]).toEqual([name, []])
      if (back === '') continue
      terminal.type(back)
      await terminal.until(left ?? (text => !shown.test(text)))
    }
  })
})
