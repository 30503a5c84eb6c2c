import {keys} from '../../test/helpers/tui-terminal.ts'
import type {PictureSession} from './session.ts'

/** A newcomer's first session: a pair, its consoles, load on it, a node killed, two runs compared. */
export async function pairScenes(session: PictureSession): Promise<void> {
  await launch(session)
  await console(session)
  await load(session)
  await kill(session)
  await compare(session)
}

async function launch(session: PictureSession): Promise<void> {
  const {terminal} = session
  await session.take('welcome', {title: 'The first screen', shown: /No nodes yet[\s\S]*q quit/})
  terminal.type('n')
  await terminal.until(/m1 .*paired[\s\S]*s1 .*paired/)
}

async function console(session: PictureSession): Promise<void> {
  const {terminal} = session
  terminal.type('3')
  await terminal.until(text => (text.match(/Connected to/g) ?? []).length === 2)
  await typeLine(session, 'set key1 0 0 3', '3 data bytes next')
  await typeLine(session, '111', /STORED/)
  terminal.type(keys.tab)
  await typeLine(session, 'get key1', /VALUE key1 0 3[\s\S]*END/)
  await typeLine(session, 'incr key1 5', /116/)
  terminal.type(keys.tab)
  await typeLine(session, 'get key1', /^│ 116[\s\S]*^│ END/m)
  await session.take('console', {title: 'Both consoles side by side', shown: /END/})
  terminal.type(keys.esc)
  await terminal.until('enter to type')
}

async function typeLine({terminal}: PictureSession, line: string, shown: string | RegExp): Promise<void> {
  terminal.type(`${line}${keys.enter}`)
  await terminal.until(shown)
}

async function load(session: PictureSession): Promise<void> {
  const {terminal} = session
  terminal.type('2')
  await choose(session, 'mixed-90-10')
  await terminal.until('b starts mixed-90-10')
  terminal.type('e')
  await session.take('load-form', {title: 'A profile in a form', shown: 'How fast and how long'})
  terminal.type(keys.esc)
  await terminal.until(text => !text.includes('How fast and how long'))
  terminal.type('b')
  await session.take('load', {title: 'A load is running', shown: /00:08 \/ /})
  terminal.type('f')
  await session.take('load-table', {title: 'All of the table', shown: /pane 1 of [\s\S]*set service/})
  terminal.type(keys.esc)
  await terminal.until('ENDED', 60_000)
}

async function choose({terminal}: PictureSession, name: string): Promise<void> {
  const marked = /b starts (\S+) against/
  let shown = await terminal.until(marked)
  for (let at = marked.exec(shown)?.[1]; at !== name; at = marked.exec(shown)?.[1]) {
    terminal.type('j')
    shown = await terminal.until(text => marked.test(text) && marked.exec(text)?.[1] !== at)
  }
}

async function kill(session: PictureSession): Promise<void> {
  const {terminal} = session
  terminal.type('1')
  await terminal.until(/\[1 Nodes]/)
  await session.take('nodes', {title: 'A pair that replicates', shown: /● paired/})
  terminal.type('2')
  terminal.type('b')
  await terminal.until(/RUNNING[\s\S]* 00:04 \/ /, 60_000)
  terminal.type('1x')
  await terminal.until('[> No ]')
  terminal.type('y')
  await terminal.until(/m1 .*DEAD/)
  await session.take('killed', {title: 'The master was killed', shown: /DEAD[\s\S]*killed by the operator/})
  terminal.type('2')
  await session.take('load-after-kill', {title: 'The load that met the kill', shown: 'ENDED'})
  terminal.type('1r')
  await terminal.until(/m1 .* paired[\s\S]*s1 .* paired/, 60_000)
}

async function compare(session: PictureSession): Promise<void> {
  const {terminal} = session
  terminal.type('5')
  await terminal.until(/> +2 /)
  terminal.type(keys.down)
  await terminal.until(/> +1 /)
  terminal.type(' ')
  terminal.type(keys.up)
  await terminal.until(/> +2 /)
  terminal.type(' c')
  await session.take('compare', {title: 'Two runs side by side', shown: /A: run 1[\s\S]*A → B/})
}
