import {Box} from 'ink'
import {Canvas} from '../../components/canvas.js'
import {useTheme, useUi} from '../../context.js'
import {pane} from '../../draw/pane.js'
import {consoleLayout} from '../../state/console-layout.js'
import {type ConsoleView, targetSession} from '../../state/console-state.js'
import {type Area, bodyArea} from '../../state/layout.js'
import {transcriptOf} from '../../state/move-commands.js'
import type {WindowSize} from '../../state/ui-state.js'
import {inputPane} from './input-pane.js'
import {transcriptPane} from './transcript-pane.js'

export function ConsoleScreen({size}: {size: WindowSize}) {
  const console = useUi(state => state.console)
  const {sessions} = console
  const target = targetSession(console)
  const {paneWidths, paneHeight, inputRows} = consoleLayout(size, sessions.length)
  const shown = paneWidths.length > 1 ? sessions.slice(0, paneWidths.length) : [target]
  const {width} = bodyArea(size)
  return (
    <Box flexDirection="column">
      <Box>
        {shown.map((session, index) => {
          const area = {width: paneWidths[index] ?? width, height: paneHeight}
          return session === undefined ? (
            <Blank key="none" area={area} />
          ) : (
            <Transcript key={session.node} session={session} isTarget={session === target} area={area} />
          )
        })}
      </Box>
      <Input area={{width, height: inputRows}} target={target} />
    </Box>
  )
}

function Blank({area}: {area: Area}) {
  const theme = useTheme()
  return <Canvas lines={pane({title: ['Console'], lines: [], theme, ...area})} {...area} />
}

function Transcript({session, isTarget, area}: {session: ConsoleView; isTarget: boolean; area: Area}) {
  const theme = useTheme()
  const console = useUi(state => state.console)
  const size = useUi(state => state.size)
  const {items, scroll} = transcriptOf({size, console}, session)
  return <Canvas lines={transcriptPane({session, lines: items, scroll, isTarget}, area, theme)} {...area} />
}

function Input({area, target}: {area: Area; target: ConsoleView | undefined}) {
  const theme = useTheme()
  const editor = useUi(({console}) => console.editor)
  const typing = useUi(({console}) => console.typing)
  return <Canvas lines={inputPane({session: target, editor, typing}, area, theme)} {...area} />
}
