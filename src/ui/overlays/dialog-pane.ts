import type {Dialog} from '../core/ui-state.js'
import type {Area} from '../draw/layout.js'
import {PANE_SIDES, type PaneLine, pane} from '../draw/pane.js'
import {type Span, wrapWords} from '../draw/text.js'
import type {Theme} from '../draw/theme.js'

const WIDTH_MOST = 76

/** Size of a dialog within `room`. */
export function dialogArea(dialog: Dialog, room: Area): Area {
  const width = Math.min(WIDTH_MOST, room.width - 4)
  return {width, height: dialogLines(dialog, width - PANE_SIDES).length + 2}
}

export function dialogPane(dialog: Dialog, {width, height}: Area, theme: Theme): string[] {
  return pane({
    title: [[dialog.title, 'strong']],
    lines: dialogLines(dialog, width - PANE_SIDES),
    tone: 'bad',
    width,
    height,
    theme,
  })
}

function dialogLines(dialog: Dialog, width: number): PaneLine[] {
  const body = dialog.body.flatMap(text => wrapWords(text, width)).map((text): PaneLine => [text])
  return [[], ...body, [], ...answerLines(dialog), []]
}

function answerLines({typed, marked, yesLabel}: Dialog): PaneLine[] {
  if (typed !== null) {
    const enter: Span[] = marked === 'yes' ? [['   enter ', 'key'], yesLabel] : [['   esc ', 'key'], 'no']
    return [['Type ', [typed.expected, 'strong'], ' to confirm: ', [typed.text, 'accent'], [' ', 'selected'], ...enter]]
  }
  const answer = (text: string, isMarked: boolean): Span => [
    isMarked ? `[> ${text} ]` : `[  ${text} ]`,
    isMarked ? 'selected' : 'plain',
  ]
  return [[answer('No', marked === 'no'), '   ', answer(`Yes, ${yesLabel}`, marked === 'yes')]]
}
