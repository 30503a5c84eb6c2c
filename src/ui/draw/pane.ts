import {paint, type Span, spansWidth} from './text.js'
import type {Theme, Tone} from './theme.js'

/** One line inside a pane; `right` sticks to the right edge. */
export type PaneLine = readonly Span[] | {readonly left: readonly Span[]; readonly right: readonly Span[]} | PaintedLine

/** A line that is already painted at the pane's inner width. */
interface PaintedLine {
  readonly painted: string
}

export interface PaneOptions {
  readonly title: readonly Span[]
  /** At the right end of the top border. */
  readonly corner?: readonly Span[]
  readonly lines: readonly PaneLine[]
  readonly width: number
  readonly height: number
  readonly theme: Theme
  readonly tone?: Tone
  /** Index of the line that has a `>` before it. */
  readonly marked?: number
}

/** Cells that a pane's two borders and their padding take from its width. */
export const PANE_SIDES = 4

/** A frame of exactly width × height cells around lines, which are cut or padded to fit. */
export function pane(options: PaneOptions): string[] {
  const {title, corner = [], lines, width, height, theme, tone = 'border', marked} = options
  if (height < 2 || width < PANE_SIDES) return Array.from({length: Math.max(0, height)}, () => ' '.repeat(width))
  const edge = theme[tone]
  const inner = width - PANE_SIDES
  const side = edge('│')
  const body = Array.from({length: height - 2}, (_, row) => {
    const line = lines[row] ?? []
    return `${side}${row === marked ? theme.key('>') : ' '}${paintLine(line, inner, theme)} ${side}`
  })
  return [topBorder({title, corner, width, theme, tone}), ...body, edge(`└${'─'.repeat(width - 2)}┘`)]
}

function topBorder({
  title,
  corner,
  width,
  theme,
  tone,
}: Required<Pick<PaneOptions, 'title' | 'corner' | 'width' | 'theme' | 'tone'>>): string {
  const edge = theme[tone]
  const room = width - 4
  const titleWidth = Math.min(spansWidth(title) === 0 ? 0 : spansWidth(title) + 2, room)
  const wanted = spansWidth(corner) === 0 ? 0 : spansWidth(corner) + 2
  // The corner gives way to the title as a whole: half a word there would mislead.
  const cornerWidth = titleWidth + wanted + 1 <= room ? wanted : 0
  const rule = edge('─'.repeat(room - titleWidth - cornerWidth))
  const head = titleWidth === 0 ? '' : paint([' ', ...title, ' '], titleWidth, theme)
  const tail = cornerWidth === 0 ? '' : paint([' ', ...corner, ' '], cornerWidth, theme)
  return edge('┌─') + head + rule + tail + edge('─┐')
}

function paintLine(line: PaneLine, width: number, theme: Theme): string {
  if ('painted' in line) return line.painted
  if ('left' in line) {
    const rightWidth = Math.min(width, spansWidth(line.right))
    return paint(line.left, width - rightWidth, theme) + paint(line.right, rightWidth, theme)
  }
  return paint(line, width, theme)
}
