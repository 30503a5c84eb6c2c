import type {PaneLine} from '../../../draw/pane.js'
import {type Span, wrapWords} from '../../../draw/text.js'
import {assertionsOfForm, type DrillSummary, type PastDrill} from '../../../ports/drill-port.js'
import type {FormSpec, FormValues} from '../../../ports/form-spec.js'
import {verdictTones} from '../../../run-view/verdict-lines.js'
import {NEW_PAIR, ON_FIELD} from '../state/drill-form.js'

const LABEL_WIDTH = 12

interface ChosenDrill {
  /** Its form as it is here. */
  readonly form: FormSpec
  readonly past: readonly PastDrill[] | null
  readonly given: FormValues
  /** No drill is run. */
  readonly readonly: boolean
  readonly width: number
}

export function isEdited(given: FormValues | undefined): boolean {
  return given !== undefined && Object.keys(given).length > 0
}

/** What the chosen drill does, what it is judged by, how it went last time, and how to run it. */
export function chosenDrillLines({name, summary}: DrillSummary, options: ChosenDrill): PaneLine[] {
  const {form, past, given, readonly, width} = options
  const {values, summary: command = ''} = form.resolve(given)
  return [
    ...wrapWords(summary, width).map((line): PaneLine => [[line, 'strong']]),
    ...labelled('assertions', assertionsOfForm(values).join('  '), width),
    ...labelled('as command', command, width),
    lastLine(past?.find(({drill}) => drill === name)),
    keysLine(name, {on: values[ON_FIELD] ?? NEW_PAIR, readonly}),
  ]
}

function keysLine(name: string, {on, readonly}: {on: string; readonly: boolean}): PaneLine {
  const history: Span[] = [['h', 'key'], ' history']
  if (readonly) return [['--readonly: no drill is run   ', 'warn'], ...history]
  const pair = on === NEW_PAIR ? 'a pair of its own' : on
  return [['enter', 'key'], ` runs ${name} on ${pair}  `, ['e', 'key'], ' options  ', ...history]
}

function lastLine(last: PastDrill | undefined): PaneLine {
  const label = ['last time'.padEnd(LABEL_WIDTH), 'dim'] as const
  if (last === undefined) return [label, 'never']
  return [label, [last.verdict, verdictTones[last.verdict]], `  ${last.startedAt.slice(0, 19).replace('T', ' ')} UTC`]
}

function labelled(label: string, text: string, width: number): PaneLine[] {
  return wrapWords(text, width - LABEL_WIDTH).map((line, index): PaneLine => {
    return [[(index === 0 ? label : '').padEnd(LABEL_WIDTH), 'dim'], line]
  })
}
