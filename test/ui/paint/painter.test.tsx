import {PassThrough} from 'node:stream'
import {setImmediate as afterImmediates} from 'node:timers/promises'
import {Box, render, Text} from 'ink'
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest'
import {PartedCanvas} from '../../../src/ui/core/canvas.js'
import {UiContext} from '../../../src/ui/core/context.js'
import {monoTheme} from '../../../src/ui/draw/theme.js'
import {type CanvasPart, linesOf} from '../../../src/ui/paint/canvas-part.js'
import {Painter} from '../../../src/ui/paint/painter.js'
import {initialState} from '../../../src/ui/shell/commands/screens.js'
import {createUiStore} from '../../../src/ui/shell/store.js'

const columns = 20
const rows = 4
const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0)) end()
})

type Parts = readonly CanvasPart[]

function open({pauses = 'by hand'}: {pauses?: 'by hand' | 'by timer'} = {}) {
  let written = ''
  const stdout = Object.assign(
    new PassThrough().on('data', (chunk: Buffer) => {
      written += chunk.toString()
    }),
    {isTTY: true, columns, rows},
  ) as unknown as NodeJS.WriteStream
  const turns: (() => void)[] = []
  const painter = new Painter({
    stdout,
    glyphs: text => text.replaceAll('…', '.'),
    ...(pauses === 'by hand' ? {pause: turn => turns.push(turn)} : {}),
  })
  const store = createUiStore(initialState({columns, rows}, 0), () => {})
  const picture = (parts: Parts, inkSays = '') => (
    <UiContext value={{store, theme: monoTheme, painter}}>
      <Box flexDirection="column" width={columns} height={rows}>
        <PartedCanvas parts={parts} width={columns} height={linesOf(parts).length} />
        <Text>{inkSays}</Text>
      </Box>
    </UiContext>
  )
  const ink = render(picture([['first…', 'second']]), {
    stdout: painter.inkStdout(),
    interactive: true,
    patchConsole: false,
  })
  const detach = painter.attach()
  ends.push(() => {
    detach()
    ink.unmount()
  })
  async function rendered(parts: Parts, inkSays?: string) {
    ink.rerender(picture(parts, inkSays))
    // Ink may put off what it writes.
    await ink.waitUntilRenderFlush()
    await afterImmediates()
  }
  async function takeTurns() {
    while (turns.length > 0) {
      turns.shift()!()
      await afterImmediates()
    }
  }
  return {
    painter,
    detach,
    /** The terminal takes nothing, as after Ctrl-S, or takes all again. */
    takes(isTaking: boolean) {
      Object.defineProperty(stdout, 'writableNeedDrain', {configurable: true, value: !isTaking})
      if (isTaking) stdout.emit('drain')
    },
    written: () => written,
    forget: () => {
      written = ''
    },
    rendered,
    takeTurns,
    /** What a single turn writes; null without one. */
    async takeTurn() {
      written = ''
      const turn = turns.shift()
      turn?.()
      await afterImmediates()
      return turn === undefined ? null : written
    },
    /** What a picture writes, with all of its turns. */
    async show(lines: readonly string[], inkSays?: string) {
      written = ''
      await rendered([lines], inkSays)
      await takeTurns()
      return written
    },
  }
}

it('writes the rows that changed, where Ink has laid them out, with what the terminal can show', async () => {
  const {show} = open()
  await show(['first…', 'second'])
  const written = await show(['first…', 'changed…'])
  expect(written).toContain('\u001B[2;1Hchanged.')
  expect(written).not.toContain('first')
  expect(await show(['first…', 'changed…'])).toBe('')
})

it('writes everything again after Ink has written', async () => {
  const {show} = open()
  await show(['first…', 'second'])
  const written = await show(['first…', 'second'], 'of Ink')
  expect(written).toMatch(/of Ink[\s\S]*first\.[\s\S]*second/)
})

it('leaves out the pictures that a terminal does not take, and shows the last when it does', async () => {
  const {takes, takeTurns, show, written} = open()
  await show(['first…', 'second'])
  takes(false)
  expect(await show(['third', 'second'])).toBe('')
  expect(await show(['fourth', 'second'])).toBe('')
  takes(true)
  await takeTurns()
  expect(written()).toContain('fourth')
  expect(written()).not.toMatch(/third|second/)
})

it('writes nothing while held, and everything then; nothing when the terminal is given back', async () => {
  const {painter, detach, show} = open()
  await show(['first…', 'second'])
  const goOn = painter.hold()
  expect(await show(['third', 'fourth'])).toBe('')
  goOn()
  expect(await show(['third', 'fourth'])).toMatch(/third[\s\S]*fourth/)
  detach()
  expect(await show(['fifth', 'sixth'])).toBe('')
})

describe('a canvas in parts', () => {
  const drawn: string[] = []
  const part = (line: string) => () => {
    drawn.push(line)
    return [line]
  }
  beforeEach(() => {
    drawn.length = 0
  })

  it('draws one part a turn, and is written in a turn after the last', async () => {
    const {rendered, takeTurn, takeTurns} = open()
    await takeTurns()
    await rendered([['ready'], part('left'), part('right')])
    drawn.length = 0
    expect([await takeTurn(), drawn]).toEqual(['', ['left']])
    expect([await takeTurn(), drawn]).toEqual(['', ['left', 'right']])
    expect(await takeTurn()).toMatch(/ready[\s\S]*left[\s\S]*right/)
    expect(drawn).toEqual(['left', 'right'])
    expect(await takeTurn()).toBeNull()
  })

  it('is drawn without pauses once the next picture comes before it is', async () => {
    const {rendered, takeTurn, takeTurns} = open()
    await takeTurns()
    await rendered([part('old left'), part('old right')])
    await takeTurn()
    await rendered([part('left'), part('right')])
    expect(await takeTurn()).toMatch(/left[\s\S]*right/)
    // The next one has pauses again.
    await rendered([part('third'), part('fourth')])
    expect(await takeTurn()).toBe('')
  })

  it('is written anew at once as it was last, while the next picture is drawn', async () => {
    const {painter, rendered, takeTurn, takeTurns, forget, written} = open()
    await rendered([part('old left'), part('old right')])
    await takeTurns()
    await rendered([part('left'), part('right')])
    await takeTurn()
    forget()
    painter.repaint()
    await afterImmediates()
    expect(written()).toMatch(/old left[\s\S]*old right/)
    expect(await takeTurn()).toBe('')
    expect(await takeTurn()).toMatch(/left[\s\S]*right/)
  })

  it('does not draw what is no longer shown', async () => {
    const {rendered, takeTurns} = open()
    await rendered([part('left'), part('right')])
    drawn.length = 0
    await rendered([['ready']])
    await takeTurns()
    expect(drawn).toEqual([])
  })
})

it('takes its turns by itself', async () => {
  const {rendered, written} = open({pauses: 'by timer'})
  await rendered([() => ['left'], () => ['right']])
  await vi.waitFor(() => expect(written()).toMatch(/left[\s\S]*right/))
})
