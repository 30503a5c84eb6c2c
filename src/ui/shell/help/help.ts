import {type Binding, helpOf, keyName, type Mode} from '../../core/binding.js'
import type {ScreenId} from '../../core/part-types.js'
import {type Area, innerRows} from '../../draw/layout.js'
import {PANE_SIDES, pane} from '../../draw/pane.js'
import {type Span, wrapWords} from '../../draw/text.js'
import type {Theme} from '../../draw/theme.js'
import {columnWidth, TWO_COLUMNS_FROM, twoColumns} from '../../draw/two-columns.js'
import {screenNamed, screens} from '../commands/screens.js'

const KEYS_WIDTH = 22

/** A part of the key table under a heading; help and documentation show the same ones. */
export interface KeySection {
  readonly title: string
  readonly bindings: readonly Binding[]
}

/** @param all the key table */
export function keySections(all: readonly Binding[]): readonly KeySection[] {
  const inNav = (binding: Binding) => binding.modes.includes('nav')
  const inMode = (mode: Mode) => all.filter(binding => binding.modes.includes(mode) && !inNav(binding))
  return [
    {title: 'Everywhere', bindings: all.filter(binding => inNav(binding) && binding.screens === undefined)},
    ...screens.map(({id}) => ({
      title: titleOf(id),
      bindings: all.filter(binding => inNav(binding) && binding.screens?.includes(id)),
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

/** What works on the screen in sight comes first: most who ask for help ask for that. */
function sectionsOn(screen: ScreenId, table: readonly Binding[]): readonly KeySection[] {
  const title = titleOf(screen)
  const all = keySections(table)
  return [...all.filter(section => section.title === title), ...all.filter(section => section.title !== title)]
}

function titleOf(screen: ScreenId): string {
  return `Screen ${screenNamed(screen).title}`
}

interface HelpData {
  /** The key table. */
  readonly table: readonly Binding[]
  readonly screen: ScreenId
  /** First line shown. */
  readonly from: number
  /** Keys that change something do nothing then. */
  readonly readonly: boolean
}

/** Every key that works. */
export function helpPane({from, ...data}: HelpData, area: Area, theme: Theme): string[] {
  const {width, height} = area
  const lines = helpLines(data, width)
  const room = linesInSight(area)
  const first = Math.max(0, Math.min(from, lines.length - room))
  const more = lines.length - first - room
  return pane({
    title: data.readonly ? ['Keys', [' without those that change something: --readonly', 'warn']] : ['Keys'],
    corner: [[more > 0 ? `${more} more lines: j` : 'end', 'dim']],
    lines: twoColumns(lines.slice(first, first + room), {rows: innerRows(height), width: width - PANE_SIDES}, theme),
    width,
    height,
    theme,
  })
}

/** Scrolls by lines, within what there is. */
export function scrollHelp({from, ...data}: HelpData, by: number, area: Area): number {
  const last = Math.max(0, helpLines(data, area.width).length - linesInSight(area))
  return Math.min(Math.max(0, Math.min(from, last) + by), last)
}

function linesInSight({width, height}: Area): number {
  return innerRows(height) * (width >= TWO_COLUMNS_FROM ? 2 : 1)
}

function helpLines({table, screen, readonly}: Omit<HelpData, 'from'>, paneWidth: number): Span[][] {
  const inner = paneWidth - PANE_SIDES
  const width = paneWidth >= TWO_COLUMNS_FROM ? columnWidth(inner) : inner
  return sectionsOn(screen, table).flatMap(({title, bindings: all}): Span[][] => [
    [[title, 'strong']],
    ...all
      .filter(({changes}) => !(readonly && changes === true))
      .flatMap(binding => bindingLines(binding, helpOf(binding, readonly), width)),
    [],
  ])
}

/** Many keys for one thing, or much to say of it, take more lines. */
function bindingLines({keys}: Binding, help: string, width: number): Span[][] {
  const names = wrapWords(keys.map(keyName).join(' '), KEYS_WIDTH - 1)
  const texts = wrapWords(help, width - KEYS_WIDTH - 2)
  return Array.from({length: Math.max(names.length, texts.length)}, (_, row): Span[] => {
    return ['  ', [(names[row] ?? '').padEnd(KEYS_WIDTH), 'key'], texts[row] ?? '']
  })
}
