import type {Area} from '../../../draw/layout.js'
import type {PaneLine} from '../../../draw/pane.js'
import {pane} from '../../../draw/pane.js'
import type {Theme} from '../../../draw/theme.js'

/** The empty screen says what to press. */
export function welcomePane(
  {activity, readonly}: {activity: string | null; readonly: boolean},
  {width, height}: Area,
  theme: Theme,
): string[] {
  const text = readonly ? lookingLines : linesToLaunch(activity)
  const above = Math.max(0, Math.floor((height - 2 - text.length) / 3))
  const indent = ' '.repeat(Math.max(0, Math.floor((width - 60) / 2)))
  const lines = [...Array.from({length: above}, () => []), ...text.map(line => [indent, ...(line as never[])])]
  return pane({title: ['Nodes'], lines, width, height, theme})
}

const launchLines: readonly PaneLine[] = [
  [['n', 'key'], '  launches an embedded master–slave pair on this machine'],
  [['N', 'key'], '  launches other nodes: repcached, memcached, mixed pairs'],
]

const lookingLines: readonly PaneLine[] = [
  [['No nodes.', 'strong']],
  [],
  ['With --readonly nothing is launched. Name running servers:'],
  [],
  [['repbench --readonly --server HOST:PORT --server HOST:PORT', 'accent']],
]

function linesToLaunch(activity: string | null): readonly PaneLine[] {
  return [
    [['No nodes yet.', 'strong']],
    [],
    ...(activity === null ? launchLines : [[[`${activity}…`, 'warn'] as const]]),
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
}
