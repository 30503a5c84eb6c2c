import type {PaneLine} from '../../draw/pane.js'
import {pane} from '../../draw/pane.js'
import type {Area} from '../../state/layout.js'
import type {Theme} from '../../theme.js'

/** The empty screen says what to press. */
export function welcomePane(busy: string | null, {width, height}: Area, theme: Theme): string[] {
  const text: PaneLine[] = [
    [['No nodes yet.', 'strong']],
    [],
    busy === null ? [['n', 'key'], '  launches an embedded master–slave pair on this machine'] : [[`${busy}…`, 'warn']],
    [],
    [
      ['Then: ', 'dim'],
      ['3', 'key'],
      [' set key1 0 0 3 on the master, get key1 on the slave', 'dim'],
    ],
    [
      ['      ', 'dim'],
      ['2', 'key'],
      [' put load on it', 'dim'],
    ],
    [
      ['      ', 'dim'],
      ['x', 'key'],
      [' kill a node, ', 'dim'],
      ['r', 'key'],
      [' bring it back', 'dim'],
    ],
    [
      ['      ', 'dim'],
      ['?', 'key'],
      [' every key', 'dim'],
    ],
  ]
  const above = Math.max(0, Math.floor((height - 2 - text.length) / 3))
  const indent = ' '.repeat(Math.max(0, Math.floor((width - 60) / 2)))
  const lines = [...Array.from({length: above}, () => []), ...text.map(line => [indent, ...(line as never[])])]
  return pane({title: ['Nodes'], lines, width, height, theme})
}
