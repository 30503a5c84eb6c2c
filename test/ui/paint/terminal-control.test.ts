import {expect, test} from 'vitest'
import {TerminalControl} from '../../../src/ui/paint/terminal-control.js'

function copied(text: string, keep?: 'start' | 'end') {
  const written: string[] = []
  const stdout = {write: (bytes: string) => written.push(bytes) > 0} as Pick<NodeJS.WriteStream, 'write'>
  const terminal = new TerminalControl({stdout, painter: {hold: () => () => {}}, stopProcess: async () => true})
  const said = terminal.copy({text, what: 'it', ...(keep === undefined ? {} : {keep})})
  const clipboard = written.join('').slice('\u001B]52;c;'.length, -1)
  return {said, clipboard: Buffer.from(clipboard, 'base64').toString()}
}

test('a text that is too long for the clipboard of a terminal is cut where it matters less', () => {
  const text = `${'a'.repeat(72_000)}${'b'.repeat(72_000)}`
  expect(copied('ab')).toMatchObject({clipboard: 'ab', said: expect.stringMatching(/^Copied it by/)})
  expect(copied(text)).toMatchObject({clipboard: 'a'.repeat(72_000), said: expect.stringContaining('the first 72 KB')})
  expect(copied(text, 'end')).toMatchObject({
    clipboard: 'b'.repeat(72_000),
    said: expect.stringContaining('the last 72 KB'),
  })
})
