import {PassThrough} from 'node:stream'
import {setImmediate as afterImmediates} from 'node:timers/promises'
import {Box, render, Text} from 'ink'
import {afterEach, expect, it} from 'vitest'
import {Canvas} from '../../../src/ui/core/canvas.js'
import {UiContext} from '../../../src/ui/core/context.js'
import {initialState} from '../../../src/ui/core/ui-state.js'
import {monoTheme} from '../../../src/ui/draw/theme.js'
import {Painter} from '../../../src/ui/paint/painter.js'
import {createUiStore} from '../../../src/ui/shell/store.js'

const columns = 20
const rows = 4
const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0)) end()
})

function open() {
  let written = ''
  const stdout = Object.assign(
    new PassThrough().on('data', (chunk: Buffer) => {
      written += chunk.toString()
    }),
    {isTTY: true, columns, rows},
  ) as unknown as NodeJS.WriteStream
  const painter = new Painter({stdout, glyphs: text => text.replaceAll('…', '.')})
  const store = createUiStore(initialState({columns, rows}, 0), () => {})
  const picture = (lines: readonly string[], inkSays = '') => (
    <UiContext value={{store, theme: monoTheme, painter}}>
      <Box flexDirection="column" width={columns} height={rows}>
        <Canvas lines={lines} width={columns} height={lines.length} />
        <Text>{inkSays}</Text>
      </Box>
    </UiContext>
  )
  const ink = render(picture(['first…', 'second']), {
    stdout: painter.inkStdout(),
    interactive: true,
    patchConsole: false,
  })
  const detach = painter.attach()
  ends.push(() => {
    detach()
    ink.unmount()
  })
  return {
    painter,
    detach,
    /** The terminal takes nothing, as after Ctrl-S, or takes all again. */
    takes(isTaking: boolean) {
      Object.defineProperty(stdout, 'writableNeedDrain', {configurable: true, value: !isTaking})
      if (isTaking) stdout.emit('drain')
    },
    written: () => written,
    async show(lines: readonly string[], inkSays?: string) {
      written = ''
      ink.rerender(picture(lines, inkSays))
      // Ink may put off what it writes.
      await ink.waitUntilRenderFlush()
      await afterImmediates()
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
  const {takes, show, written} = open()
  await show(['first…', 'second'])
  takes(false)
  expect(await show(['third', 'second'])).toBe('')
  expect(await show(['fourth', 'second'])).toBe('')
  takes(true)
  await afterImmediates()
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
