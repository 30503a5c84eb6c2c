import {cellWidth} from '../../draw/cell-width.js'
import {type PaneLine, pane} from '../../draw/pane.js'
import type {Span} from '../../draw/text.js'
import type {ConsoleView} from '../../state/console-state.js'
import type {Area} from '../../state/layout.js'
import type {LineEditor} from '../../state/line-editor.js'
import type {Theme} from '../../theme.js'

export interface InputData {
  readonly session: ConsoleView | undefined
  readonly editor: LineEditor
  readonly typing: boolean
}

/** The input line, with the cursor as an inverse cell. */
export function inputPane({session, editor, typing}: InputData, {width, height}: Area, theme: Theme): string[] {
  const line: PaneLine = session === undefined ? noNode : {left: editorSpans(session, editor, typing, width), right: []}
  return pane({
    title: [],
    corner: session === undefined ? [] : hint(session, typing),
    lines: [line],
    tone: typing ? 'focus' : 'border',
    width,
    height,
    theme,
  })
}

const noNode: PaneLine = [
  ['No node to talk to: ', 'dim'],
  ['1', 'key'],
  [' then ', 'dim'],
  ['n', 'key'],
  [' launches a pair', 'dim'],
]

function editorSpans(
  {node, dataBytesExpected}: ConsoleView,
  editor: LineEditor,
  typing: boolean,
  width: number,
): Span[] {
  const prompt = dataBytesExpected === null ? `${node}> ` : `${node} data> `
  const {before, under, after} = window(editor, width - 4 - prompt.length)
  if (!typing)
    return [
      [prompt, 'dim'],
      [before + under + after, 'dim'],
    ]
  return [[prompt, 'accent'], before, [under, 'selected'], after]
}

/** The part of the line around the cursor that fits. */
function window({characters, cursor}: LineEditor, room: number) {
  let first = 0
  while (first < cursor && cellWidth(characters.slice(first, cursor).join('')) >= room) first += 1
  return {
    before: characters.slice(first, cursor).join(''),
    under: characters[cursor] ?? ' ',
    after: characters.slice(cursor + 1).join(''),
  }
}

function hint({dataBytesExpected}: ConsoleView, typing: boolean): Span[] {
  if (!typing)
    return [
      ['enter', 'key'],
      [' to type', 'dim'],
    ]
  if (dataBytesExpected !== null) {
    return [
      [`${dataBytesExpected.toLocaleString('en-US')} data ${dataBytesExpected === 1 ? 'byte' : 'bytes'} next`, 'warn'],
    ]
  }
  return [['↑↓ history', 'dim']]
}
