import {Canvas} from '../../../core/canvas.js'
import {useTheme, useUi} from '../../../core/context.js'
import type {WindowSize} from '../../../draw/layout.js'
import {type Area, bodyArea} from '../../../draw/layout.js'
import {pane} from '../../../draw/pane.js'
import {Box} from '../../../paint/ink.js'
import {consoleLayout, sessionsInSight} from '../state/console-layout.js'
import {type SessionView, targetSession} from '../state/console-state.js'
import {markedLine, transcriptOf} from '../state/console-view.js'
import {inputPane} from './input-pane.js'
import {transcriptPane} from './transcript-pane.js'

export function ConsoleScreenView({size}: {size: WindowSize}) {
  const console = useUi(state => state.console)
  const {sessions, full} = console
  const target = targetSession(console)
  const {paneWidths, paneHeight, inputRows} = consoleLayout(size, sessions.length, full)
  const shown = sessionsInSight(sessions, target, paneWidths.length)
  const {width} = bodyArea(size)
  return (
    <Box flexDirection="column">
      <Box>
        {target === undefined && <Blank area={{width, height: paneHeight}} />}
        {shown.map((session, index) => {
          const area = {width: paneWidths[index] ?? width, height: paneHeight}
          return <Transcript key={session.node} session={session} isTarget={session === target} area={area} />
        })}
      </Box>
      <Input area={{width, height: inputRows}} target={target} hidden={sessions.length - shown.length} />
    </Box>
  )
}

function Blank({area}: {area: Area}) {
  const theme = useTheme()
  return <Canvas lines={pane({title: ['Console'], lines: [], theme, ...area})} {...area} />
}

function Transcript({session, isTarget, area}: {session: SessionView; isTarget: boolean; area: Area}) {
  const theme = useTheme()
  const console = useUi(state => state.console)
  const size = useUi(state => state.size)
  // Only what is lost shows how long.
  const nowMs = useUi(state => (session.lost === null ? 0 : state.nowMs))
  const {items, scroll} = transcriptOf({size, console}, session)
  const marked = isTarget ? markedLine({size, console}) : undefined
  const data = {session, lines: items, scroll, isTarget, marked, nowMs}
  return <Canvas lines={transcriptPane(data, area, theme)} {...area} />
}

function Input({area, target, hidden}: {area: Area; target: SessionView | undefined; hidden: number}) {
  const theme = useTheme()
  const editor = useUi(({console}) => console.editor)
  const typing = useUi(({console}) => console.typing)
  const names = useUi(({console}) => console.sessions.map(({node}) => node).join(' '))
  const tabs = hidden === 0 ? null : names
  return <Canvas lines={inputPane({session: target, editor, typing, tabs}, area, theme)} {...area} />
}
