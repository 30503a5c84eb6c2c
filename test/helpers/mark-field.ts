import {keys, type Terminal} from './tui-terminal.js'

/** Marks a field of the form on the screen, looking at every step: the form may be longer than the screen. */
export async function markField(terminal: Terminal, name: string): Promise<void> {
  for (;;) {
    const text = await terminal.until(/│ > \S+/)
    if (/│ > (\S+)/.exec(text)?.[1] === name) return
    const before = aroundMark(text)
    terminal.type(keys.tab)
    await terminal.until(shown => aroundMark(shown) !== before)
  }
}

/** Types a text into a field of the form on the screen, instead of what stands there. */
export async function fillField(terminal: Terminal, name: string, text: string): Promise<void> {
  await markField(terminal, name)
  terminal.type(`${keys.ctrl('u')}${text}`)
  await terminal.until(shown => shown.replaceAll(/ +/g, ' ').includes(`> ${name} *${text} `))
}

/** Where the mark is, with the fields beside it: several may have the same label. */
function aroundMark(text: string): string {
  const lines = text.split('\n')
  const at = lines.findIndex(line => line.includes('│ > '))
  return `${at}\n${lines.slice(at - 1, at + 2).join('\n')}`
}
