import {type Area, innerRows} from '../../../draw/layout.js'
import {type PaneLine, pane} from '../../../draw/pane.js'
import type {Theme} from '../../../draw/theme.js'

declare module '../../../core/part-types.js' {
  interface OverlayStates {
    slabs: SlabsView
  }
}

/** The slab classes of a node, read once a second. */
export interface SlabsView {
  readonly kind: 'slabs'
  readonly node: string
  /** memcached-tool's table; null: not read yet. */
  readonly lines: readonly string[] | null
  /** First row shown. */
  readonly from: number
}

/** The slab classes of a node: where its memory is, what is full, what is thrown out. */
export function slabsPane({node, lines, from}: SlabsView, {width, height}: Area, theme: Theme): string[] {
  const [heading = '', ...rows] = lines ?? []
  const table: PaneLine[] = [
    [[heading, 'key']],
    ...rows.slice(from, from + innerRows(height) - 1).map((line): PaneLine => {
      // Full and evicting, or out of memory: these are the rows that one looks for.
      const [, full = '', evicted = '0', oom = '0'] = /(yes|no) +(\d+) +\d+ +(\d+)$/.exec(line) ?? []
      return [[line, oom !== '0' ? 'bad' : evicted !== '0' ? 'warn' : full === 'yes' ? 'strong' : 'plain']]
    }),
  ]
  const empty: PaneLine = [[lines === null ? 'reading stats items and stats slabs …' : 'it holds nothing yet', 'dim']]
  return pane({
    title: [
      ['Slab classes of ', 'plain'],
      [node, 'strong'],
    ],
    corner: [['read once a second', 'dim']],
    lines: rows.length > 0 ? table : heading === '' || (lines?.length === 1 && /^ *#/.test(heading)) ? [empty] : table,
    tone: 'focus',
    width,
    height,
    theme,
  })
}
