import {type Area, innerRows} from '../draw/layout.js'
import {PANE_SIDES, type PaneLine, pane} from '../draw/pane.js'
import type {Span} from '../draw/text.js'
import type {Theme, Tone} from '../draw/theme.js'
import {type Page, wrapLines} from './page.js'

const tones: readonly (readonly [pattern: RegExp, tone: Tone])[] = [
  [/^(verdict|assertion) +fail\b/, 'bad'],
  [/^(verdict|assertion) +unknown\b/, 'warn'],
  [/^(verdict|assertion) +pass\b/, 'ok'],
  [/^(problem|what to do) /, 'warn'],
]

/** A text with as much of it as fits, and how much more there is. */
export function pagePane(page: Page, {width, height}: Area, theme: Theme, corner: readonly Span[] = []): string[] {
  const lines = wrapLines(page.lines, width - PANE_SIDES)
  const rows = innerRows(height)
  const from = Math.max(0, Math.min(page.from, lines.length - rows))
  const more = lines.length - from - rows
  return pane({
    title: [[page.title, 'strong']],
    corner: more > 0 ? [[`${more} more lines: j`, 'warn']] : corner,
    lines: lines.slice(from, from + rows).map(lineOf),
    width,
    height,
    theme,
  })
}

function lineOf(text: string): PaneLine {
  const tone = tones.find(([pattern]) => pattern.test(text))?.[1]
  return tone === undefined ? [text] : [[text, tone]]
}
