import {type PaneLine, pane} from '../draw/pane.js'
import type {Binding, Mode} from '../keys/binding.js'
import {bindings, keyName} from '../keys.js'
import {type Area, innerRows} from '../state/layout.js'
import {screens} from '../state/ui-state.js'
import type {Theme} from '../theme.js'

const KEYS_WIDTH = 22

/** A part of the key table under a heading; help and documentation show the same ones. */
export interface KeySection {
  readonly title: string
  readonly bindings: readonly Binding[]
}

export function keySections(): readonly KeySection[] {
  const all: readonly Binding[] = bindings
  const inNav = (binding: Binding) => binding.modes.includes('nav')
  const inMode = (mode: Mode) => all.filter(binding => binding.modes.includes(mode) && !inNav(binding))
  return [
    {title: 'Everywhere', bindings: all.filter(binding => inNav(binding) && binding.screens === undefined)},
    ...screens.map(screen => ({
      title: `Screen ${screen[0]?.toUpperCase()}${screen.slice(1)}`,
      bindings: all.filter(binding => inNav(binding) && binding.screens?.includes(screen)),
    })),
    {title: 'Typing in the Console', bindings: inMode('insert')},
    {title: 'Reading a log', bindings: inMode('log')},
    {title: 'Typing a filter', bindings: inMode('filter')},
    {title: 'Explaining events', bindings: inMode('explain')},
    {title: 'Typing a command', bindings: inMode('command')},
    {title: 'Filling in a form', bindings: inMode('form')},
    {title: 'Reading slab classes', bindings: inMode('slabs')},
    {title: 'Reading a text', bindings: inMode('page')},
    {title: 'Answering a question', bindings: inMode('dialog')},
    {title: 'Reading this help', bindings: inMode('help')},
  ]
}

/** Every key, from the line `from` on. */
export function helpPane(from: number, {width, height}: Area, theme: Theme): string[] {
  const lines = helpLines()
  const rows = innerRows(height)
  const first = Math.max(0, Math.min(from, lines.length - rows))
  const more = lines.length - first - rows
  return pane({
    title: ['Keys'],
    corner: [[more > 0 ? `${more} more lines: j` : 'end', 'dim']],
    lines: lines.slice(first, first + rows),
    width,
    height,
    theme,
  })
}

function helpLines(): PaneLine[] {
  return keySections().flatMap(({title, bindings: rows}): PaneLine[] => [
    [[title, 'strong']],
    ...rows.map(({keys, help}): PaneLine => ['  ', [keys.map(keyName).join(' ').padEnd(KEYS_WIDTH), 'key'], help]),
    [],
  ])
}
