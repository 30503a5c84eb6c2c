import type {IBuffer, IBufferCell} from '@xterm/headless'

/** Sizes of DejaVu Sans Mono, with which frames join without gaps. */
const FONT_SIZE = 14
const CELL_WIDTH = FONT_SIZE * 0.602
const CELL_HEIGHT = FONT_SIZE * 1.164
const BASELINE = FONT_SIZE * 0.928
const PADDING = 10

const foreground = '#d5d9e0'
const background = '#12161d'
/** The 16 colours of a terminal. */
const palette = [
  ...['#1d222b', '#e5534b', '#57ab5a', '#c69026', '#539bf5', '#b083f0', '#39c5cf', '#adbac7'],
  ...['#768390', '#ff7b72', '#6bc46d', '#daaa3f', '#6cb6ff', '#dcbdfb', '#56d4dd', '#ffffff'],
] as const

interface Style {
  readonly fill: string
  readonly back: string
  readonly bold: boolean
}

/** Neighbouring cells of one look. */
interface Run extends Style {
  readonly column: number
  readonly cells: number
  readonly text: string
}

/** What a terminal shows, as a picture. */
export function terminalSvg(
  buffer: IBuffer,
  {columns, rows, title}: {columns: number; rows: number; title: string},
): string {
  const width = number(columns * CELL_WIDTH + 2 * PADDING)
  const height = number(rows * CELL_HEIGHT + 2 * PADDING)
  const lines = Array.from({length: rows}, (_, row) =>
    runsOf(buffer, row, columns)
      .map(run => runSvg(run, row))
      .join(''),
  )
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="100%" height="100%" rx="6" fill="${background}"/>`,
    `<g font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="${FONT_SIZE}" xml:space="preserve">`,
    ...lines.filter(line => line !== ''),
    '</g>',
    '</svg>',
    '',
  ].join('\n')
}

function runsOf(buffer: IBuffer, row: number, columns: number): Run[] {
  const line = buffer.getLine(buffer.viewportY + row)
  const runs: Run[] = []
  for (let column = 0; column < columns; column += 1) {
    const cell = line?.getCell(column)
    if (cell === undefined) break
    // The second half of a wide character.
    if (cell.getWidth() === 0) continue
    const style = styleOf(cell)
    const text = cell.getChars() || ' '
    const last = runs.at(-1)
    if (last !== undefined && sameStyle(last, style) && last.column + last.cells === column) {
      runs[runs.length - 1] = {...last, cells: last.cells + cell.getWidth(), text: last.text + text}
    } else {
      runs.push({...style, column, cells: cell.getWidth(), text})
    }
  }
  return runs
}

function styleOf(cell: IBufferCell): Style {
  const fill = cell.isFgPalette() ? (palette[cell.getFgColor()] ?? foreground) : foreground
  const back = cell.isBgPalette() ? (palette[cell.getBgColor()] ?? background) : background
  const bold = cell.isBold() !== 0
  return cell.isInverse() === 0 ? {fill, back, bold} : {fill: back, back: fill, bold}
}

function sameStyle(a: Style, b: Style): boolean {
  return a.fill === b.fill && a.back === b.back && a.bold === b.bold
}

function runSvg({column, cells, text, fill, back, bold}: Run, row: number): string {
  const x = number(PADDING + column * CELL_WIDTH)
  const y = PADDING + row * CELL_HEIGHT
  const width = number(cells * CELL_WIDTH)
  const box =
    back === background
      ? ''
      : `<rect x="${x}" y="${number(y)}" width="${width}" height="${number(CELL_HEIGHT)}" fill="${back}"/>`
  if (text.trim() === '') return box
  const weight = bold ? ' font-weight="bold"' : ''
  const trimmed = text.trimEnd()
  const length = number((cells - (text.length - trimmed.length)) * CELL_WIDTH)
  // Whatever font the reader has, columns stay below each other.
  const fit = `textLength="${length}" lengthAdjust="spacingAndGlyphs"`
  return `${box}<text x="${x}" y="${number(y + BASELINE)}" fill="${fill}"${weight} ${fit}>${escaped(trimmed)}</text>`
}

function number(value: number): string {
  return String(Math.round(value * 100) / 100)
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
