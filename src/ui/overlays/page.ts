import {printable} from '../../protocol/printable.js'
import {cellWidth} from '../draw/cell-width.js'

/** A text that is being read: a report or a comparison. */
export interface Page {
  readonly title: string
  readonly lines: readonly string[]
  /** First line shown, of the lines wrapped at the width of the pane. */
  readonly from: number
}

export function pageOf(title: string, text: string): Page {
  return {title, lines: text.trimEnd().split('\n').map(printable), from: 0}
}

/** Scrolls by lines, within what there is at this width and height. */
export function scrollPage(page: Page, by: number, {width, height}: {width: number; height: number}): Page {
  const last = Math.max(0, wrapLines(page.lines, width).length - height)
  return {...page, from: Math.min(Math.max(0, Math.min(page.from, last) + by), last)}
}

/** Lines of at most `width` cells; what goes on stands below the text of its line, not below its label. */
export function wrapLines(lines: readonly string[], width: number): readonly string[] {
  return lines.flatMap(line => wrapLine(line, width))
}

function wrapLine(line: string, width: number): string[] {
  if (cellWidth(line) <= width || width <= 0) return [line]
  const label = /^\s*\S+(?: \S+)* {2,}/.exec(line)?.[0].length ?? 0
  const indent = ' '.repeat(label < width / 2 ? label : 2)
  const pieces: string[] = []
  let rest = line
  while (cellWidth(rest) > width) {
    // Reports hold characters of one cell each, so that cells may be counted as characters.
    const space = rest.lastIndexOf(' ', width)
    const end = space > indent.length ? space : width
    pieces.push(rest.slice(0, end).trimEnd())
    rest = indent + rest.slice(end).trimStart()
  }
  return [...pieces, rest]
}

/** Says what is wrong with a file of the history, and how to be rid of it. */
export function damagedFilePage({title, flaw, path}: {title: string; flaw: string; path: string}): Page {
  const text = [flaw, '', `file  ${path}`, '', 'd in the list of 5 Report deletes it. Nothing else depends on it.']
  return pageOf(`${title} cannot be read`, text.join('\n'))
}
