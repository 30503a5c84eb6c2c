/** An input line with history, as in a shell. Positions count characters, not UTF-16 units. */
export interface LineEditor {
  readonly characters: readonly string[]
  readonly cursor: number
  /** Oldest first. */
  readonly history: readonly string[]
  /** Entry shown; history.length = the line being written. */
  readonly at: number
  /** The line being written, kept while older ones are shown. */
  readonly draft: string
  readonly killed: string
}

export type EditCommand =
  | 'left'
  | 'right'
  | 'wordLeft'
  | 'wordRight'
  | 'start'
  | 'end'
  | 'backspace'
  | 'delete'
  | 'killWord'
  | 'killToStart'
  | 'killToEnd'
  | 'yank'
  | 'older'
  | 'newer'

const HISTORY_KEPT = 200
/** A longer line is a pasted value, and would fill the history. */
const REMEMBERED_MOST = 4096

export const emptyLine: LineEditor = {characters: [], cursor: 0, history: [], at: 0, draft: '', killed: ''}

export function lineText({characters}: LineEditor): string {
  return characters.join('')
}

export function insertText(editor: LineEditor, text: string): LineEditor {
  const added = Array.from(text)
  const {characters, cursor} = editor
  return {
    ...editor,
    characters: [...characters.slice(0, cursor), ...added, ...characters.slice(cursor)],
    cursor: cursor + added.length,
  }
}

export function isMemorable(line: string): boolean {
  return line.trim() !== '' && line.length <= REMEMBERED_MOST
}

/** Takes the line away as sent; repeated and blank lines are not remembered twice, long ones not at all. */
export function submitLine(editor: LineEditor): {editor: LineEditor; line: string} {
  const line = lineText(editor)
  const remembered = isMemorable(line) && line !== editor.history.at(-1)
  const history = remembered ? [...editor.history, line].slice(-HISTORY_KEPT) : editor.history
  return {editor: {...emptyLine, history, at: history.length, killed: editor.killed}, line}
}

/** Pasted text: every line that ends is sent, the rest stays in the line. */
export function pasteText(editor: LineEditor, text: string): {editor: LineEditor; lines: readonly string[]} {
  const pieces = text.split(/\r\n|\r|\n/)
  const lines: string[] = []
  let current = editor
  for (const [index, piece] of pieces.entries()) {
    current = insertText(current, withoutControls(piece))
    if (index === pieces.length - 1) break
    const submitted = submitLine(current)
    current = submitted.editor
    lines.push(submitted.line)
  }
  return {editor: current, lines}
}

function withoutControls(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must go
  return text.replaceAll('\t', ' ').replaceAll(/[\u0000-\u001F\u007F]/g, '')
}

/** Emacs' editing commands. */
export function edit(editor: LineEditor, command: EditCommand): LineEditor {
  const {characters, cursor} = editor
  switch (command) {
    case 'left':
      return {...editor, cursor: Math.max(0, cursor - 1)}
    case 'right':
      return {...editor, cursor: Math.min(characters.length, cursor + 1)}
    case 'wordLeft':
      return {...editor, cursor: wordStart(characters, cursor)}
    case 'wordRight':
      return {...editor, cursor: wordEnd(characters, cursor)}
    case 'start':
      return {...editor, cursor: 0}
    case 'end':
      return {...editor, cursor: characters.length}
    case 'backspace':
      return cut(editor, Math.max(0, cursor - 1), cursor)
    case 'delete':
      return cut(editor, cursor, Math.min(characters.length, cursor + 1))
    case 'killWord':
      return kill(editor, wordStart(characters, cursor), cursor)
    case 'killToStart':
      return kill(editor, 0, cursor)
    case 'killToEnd':
      return kill(editor, cursor, characters.length)
    case 'yank':
      return insertText(editor, editor.killed)
    case 'older':
      return recall(editor, editor.at - 1)
    case 'newer':
      return recall(editor, editor.at + 1)
  }
}

function cut(editor: LineEditor, from: number, to: number): LineEditor {
  return {...editor, characters: editor.characters.toSpliced(from, to - from), cursor: from}
}

function kill(editor: LineEditor, from: number, to: number): LineEditor {
  if (from === to) return editor
  return {...cut(editor, from, to), killed: editor.characters.slice(from, to).join('')}
}

function recall(editor: LineEditor, at: number): LineEditor {
  const {history} = editor
  if (at < 0 || at > history.length) return editor
  const draft = editor.at === history.length ? lineText(editor) : editor.draft
  const characters = Array.from(history[at] ?? draft)
  return {...editor, at, draft, characters, cursor: characters.length}
}

function wordStart(characters: readonly string[], cursor: number): number {
  let at = cursor
  while (at > 0 && characters[at - 1] === ' ') at -= 1
  while (at > 0 && characters[at - 1] !== ' ') at -= 1
  return at
}

function wordEnd(characters: readonly string[], cursor: number): number {
  let at = cursor
  while (at < characters.length && characters[at] === ' ') at += 1
  while (at < characters.length && characters[at] !== ' ') at += 1
  return at
}
