import {windowAround} from '../core/window-around.js'
import {type Area, innerRows} from '../draw/layout.js'
import {PANE_SIDES, type PaneLine, pane} from '../draw/pane.js'
import {clip, padTo, type Span, spansWidth, wrapWords} from '../draw/text.js'
import type {Theme} from '../draw/theme.js'
import type {FieldSpec} from '../ports/form-spec.js'
import {type FormState, markedField} from './form-state.js'

/** Below the fields: a rule, and these lines for what is marked and what all comes to. */
const HELP_ROWS = 3
const WIDTH_USUAL = 120
const HINT_ROWS_MOST = 2
const SUMMARY_SIGN = '= '
const VALUE_WIDTH = 24
const MARK_WIDTH = 2

interface Row {
  readonly heading?: string
  readonly index?: number
}

/** As large as the form with all its fields, where there is room within `area`. */
export function formArea({spec: {fields}}: FormState, {width, height}: Area): Area {
  const rows = rowsOf(fields).length + HELP_ROWS + 3
  // Every field says in full what it is for.
  const longest = Math.max(0, ...fields.map(({hint}) => hint.length))
  const wanted = MARK_WIDTH + labelWidthOf(fields) + VALUE_WIDTH + MARK_WIDTH + 1 + longest + PANE_SIDES
  return {width: Math.min(Math.max(WIDTH_USUAL, wanted), width), height: Math.min(rows, height)}
}

function labelWidthOf(fields: readonly FieldSpec[]): number {
  return Math.max(0, ...fields.map(({label}) => label.length)) + 2
}

/** The fields with what they come to, what is wrong beside it, and the marked one explained below. */
export function formPane(form: FormState, {width, height}: Area, theme: Theme): string[] {
  const {spec, marked, resolution} = form
  const inner = width - PANE_SIDES
  const rows = rowsOf(spec.fields)
  const at = rows.findIndex(({index}) => index === marked)
  const {first, shown} = windowAround(rows, at, innerRows(height) - HELP_ROWS - 1)
  const labelWidth = labelWidthOf(spec.fields)
  const lines = shown.map(row => rowLine(row, form, labelWidth))
  const faults = Object.keys(resolution.problems).length
  return pane({
    title: [[spec.title, 'strong']],
    corner: cornerSpans(faults, first, rows.length - first - shown.length),
    lines: [...lines, [['─'.repeat(inner), 'border']], ...helpLines(form, inner)],
    tone: 'focus',
    width,
    height,
    theme,
  })
}

function cornerSpans(faults: number, above: number, below: number): Span[] {
  const more: Span[] = above + below === 0 ? [] : [[`${above > 0 ? '↑' : ' '}${below > 0 ? '↓' : ' '}`, 'dim'], ' ']
  return faults === 0 ? [...more, ['✓', 'ok']] : [...more, [`✖ ${faults} to fix`, 'bad']]
}

/** Fields under the headings of their groups. */
function rowsOf(fields: readonly FieldSpec[]): Row[] {
  return fields.flatMap(({group}, index): Row[] => [...(group === undefined ? [] : [{heading: group}]), {index}])
}

function rowLine({heading, index}: Row, form: FormState, labelWidth: number): PaneLine {
  if (index === undefined) return [[heading ?? '', 'strong']]
  const {spec, marked, resolution} = form
  const field = spec.fields[index]!
  const isMarked = index === marked
  const problem = resolution.problems[field.name]
  return [
    [isMarked ? '> ' : '  ', isMarked ? 'key' : 'plain'],
    [padTo(field.label, labelWidth), isMarked ? 'strong' : 'plain'],
    ...padSpans(valueSpans(field, form, isMarked)),
    problem === undefined ? [` ${field.hint}`, 'dim'] : [` ✖ ${problem}`, 'bad'],
  ]
}

/** What was given is told from what is as it was by a star, not by colour alone. */
function valueSpans(field: FieldSpec, form: FormState, isMarked: boolean): Span[] {
  const {given, resolution, editor} = form
  const isGiven = field.name in given
  const star: Span = [isGiven ? '*' : ' ', 'warn']
  const value = given[field.name] ?? resolution.values[field.name] ?? ''
  if (field.choices !== undefined) {
    return isMarked
      ? [star, [`‹ ${value} ›`, 'selected']]
      : [star, [clip(value, VALUE_WIDTH), isGiven ? 'accent' : 'plain']]
  }
  if (!isMarked) return [star, [clip(value, VALUE_WIDTH), isGiven ? 'accent' : 'plain']]
  return [star, ...editedSpans(editor.characters, editor.cursor)]
}

/** A text with its cursor, the part around which is kept in sight. */
function editedSpans(characters: readonly string[], cursor: number): Span[] {
  const room = VALUE_WIDTH - 1
  const from = Math.max(0, Math.min(cursor - room + 1, characters.length - room))
  const shown = characters.slice(from, from + room)
  return [
    [shown.slice(0, cursor - from).join(''), 'accent'],
    [shown[cursor - from] ?? ' ', 'selected'],
    [shown.slice(cursor - from + 1).join(''), 'accent'],
  ]
}

function padSpans(spans: readonly Span[]): Span[] {
  return [...spans, ' '.repeat(Math.max(0, VALUE_WIDTH + MARK_WIDTH - spansWidth(spans)))]
}

/** In full what may be cut beside the field. */
function helpLines(form: FormState, width: number): PaneLine[] {
  const field = markedField(form)
  const problem = field === undefined ? undefined : form.resolution.problems[field.name]
  const tone = problem === undefined ? 'dim' : 'bad'
  const lines = wrapWords(problem ?? field?.hint ?? '', width).map((text): PaneLine => [[text, tone]])
  const {summary} = form.resolution
  if (problem !== undefined || summary === undefined) return lines
  const hint = lines.slice(0, HINT_ROWS_MOST)
  return [...hint, ...summaryLines(summary, {width, rows: HELP_ROWS - hint.length})]
}

/** The last line takes what is left, and is cut where that is too much. */
function summaryLines(summary: string, {width, rows}: {width: number; rows: number}): PaneLine[] {
  const lines = wrapWords(summary, width - SUMMARY_SIGN.length)
  const shown = [...lines.slice(0, rows - 1), lines.slice(rows - 1).join(' ')].filter(line => line !== '')
  return shown.map((line, index): PaneLine => {
    return [[index === 0 ? SUMMARY_SIGN : ' '.repeat(SUMMARY_SIGN.length), 'dim'], line]
  })
}
