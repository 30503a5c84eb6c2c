import {PANE_SIDES, type PaneLine, pane} from '../draw/pane.js'
import {wrapWords} from '../draw/text.js'
import {type Area, innerRows} from '../state/layout.js'
import type {LaunchMenu} from '../state/overlay.js'
import type {Session} from '../state/session.js'
import type {Theme} from '../theme.js'

const SUMMARY_ROWS = 2

/** What can be launched. */
export function launchPane(
  {marked}: LaunchMenu,
  {session: {topologies}, area: {width, height}}: {session: Session; area: Area},
  theme: Theme,
): string[] {
  const nameWidth = Math.max(0, ...topologies.map(({name}) => name.length))
  const rows = Math.max(1, innerRows(height) - SUMMARY_ROWS - 1)
  const first = Math.max(0, Math.min(marked - rows + 1, topologies.length - rows))
  const list = topologies.slice(first, first + rows).map(({name, summary}, index): PaneLine => {
    const isMarked = first + index === marked
    return [
      [`${isMarked ? '>' : ' '} ${name.padEnd(nameWidth)}`, isMarked ? 'selected' : 'strong'],
      ['  ', 'plain'],
      [summary, 'dim'],
    ]
  })
  // Again in full: in the list it may be cut.
  const summary = wrapWords(topologies[marked]?.summary ?? '', width - PANE_SIDES).map((line): PaneLine => [line])
  return pane({title: [['Launch', 'strong']], lines: [...list, [], ...summary], tone: 'focus', width, height, theme})
}
