import {PANE_SIDES, type PaneLine, pane} from '../draw/pane.js'
import {wrapWords} from '../draw/text.js'
import type {Binding, Mode} from '../keys/binding.js'
import {bindings, helpOf, keyName} from '../keys.js'
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

interface HelpData {
  /** First line shown. */
  readonly from: number
  /** Keys that change something do nothing then. */
  readonly readonly: boolean
}

/** Every key that works. */
export function helpPane({from, readonly}: HelpData, {width, height}: Area, theme: Theme): string[] {
  const lines = helpLines(readonly, width - PANE_SIDES)
  const rows = innerRows(height)
  const first = Math.max(0, Math.min(from, lines.length - rows))
  const more = lines.length - first - rows
  return pane({
    title: readonly ? ['Keys', [' without those that change something: --readonly', 'warn']] : ['Keys'],
    corner: [[more > 0 ? `${more} more lines: j` : 'end', 'dim']],
    lines: lines.slice(first, first + rows),
    width,
    height,
    theme,
  })
}

/** Scrolls by lines, within what there is. */
export function scrollHelp({from, readonly}: HelpData, by: number, {width, height}: Area): number {
  const last = Math.max(0, helpLines(readonly, width - PANE_SIDES).length - innerRows(height))
  return Math.min(Math.max(0, Math.min(from, last) + by), last)
}

function helpLines(readonly: boolean, width: number): PaneLine[] {
  return keySections().flatMap(({title, bindings: all}): PaneLine[] => [
    [[title, 'strong']],
    ...all
      .filter(({changes}) => !(readonly && changes === true))
      .flatMap(binding => bindingLines(binding, helpOf(binding, readonly), width)),
    [],
  ])
}

/** Many keys for one thing, or much to say of it, take more lines. */
function bindingLines({keys}: Binding, help: string, width: number): PaneLine[] {
  const names = wrapWords(keys.map(keyName).join(' '), KEYS_WIDTH - 1)
  const texts = wrapWords(help, width - KEYS_WIDTH - 2)
  return Array.from({length: Math.max(names.length, texts.length)}, (_, row): PaneLine => {
    return ['  ', [(names[row] ?? '').padEnd(KEYS_WIDTH), 'key'], texts[row] ?? '']
  })
}
