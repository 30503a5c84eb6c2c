import {keys} from '../../test/helpers/tui-terminal.ts'
import type {PictureSession} from './session.ts'

/** The drill kill-master, from its options to its verdict. */
export async function drillScenes(session: PictureSession): Promise<void> {
  const {terminal} = session
  await terminal.until(/No nodes yet[\s\S]*q quit/)
  terminal.type('4')
  await choose(session, 'kill-master')
  terminal.type('e')
  await session.take('drill-form', {title: 'Options and assertions of a drill', shown: 'Assertions: '})
  terminal.type(keys.enter)
  await session.take('drill-running', {title: 'A drill is running', shown: /settle[\s\S]*▲ recovery/})
  await session.take('drill-verdict', {title: 'The verdict of a drill', shown: /(PASS|FAIL|UNKNOWN) [\s\S]*Report/})
}

async function choose({terminal}: PictureSession, name: string): Promise<void> {
  const marked = /enter runs (\S+) on/
  let shown = await terminal.until(marked)
  for (let at = marked.exec(shown)?.[1]; at !== name; at = marked.exec(shown)?.[1]) {
    terminal.type(keys.down)
    shown = await terminal.until(text => text.includes('enter runs') && marked.exec(text)?.[1] !== at)
  }
}
