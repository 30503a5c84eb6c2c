import type {Area} from '../../../draw/layout.js'
import {PANE_SIDES, type PaneLine, pane} from '../../../draw/pane.js'
import {wrapWords} from '../../../draw/text.js'
import type {Theme} from '../../../draw/theme.js'
import type {NodeView} from '../../../node-view/node-view.js'
import {nodeText} from '../state/node-text.js'

const LABEL_WIDTH = 13

/** Everything that is known of the selected node. */
export function fullDetailsPane(
  node: NodeView | undefined,
  nowMs: number,
  {width, height}: Area,
  theme: Theme,
): string[] {
  const lines =
    node === undefined
      ? [[['no node is selected', 'dim']] as PaneLine]
      : nodeText(node, nowMs).flatMap(([label, value]) =>
          wrapWords(value, width - PANE_SIDES - LABEL_WIDTH).map(
            (line, index): PaneLine => [[(index === 0 ? label : '').padEnd(LABEL_WIDTH), 'key'], line],
          ),
        )
  return pane({
    title: node === undefined ? ['Details'] : ['Details of ', [node.name, 'strong']],
    corner: [
      ['esc', 'key'],
      [' back  ', 'dim'],
      ['y', 'key'],
      [' copy  ', 'dim'],
      ['j k', 'key'],
      [' other node', 'dim'],
    ],
    lines,
    tone: 'focus',
    width,
    height,
    theme,
  })
}
