import {expect, it} from 'vitest'
import {splitShellWords} from '../../../src/cli/options/shell-words.js'

it.each([
  ['', []],
  ['  -vv   -I 2m ', ['-vv', '-I', '2m']],
  [`-D '|' -o "a b"`, ['-D', '|', '-o', 'a b']],
  [`--x='a b'"c d"\\ e`, ['--x=a bc d e']],
  [`'' ""`, ['', '']],
  [`"a \\"b\\" \\$c \\n" 'd\\e'`, ['a "b" $c \\n', 'd\\e']],
  ['$HOME *.c a|b ~', ['$HOME', '*.c', 'a|b', '~']],
])('splits %j', (line, words) => expect(splitShellWords(line)).toEqual(words))

it.each([`'a`, `a"b`, `a\\`])('refuses %j', line => {
  expect(() => splitShellWords(line)).toThrow(`Expected every quote to be closed, got '${line}'`)
})
