import {type LineEditor, lineText} from '../../../core/line-editor.js'
import type {Area} from '../../../draw/layout.js'
import {type PaneLine, pane} from '../../../draw/pane.js'
import {type Span, textWidth} from '../../../draw/text.js'
import type {Theme} from '../../../draw/theme.js'
import type {SessionView} from '../state/console-state.js'

export interface InputData {
  readonly session: SessionView | undefined
  readonly editor: LineEditor
  readonly typing: boolean
  /** Names of the sessions, where not all are in sight. */
  readonly tabs: string | null
}

/** The input line, with the cursor as an inverse cell. */
export function inputPane(data: InputData, {width, height}: Area, theme: Theme): string[] {
  const {session, editor, typing} = data
  const line: PaneLine = session === undefined ? noNode : {left: editorSpans(session, editor, typing, width), right: []}
  return pane({
    title: [],
    corner: hint(data),
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
  {node, dataBytesExpected}: SessionView,
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
  // Only as much of the line is looked at as has room: a pasted value may have a million characters.
  let first = cursor
  let width = 0
  while (first > 0) {
    width += textWidth(characters[first - 1]!)
    if (width >= room) break
    first -= 1
  }
  return {
    before: characters.slice(first, cursor).join(''),
    under: characters[cursor] ?? ' ',
    after: characters.slice(cursor + 1, cursor + 1 + Math.max(0, room)).join(''),
  }
}

function hint({session, editor, typing, tabs}: InputData): Span[] {
  if (session === undefined) return []
  const others: Span[] =
    tabs === null
      ? []
      : [
          ['tab ', 'key'],
          [`${tabs}  `, 'dim'],
        ]
  if (!typing) return [...others, ['enter', 'key'], [' to type', 'dim']]
  if (session.dataBytesExpected === null)
    return [...others, ['? ', 'key'], ['explains  ', 'dim'], ['↑↓ ', 'key'], ['history', 'dim']]
  return [dataHint(session.dataBytesExpected, Buffer.byteLength(lineText(editor)))]
}

/** How much of a data block is still due, counting what is being typed. */
function dataHint(due: number, typed: number): Span {
  const bytes = (count: number) => `${count.toLocaleString('en-US')} ${count === 1 ? 'byte' : 'bytes'}`
  if (due === 0) return ['enter ends the data block', 'warn']
  if (typed === 0) return [`${due.toLocaleString('en-US')} data ${due === 1 ? 'byte' : 'bytes'} next`, 'warn']
  if (typed > due) return [`${bytes(typed)} of ${due}: ${typed - due} too many`, 'bad']
  return typed === due
    ? [`${bytes(typed)}: enter ends the data block`, 'ok']
    : [`${due - typed} of ${bytes(due)} still due`, 'warn']
}
