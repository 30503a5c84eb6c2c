import {keys, type Terminal} from './tui-terminal.js'

/** Marks a field of the form on the screen, looking at every step: the form may be longer than the screen. */
export async function markField(terminal: Terminal, name: string): Promise<void> {
  for (;;) {
    const text = await terminal.until(/│ > \S+/)
    const marked = /│ > (\S+)/.exec(text)?.[1]
    if (marked === name) return
    terminal.type(keys.tab)
    await terminal.until(shown => /│ > (\S+)/.exec(shown)?.[1] !== marked)
  }
}
