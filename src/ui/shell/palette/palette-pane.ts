import {keyName} from '../../core/binding.js'
import type {UiState} from '../../core/ui-state.js'
import {type Area, innerRows} from '../../draw/layout.js'
import {type PaneLine, pane} from '../../draw/pane.js'
import {padTo} from '../../draw/text.js'
import type {Theme} from '../../draw/theme.js'
import type {Palette} from '../commands/palette-state.js'
import {paletteEntries} from './palette.js'

const NAME_WIDTH = 26
const KEYS_WIDTH = 10

/** What is being typed, and what it may become. */
export function palettePane(
  {text, marked}: Palette,
  {area: {width, height}, ...state}: Pick<UiState, 'session' | 'screen'> & {area: Area},
  theme: Theme,
): string[] {
  const entries = paletteEntries(text, state)
  const rows = Math.max(1, innerRows(height) - 1)
  const first = Math.max(0, Math.min(marked - rows + 1, entries.length - rows))
  const list = entries.slice(first, first + rows).map(({name, help, keys}, index): PaneLine => {
    const isMarked = first + index === marked
    return [
      [`${isMarked ? '>' : ' '} ${padTo(name, NAME_WIDTH)}`, isMarked ? 'selected' : 'strong'],
      ' ',
      [padTo(keys.slice(0, 1).map(keyName).join(''), KEYS_WIDTH), 'key'],
      [help, 'dim'],
    ]
  })
  const nothing: PaneLine[] = [[['nothing has that name', 'warn']]]
  return pane({
    title: [['Command', 'strong']],
    corner: [[`${entries.length} found`, 'dim']],
    lines: [[[':', 'key'], text, [' ', 'selected']], ...(list.length === 0 ? nothing : list)],
    tone: 'focus',
    width,
    height,
    theme,
  })
}
