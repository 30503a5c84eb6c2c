import {useEffect} from 'react'
import {Canvas} from '../core/canvas.js'
import {useAsk, useDispatch, usePainter, useTerminal, useTheme, useUi} from '../core/context.js'
import {inTurn, pressesOf} from '../core/key-press.js'
import type {Dialog} from '../core/ui-state.js'
import type {WindowSize} from '../draw/layout.js'
import {bodyArea, isTooSmall} from '../draw/layout.js'
import {dialogArea, dialogPane} from '../overlays/dialog-pane.js'
import {Box, useApp, useInput, usePaste, useWindowSize} from '../paint/ink.js'
import {screenNamed} from './commands/screens.js'
import {footerLine} from './frame/footer.js'
import {headerLine} from './frame/header.js'
import {OverlayView} from './frame/overlay.js'
import {tooSmallLines} from './frame/too-small.js'
import {helpPane} from './help/help.js'
import {modeOf, rows} from './keys/keys.js'

const oneKeyAnswers = {tone: 'bad', text: 'Several keys at once: answer a question with one key'} as const

/** The program on a terminal: its size and its keys. */
export function App() {
  const dispatch = useDispatch()
  const isTyping = useAsk(state => modeOf(state) === 'insert')
  const isAsked = useAsk(({dialog}) => dialog !== null && dialog.typed === null)
  const {columns, rows} = useWindowSize()
  useEffect(() => dispatch({type: 'resize', size: {columns, rows}}), [columns, rows, dispatch])
  useInput((input, key) => {
    const presses = pressesOf(input, key)
    for (const press of inTurn(presses, isTyping)) {
      // Text that is pasted where no bracketed paste tells so would say yes with its first y.
      if (presses.length > 1 && isAsked()) return dispatch({type: 'notice', notice: oneKeyAnswers})
      dispatch({type: 'press', press})
    }
  })
  const {suspendTerminal} = useApp()
  const terminal = useTerminal()
  useEffect(() => terminal?.attach(suspendTerminal), [terminal, suspendTerminal])
  // Where there is no alternate screen to leave (GNU screen has none unless it is told to), the last picture would stay,
  // and the shell's prompt at its end.
  useEffect(() => () => terminal?.erase(), [terminal])
  const painter = usePainter()
  useEffect(() => painter?.attach(), [painter])
  usePaste(text => dispatch({type: 'paste', text}))
  return <AppView size={{columns, rows}} />
}

/** One frame of exactly `size`. */
export function AppView({size}: {size: WindowSize}) {
  const theme = useTheme()
  const {columns, rows} = size
  const dialog = useUi(state => state.dialog)
  if (isTooSmall(size)) return <Canvas lines={tooSmallLines(size, dialog, theme)} width={columns} height={rows} />
  return (
    <Box flexDirection="column" width={columns} height={rows}>
      <Header width={columns} />
      <Box height={bodyArea(size).height} flexShrink={0}>
        <Body size={size} />
      </Box>
      <Footer width={columns} />
      <OverlayView area={bodyArea(size)} />
      {dialog !== null && <DialogBox dialog={dialog} size={size} />}
    </Box>
  )
}

function Body({size}: {size: WindowSize}) {
  const theme = useTheme()
  const screen = useUi(state => state.screen)
  const help = useUi(state => state.help)
  const readonly = useUi(({session}) => session.readonly)
  const area = bodyArea(size)
  if (help !== null)
    return <Canvas lines={helpPane({from: help, readonly, screen, table: rows}, area, theme)} {...area} />
  const {View} = screenNamed(screen)
  return <View size={size} />
}

function Header({width}: {width: number}) {
  const theme = useTheme()
  const line = useUi(state => headerLine(state, width, theme))
  return <Canvas lines={[line]} width={width} height={1} />
}

function Footer({width}: {width: number}) {
  const theme = useTheme()
  const line = useUi(state => footerLine(state, width, theme))
  return <Canvas lines={[line]} width={width} height={1} />
}

function DialogBox({dialog, size}: {dialog: Dialog; size: WindowSize}) {
  const theme = useTheme()
  const body = bodyArea(size)
  const area = dialogArea(dialog, body)
  const left = Math.floor((body.width - area.width) / 2)
  const top = 1 + Math.max(0, Math.floor((body.height - area.height) / 3))
  return (
    <Box position="absolute" marginLeft={left} marginTop={top}>
      <Canvas lines={dialogPane(dialog, area, theme)} {...area} layer="dialog" />
    </Box>
  )
}
