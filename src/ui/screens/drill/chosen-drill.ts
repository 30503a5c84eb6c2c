import type {FormValues} from '../../components/form/form-spec.js'
import type {PaneLine} from '../../draw/pane.js'
import {wrapWords} from '../../draw/text.js'
import {budgetsOfForm, type DrillSummary, type PastDrill} from '../../drill-port.js'
import {verdictTones} from '../../state/verdict-lines.js'

const LABEL_WIDTH = 12

interface ChosenDrill {
  readonly past: readonly PastDrill[] | null
  readonly given: FormValues
  readonly width: number
}

export function isEdited(given: FormValues | undefined): boolean {
  return given !== undefined && Object.keys(given).length > 0
}

/** What the chosen drill does, what it is judged by, how it went last time, and how to run it. */
export function chosenDrillLines({name, summary, form}: DrillSummary, options: ChosenDrill): PaneLine[] {
  const {past, given, width} = options
  const {values, summary: command = ''} = form.resolve(given)
  return [
    [[summary, 'strong']],
    ...labelled('budgets', budgetsOfForm(values).join('  '), width),
    ...labelled('as command', command, width),
    lastLine(past?.find(({drill}) => drill === name)),
    [
      ['enter', 'key'],
      ` runs ${name} on a pair launched for it   `,
      ['e', 'key'],
      ' options and budgets   ',
      ['h', 'key'],
      ' history',
    ],
  ]
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
