import {describe, expect, it} from 'vitest'
import {
  type EditCommand,
  edit,
  emptyLine,
  insertText,
  type LineEditor,
  lineText,
  pasteText,
  submitLine,
} from '../../../src/ui/core/line-editor.js'

/** The line with its cursor as a bar. */
function shown(editor: LineEditor): string {
  return `${editor.characters.slice(0, editor.cursor).join('')}|${editor.characters.slice(editor.cursor).join('')}`
}

function after(text: string, ...commands: EditCommand[]): string {
  return shown(commands.reduce(edit, insertText(emptyLine, text)))
}

describe('line editor', () => {
  it.each<[string, EditCommand[], string]>([
    ['get key1', ['left', 'left'], 'get ke|y1'],
    ['get key1', ['start', 'right'], 'g|et key1'],
    ['get key1', ['wordLeft'], 'get |key1'],
    ['get key1', ['start', 'wordRight'], 'get| key1'],
    ['get key1', ['backspace'], 'get key|'],
    ['get key1', ['start', 'backspace'], '|get key1'],
    ['get key1', ['start', 'delete'], '|et key1'],
    ['get key1', ['delete'], 'get key1|'],
    ['get key1  ', ['killWord'], 'get |'],
    ['get key1', ['wordLeft', 'killToStart'], '|key1'],
    ['get key1', ['wordLeft', 'killToEnd'], 'get |'],
    ['get key1', ['killWord', 'start', 'yank'], 'key1|get '],
    ['größe 🔑', ['backspace'], 'größe |'],
  ])('%s, %j: %s', (text, commands, result) => expect(after(text, ...commands)).toBe(result))

  it('does not remember a value that was pasted', () => {
    const line = (text: string) => submitLine(insertText(emptyLine, text)).editor.history
    expect([line('x'.repeat(4096)).length, line('x'.repeat(4097)).length, line(' ').length]).toEqual([1, 0, 0])
  })

  it('types where the cursor is', () => {
    expect(shown(insertText(edit(insertText(emptyLine, 'gt'), 'left'), 'e'))).toBe('ge|t')
  })

  it('recalls older lines and comes back to the one being written', () => {
    let editor = emptyLine
    for (const line of ['set key1 0 0 3', '111', 'get key1', 'get key1']) {
      editor = submitLine(insertText(editor, line)).editor
    }
    editor = insertText(editor, 'half')
    expect(editor.history).toEqual(['set key1 0 0 3', '111', 'get key1'])
    editor = edit(edit(editor, 'older'), 'older')
    expect(shown(editor)).toBe('111|')
    editor = edit(edit(editor, 'newer'), 'newer')
    expect(shown(editor)).toBe('half|')
    expect(edit(editor, 'newer')).toBe(editor)
  })

  it('sends every pasted line that ends, whatever ends it, and keeps the rest', () => {
    const {editor, lines} = pasteText(insertText(emptyLine, 'se'), 't a 0 0 1\r\nx\rget a\nget b')
    expect(lines).toEqual(['set a 0 0 1', 'x', 'get a'])
    expect(lineText(editor)).toBe('get b')
    expect(editor.history).toEqual(['set a 0 0 1', 'x', 'get a'])
  })

  it('drops control characters that a paste brings along', () => {
    expect(lineText(pasteText(emptyLine, 'get\ta\u001B[31m').editor)).toBe('get a[31m')
  })
})
