import {PassThrough} from 'node:stream'
import {setImmediate as afterImmediates} from 'node:timers/promises'
import {Box, type DOMElement, render} from 'ink'
import {afterAll, describe, expect, it} from 'vitest'
import type {Action} from '../../../src/ui/core/action.js'
import {UiContext} from '../../../src/ui/core/context.js'
import {cellWidth} from '../../../src/ui/draw/cell-width.js'
import type {WindowSize} from '../../../src/ui/draw/layout.js'
import {darkTheme, monoTheme, type Theme} from '../../../src/ui/draw/theme.js'
import {canvasLine} from '../../../src/ui/paint/canvas-line.js'
import {linesOf} from '../../../src/ui/paint/canvas-part.js'
import {type PaintedParts, Painter} from '../../../src/ui/paint/painter.js'
import {AppView} from '../../../src/ui/shell/app.js'
import {initialState} from '../../../src/ui/shell/commands/screens.js'
import {createUiStore} from '../../../src/ui/shell/store.js'
import {hazardsIn, hostileText, MARK} from '../../helpers/terminal-hazards.js'
import {pictures, session} from '../helpers/pictures.js'

/** Words that the program itself chooses, and looks things up by. */
const ownWords = new Set([
  'type',
  'kind',
  'state',
  'link',
  'role',
  'phase',
  'verdict',
  'tone',
  'backend',
  'startedAt',
  'health',
])

/** The same with hostile text behind all that a server, a log, a file or a history may have said. */
function poisoned<Value>(value: Value): Value {
  if (typeof value === 'string') return `${value}${hostileText}` as Value
  if (Array.isArray(value)) return value.map(poisoned) as Value
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
  // Keys are the operator's.
  if ('chord' in value) return value
  const entries = Object.entries(value).map(([name, each]) => [name, ownWords.has(name) ? each : poisoned(each)])
  return Object.fromEntries(entries) as Value
}

/** Without styles: whatever changes the terminal then comes from elsewhere. */
const plain = Object.fromEntries(Object.keys(monoTheme).map(tone => [tone, (text: string) => text])) as Theme

/** Keeps the lines as they come from the panes, before the painter looks at them. */
class RecordingPainter extends Painter {
  readonly drawn: PaintedParts[] = []

  override show(element: DOMElement, painted: PaintedParts): void {
    this.drawn.push(painted)
    super.show(element, painted)
  }
}

function openScreen(size: WindowSize) {
  let written = ''
  const stdout = Object.assign(
    new PassThrough().on('data', (chunk: Buffer) => {
      written += chunk.toString()
    }),
    {isTTY: true, ...size},
  ) as unknown as NodeJS.WriteStream
  const painter = new RecordingPainter({stdout, glyphs: text => text, pause: queueMicrotask})
  const ink = render(<Box />, {stdout: painter.inkStdout(), interactive: true, patchConsole: false})
  const detach = painter.attach()
  // Rejects where a screen throws.
  const ended = ink.waitUntilExit()
  return {
    async show(actions: readonly Action[]) {
      const store = createUiStore(initialState(size, 0, session), () => {})
      for (const action of actions) store.dispatch(action)
      written = ''
      painter.drawn.length = 0
      painter.repaint()
      ink.rerender(
        <UiContext value={{store, theme: plain, painter}} key={Math.random()}>
          <AppView size={size} />
        </UiContext>,
      )
      await Promise.race([ink.waitUntilRenderFlush(), ended])
      await afterImmediates()
      return {drawn: [...painter.drawn], written}
    },
    close() {
      detach()
      ink.unmount()
    },
  }
}

describe.each([
  {columns: 60, rows: 15},
  {columns: 100, rows: 30},
  {columns: 200, rows: 60},
])('at $columns×$rows', size => {
  const screen = openScreen(size)
  afterAll(() => screen.close())
  let marks = 0

  it.each(Object.keys(pictures))('%s is drawn without a control character of somebody else, and fits', async name => {
    const {drawn, written} = await screen.show(poisoned(pictures[name]!))
    expect(drawn).not.toEqual([])
    for (const {parts, width} of drawn) {
      for (const line of linesOf(parts)) {
        expect([line, hazardsIn(line)]).toEqual([line, []])
        expect([line, cellWidth(line)]).toEqual([line, width])
      }
    }
    expect(written).not.toBe('')
    expect(hazardsIn(written, {draws: true})).toEqual([])
    if (written.includes(MARK)) marks += 1
  })

  it('had hostile text in most pictures', () => expect(marks).toBeGreaterThan(Object.keys(pictures).length / 2))
})

it('lets only the styles of a theme pass to the terminal, however a line was made', () => {
  const unstyled = hostileText.replace('\u001B[31m', '').replace('\u001B[1m', '')
  expect(hazardsIn(canvasLine(`a${unstyled}b`, text => text))).toEqual([])
  const styled = `${darkTheme.alarm('loud')} ${darkTheme.dim('quiet')}`
  expect(canvasLine(styled, text => text)).toBe(styled)
  expect(canvasLine(`${styled}\u001B[2J`, text => text.replaceAll('loud', 'LOUD'))).toBe(
    `${styled.replace('loud', 'LOUD')}\\x1b[2J`,
  )
})

it('colours text without letting its own colours through', () => {
  expect(darkTheme.bad('a\u001B[1mb')).toBe('\u001B[91ma\\x1b[1mb\u001B[0m')
  expect(darkTheme.plain('a\u001B[1mb')).toBe('a\\x1b[1mb')
})
