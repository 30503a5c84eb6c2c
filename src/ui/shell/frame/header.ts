import type {ScreenId} from '../../core/part-types.js'
import type {UiState} from '../../core/ui-state.js'
import {paintBoth, type Span, spansWidth} from '../../draw/text.js'
import type {Theme} from '../../draw/theme.js'
import {screens} from '../commands/screens.js'

/** The line at the top: where we are, and how things are at this moment. */
export function headerLine(state: UiState, width: number, theme: Theme): string {
  const right: Span[] = [...statusSpans(state), ' ']
  const title: Span[] = [' ', ['repbench', 'accent'], ' ']
  const long = [...title, ...tabs(state.screen, 'named')]
  const fits = spansWidth(long) + spansWidth(right) < width
  return paintBoth({left: fits ? long : [...title, ...tabs(state.screen, 'numbered')], right}, width, theme)
}

/** Where the state needs the room, the other screens show their keys alone. */
function tabs(shown: ScreenId, others: 'named' | 'numbered'): Span[] {
  return screens.flatMap(({id, title}, index): Span[] => {
    if (id === shown) return [[`[${index + 1} ${title}]`, 'selected']]
    return [others === 'named' ? ` ${index + 1} ${title} ` : ` ${index + 1} `]
  })
}

/** What runs comes first, and last how the nodes are. */
function statusSpans(state: UiState): Span[] {
  const readonly: Span[] = state.session.readonly ? [['read-only', 'warn'], '  '] : []
  const spans = [...readonly, ...screens.toReversed().flatMap(screen => screen.status?.(state) ?? [])]
  return spans.length === 0 ? [['nothing runs', 'dim']] : spans
}
